// A pragma, or a macro that writes a declaration, may be the last thing in a file.
// RUN: %ray-cc -fsyntax-only -Werror %s
// RUN: %ray-cc -fsyntax-only -Werror -DMACRO %s
#include <ray/ray.h>

#pragma pack(push, 4)
struct Packed { int x; };
[[ray::remote]] Packed pack(int x) { return {x}; }
#ifdef MACRO
#pragma pack(pop)
#define MAIN() int main() { return ray::get(pack.remote(1)).x; }
MAIN()
#else
int main() { return ray::get(pack.remote(1)).x; }
#pragma pack(pop)
#endif
