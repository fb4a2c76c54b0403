// Must not compile: the body would read an int's bytes as a double.
#include <ray/ray.h>

double half(double number) { return number / 2; }

void call(ray::ObjectRef<int> number) { ray::task(half).remote(number); }
