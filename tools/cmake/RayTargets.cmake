# The helpers every directory builds with: one kind of library, one kind of test.
include_guard()

find_package(Threads REQUIRED)
find_package(absl CONFIG REQUIRED)
if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  find_package(GTest CONFIG REQUIRED)
endif()

set(RAY_WARNINGS -Wall -Wextra -Wno-unused-parameter)

# Instruments a target when RAY_SANITIZE names sanitizers. The compiler stays uninstrumented: it
# links LLVM's own libraries, which are not.
function(ray_sanitize target)
  if(RAY_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${RAY_SANITIZE} -fno-omit-frame-pointer -O1 -g1)
    target_link_options(${target} PUBLIC -fsanitize=${RAY_SANITIZE})
  endif()
endfunction()

# ray_runtime_library(base SOURCES a.cc b.cc DEPS absl::status) makes the static library ray_base
# of runtime/base. Includes are written from the project's root: "runtime/base/clock.h".
function(ray_runtime_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(ray_${name} STATIC ${ARG_SOURCES})
  target_include_directories(ray_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(ray_${name} PRIVATE ${RAY_WARNINGS})
  target_link_libraries(ray_${name} PUBLIC ${ARG_DEPS} Threads::Threads)
  ray_sanitize(ray_${name})
endfunction()

# ray_unit_test(ring_test SOURCES ring_test.cc DEPS ray_ipc) adds a GoogleTest binary to CTest.
function(ray_unit_test name)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test)
  target_compile_options(${name} PRIVATE ${RAY_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  ray_sanitize(${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120)
endfunction()
