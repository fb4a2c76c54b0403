# Programs that are compiled by the ray-cc of this build, as a user would compile them.
include_guard(GLOBAL)

# Everything that ray-cc, or what it builds, needs to work: `ninja ray_sdk` makes it.
add_custom_target(ray_sdk)
foreach(target ray-cc rayd rayctl ray_runtime)
  if(TARGET ${target})
    add_dependencies(ray_sdk ${target})
  endif()
endforeach()

# What every program is compiled with, as those of the build are.
function(ray_program_flags variable)
  set(flags -std=c++20 -O2 -g -Wall -Wextra)
  if(RAY_SANITIZE)
    list(APPEND flags -fsanitize=${RAY_SANITIZE} -fno-omit-frame-pointer)
  endif()
  set(${variable} ${flags} PARENT_SCOPE)
endfunction()

# ray_program(pi SOURCE pi.cc OUTPUT_DIRECTORY dir [OPTIONS -DX] [LINK -lpng]) compiles and links one
# program; a change in it, in a header that it includes, in ray-cc or in the runtime makes it again.
function(ray_program name)
  cmake_parse_arguments(ARG "" "SOURCE;OUTPUT_DIRECTORY" "OPTIONS;LINK" ${ARGN})
  set(output ${ARG_OUTPUT_DIRECTORY}/${name})
  # Absolute: a relative name in the dependency file would be taken as one in the build folder.
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SOURCE})
  ray_program_flags(flags)
  get_property(files GLOBAL PROPERTY RAY_SDK_FILES)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${ARG_OUTPUT_DIRECTORY}
    COMMAND $<TARGET_FILE:ray-cc> ${flags} ${ARG_OPTIONS} ${source} -o ${output} -MD -MT ${output}
            -MF ${output}.d ${ARG_LINK}
    DEPENDS ${source} ray-cc ray_sdk ${files}
    DEPFILE ${output}.d
    COMMENT "ray-cc ${name}"
    VERBATIM)
  add_custom_target(${name}_program ALL DEPENDS ${output})
  # Never built: it puts the file into compile_commands.json, for editors.
  add_library(${name}_source OBJECT EXCLUDE_FROM_ALL ${source})
  set(definitions ${ARG_OPTIONS})
  list(FILTER definitions INCLUDE REGEX "^-D")  # editors know no -Wray
  target_compile_options(${name}_source PRIVATE ${definitions})
  target_link_libraries(${name}_source PRIVATE ray_stdlib)
endfunction()

# ray_workflow(flow SOURCE flow.ray STEPS steps.cc OUTPUT_DIRECTORY dir) links the program that a
# workflow file is with the functions that it calls.
function(ray_workflow name)
  cmake_parse_arguments(ARG "" "SOURCE;STEPS;OUTPUT_DIRECTORY" "" ${ARGN})
  set(output ${ARG_OUTPUT_DIRECTORY}/${name})
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SOURCE})
  set(steps ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_STEPS})
  ray_program_flags(flags)
  get_property(files GLOBAL PROPERTY RAY_SDK_FILES)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${ARG_OUTPUT_DIRECTORY}
    COMMAND $<TARGET_FILE:ray-cc> ${flags} -c ${steps} -o ${output}.o -MD -MT ${output}
            -MF ${output}.d
    COMMAND $<TARGET_FILE:ray-cc> ${flags} ${source} ${output}.o -o ${output}
    DEPENDS ${source} ${steps} ray-cc ray_sdk ${files}
    DEPFILE ${output}.d
    COMMENT "ray-cc ${name}"
    VERBATIM)
  add_custom_target(${name}_program ALL DEPENDS ${output})
endfunction()
