// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct Handle {
  // CHECK: unserialisable_parameter.cc:[[@LINE+1]]:8: error: field 'Handle::file' is a raw pointer
  int* file = nullptr;
};
[[ray::remote]] int use(Handle handle) { return 0; }

// CHECK:   unserialisable_parameter.cc:[[@LINE+1]]:38: error: {{.*}}std::thread{{.*}} cannot be serialised [-Wray-not-serialisable]
[[ray::remote]] int join(std::thread thread) { return 0; }

// A view shows what stays behind; as a parameter of its own it is read in place.
[[ray::remote]] int in_place(std::string_view text, std::span<const int> numbers);
// CHECK: [[@LINE+2]]:41: error: parameter 'p' of remote function 'fill' is a std::span, which cannot be serialised
// CHECK: note: take a 'std::span<const T>'
[[ray::remote]] int fill(std::span<int> p);
// CHECK: [[@LINE+1]]:57: error: parameter 'words' of remote function 'count' is a std::vector of a std::string_view, which
[[ray::remote]] int count(std::vector<std::string_view> words);
// CHECK: [[@LINE+1]]:17: error: remote function 'name' returns a std::string_view, which
[[ray::remote]] std::string_view name(std::string s);
struct Part {
  // CHECK: [[@LINE+1]]:20: error: field 'Part::text' is a std::string_view, which cannot be serialised
  std::string_view text;
};
[[ray::remote]] Part part(int x);
