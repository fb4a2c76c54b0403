# ray_merge_archives(target output TARGETS libs... PKG_CONFIG packages...) makes one static archive
# of static libraries of ours and of the packages' own static archives, all that they need included.
include_guard()
find_package(PkgConfig REQUIRED)
find_program(RAY_AR NAMES llvm-ar-19 llvm-ar REQUIRED)

function(ray_merge_archives target output)
  cmake_parse_arguments(ARG "" "" "TARGETS;PKG_CONFIG" ${ARGN})
  pkg_check_modules(${target}_packages REQUIRED QUIET ${ARG_PKG_CONFIG})
  set(script "create ${output}\n")
  foreach(library ${ARG_TARGETS})
    string(APPEND script "addlib $<TARGET_FILE:${library}>\n")
  endforeach()
  foreach(name ${${target}_packages_STATIC_LIBRARIES})
    find_library(${name}_archive lib${name}.a)
    if(${name}_archive)
      string(APPEND script "addlib ${${name}_archive}\n")
    endif()
  endforeach()
  string(APPEND script "save\nend\n")
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${target}.mri CONTENT "${script}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${output}
    COMMAND ${RAY_AR} -M < ${CMAKE_CURRENT_BINARY_DIR}/${target}.mri
    DEPENDS ${ARG_TARGETS} ${CMAKE_CURRENT_BINARY_DIR}/${target}.mri
    COMMENT "Merging ${output}")
  add_custom_target(${target} DEPENDS ${output})
endfunction()
