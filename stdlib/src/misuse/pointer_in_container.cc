// Must not compile; the error names the pointer's type.
#include <ray/ray.h>

#include <map>
#include <string>

void store(const std::map<std::string, int*>& counters) { ray::put(counters); }
