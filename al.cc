#include <ray/ray.h>
namespace n { [[ray::remote]] int a(int x) {return x;} }
namespace m = n;
int main() { return ray::get(m::a.remote(1)); }
