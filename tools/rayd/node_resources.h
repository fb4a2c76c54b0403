// machine_resources says what this machine offers where nobody says otherwise: the CPUs that may be
// used, the NVIDIA GPUs, the memory that is available, in bytes.
#pragma once

#include <map>
#include <string>

namespace ray::rayd {

std::map<std::string, double> machine_resources();

}  // namespace ray::rayd
