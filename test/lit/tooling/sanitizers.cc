// A sanitizer's report on a remote body names the user's function, line and column.
// UNSUPPORTED: sanitized
// RUN: %ray-cc -g -O1 -fsanitize=undefined -fno-sanitize-recover=all %s -o %t.undefined
// RUN: env RAY_ENGINE=local not %t.undefined 2>&1 | FileCheck %s --check-prefix=UNDEFINED
// RUN: %ray-cc -g -O1 -fsanitize=address %s -o %t.address
// RUN: env RAY_ENGINE=local ASAN_OPTIONS=detect_leaks=0 not %t.address 2>&1 | FileCheck %s --check-prefix=ADDRESS
#include <ray/ray.h>

#include <climits>
#include <memory>
#include <vector>

[[ray::remote(num_cpus = 0.5)]]
int next(int x) {
  return x + 1;
}
[[ray::remote]] int read(int index) {
  auto numbers = std::make_unique<int[]>(4);
  return numbers[index];
}

int main() {
  ray::init();
  ray::get(read.remote(7));
  ray::get(next.remote(INT_MAX));
}

// UNDEFINED: sanitizers.cc:15:12: runtime error: signed integer overflow
// ADDRESS: heap-buffer-overflow
// ADDRESS: in read(int) {{.*}}sanitizers.cc:19:10
