// A generator whose stream is dropped at once has nobody to yield to.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>

[[ray::remote]] ray::Generator<int> count(int n);

void streams() {
  // CHECK: discarded_stream.cc:[[@LINE+1]]:3: warning: ignoring return value of function declared with 'nodiscard' attribute: a generator ends with its stream [-Wunused-result]
  count.remote(1);
  (void)count.remote(2);
  for (const auto& item : count.remote(3)) ray::get(item);
}
