# find_package(ray-cc) for a project that another compiler builds. It gives
#
#   ray_add_executable(app main.cc tasks.cc)      what add_executable and
#   ray_add_library(tasks STATIC tasks.cc)        add_library do, with ray-cc in the compiler's place
#   ray_compile_target(app)                       the same for a target that exists
#
# Other targets stay with the project's own compiler: objects of both link with each other. What links
# an executable with remote functions has to be one of ours. Needs CMake 3.21.
#
#   ray::local       for a program that any compiler builds with ray::task(f).remote(...): the library,
#                    and the engine that runs tasks in the program itself
#
#   ray-cc_EXECUTABLE, ray-cc_INCLUDE_DIR, ray-cc_LIBRARY_DIR
get_filename_component(ray-cc_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." REALPATH)
set(ray-cc_EXECUTABLE "${ray-cc_PREFIX}/bin/ray-cc")
set(ray-cc_INCLUDE_DIR "${ray-cc_PREFIX}/include")
set(ray-cc_LIBRARY_DIR "${ray-cc_PREFIX}/lib")

function(ray_compile_target target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  # ray-cc knows where the header is; what reads compile_commands.json does not. CMake leaves out folders
  # that its compiler knows, but no options.
  get_filename_component(compiler "${CMAKE_CXX_COMPILER}" REALPATH)
  if(compiler STREQUAL ray-cc_EXECUTABLE)
    target_compile_options(${target} PRIVATE "SHELL:-isystem \"${ray-cc_INCLUDE_DIR}\"")
    return()
  endif()
  target_include_directories(${target} SYSTEM PRIVATE "${ray-cc_INCLUDE_DIR}")
  # A launcher that is there, as ccache, is told to launch ray-cc.
  get_target_property(launcher ${target} CXX_COMPILER_LAUNCHER)
  if(launcher MATCHES "ccache[^/]*$")
    set(compile "${CMAKE_COMMAND}" -E env "CCACHE_COMPILER=${ray-cc_EXECUTABLE}" ${launcher})
  else()
    set(compile "${ray-cc_EXECUTABLE}" --instead-of)
  endif()
  set_target_properties(${target} PROPERTIES
    CXX_COMPILER_LAUNCHER "${compile}"
    CXX_LINKER_LAUNCHER "${ray-cc_EXECUTABLE};--instead-of"
    DISABLE_PRECOMPILE_HEADERS ON)  # those of another compiler
endfunction()

function(ray_add_executable target)
  add_executable(${target} ${ARGN})
  ray_compile_target(${target})
endfunction()

function(ray_add_library target)
  add_library(${target} ${ARGN})
  ray_compile_target(${target})
endfunction()

if(NOT TARGET ray::local)
  find_package(Threads REQUIRED)
  add_library(ray::local INTERFACE IMPORTED)
  set_target_properties(ray::local PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${ray-cc_INCLUDE_DIR}"
    INTERFACE_COMPILE_FEATURES cxx_std_20
    INTERFACE_LINK_LIBRARIES
      "${ray-cc_LIBRARY_DIR}/ray_local.o;${ray-cc_LIBRARY_DIR}/libray.a;Threads::Threads;dl;rt")
endif()
