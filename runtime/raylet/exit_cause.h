// describe_exit says how a process ended: "exited with status 3", "killed by signal 9 (Killed)".
#pragma once

#include <string>

namespace ray::raylet {

std::string describe_exit(int wait_status);  // as waitpid(2) gives it

}  // namespace ray::raylet
