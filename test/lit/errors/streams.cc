// What a generator yields must travel; the generator itself, and its stream, do not.
// RUN: not %ray-cc -c %s -o %t.o 2>&1 | FileCheck %s
#include <ray/ray.h>

#include <mutex>

// CHECK: streams.cc:[[@LINE+1]]:17: error: remote function 'locks' returns a std::mutex, which cannot be serialised [-Wray-not-serialisable]
[[ray::remote]] ray::Generator<std::mutex> locks();

// CHECK: streams.cc:[[@LINE+1]]:61: error: parameter 'stream' of remote function 'sum' is a ray::ObjectRefGenerator, which cannot be serialised [-Wray-not-serialisable]
[[ray::remote]] int sum(const ray::ObjectRefGenerator<int>& stream);

struct Work {
  // CHECK: streams.cc:[[@LINE+1]]:23: error: field 'Work::source' is a ray::Generator, which cannot be serialised [-Wray-not-serialisable]
  ray::Generator<int> source;
};
[[ray::remote]] void run(Work work);

// CHECK: streams.cc:[[@LINE+1]]:49: error: 'generator_backpressure' needs a function that returns a ray::Generator; 'plain' returns 'int' [-Wray-option-target]
[[ray::remote(generator_backpressure = 4)]] int plain();

// CHECK: streams.cc:[[@LINE+1]]:40: error: 'generator_backpressure' must be at least 1, but for -1, which means no limit [-Wray-option-value]
[[ray::remote(generator_backpressure = 0)]] ray::Generator<int> none();

// CHECK-NOT: error:
