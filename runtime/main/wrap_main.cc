// The object that every program is linked with first: `-Wl,--wrap=main` sends the C start-up code
// here, and here the process becomes what it was started as: the user's program, or a worker of it.
#include "runtime/main/program.h"

extern "C" int __real_main(int argc, char** argv, char** environment);

extern "C" int __wrap_main(int argc, char** argv, char** environment) {
  return ray::main::run_program(argc, argv, environment, &__real_main);
}
