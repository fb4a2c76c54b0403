// run_program is the main of every program that ray-cc links: it alone reads the environment, and
// composes from it what this process is.
//
//   RAY_ZYGOTE=<fd>  a zygote: forks workers on request of the raylet behind that socket
//   RAY_WORKER=<fd>  one worker of a program that cannot be forked
//   otherwise        the user's program; ray::init() starts or joins a cluster, as RAY_ADDRESS,
//                    RAY_ENGINE, RAY_DAEMON (path of rayd) and XDG_RUNTIME_DIR say
#pragma once

namespace ray::main {

using UserMain = int(int argc, char** argv, char** environment);

int run_program(int argc, char** argv, char** environment, UserMain* user_main);

}  // namespace ray::main
