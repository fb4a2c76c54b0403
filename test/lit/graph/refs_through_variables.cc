// Refs are followed through variables, containers, tuples, waits and closures to where they go.
// RUN: %ray-cc --emit-graph %s > %t.graph
// RUN: FileCheck %s < %t.graph
// RUN: %ray-graph %t.graph | diff %t.graph -
#include <ray/ray.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

[[ray::remote]] int make(int x) { return x; }
[[ray::remote]] int join(const std::vector<int>& parts, int) { return parts[0]; }
[[ray::remote(num_returns = all)]] std::tuple<int, std::string> both() { return {1, "a"}; }
[[ray::remote]] int peek(ray::ObjectRef<int> ref) { return ref.get(); }

// CHECK:      graph 1 "{{.*}}refs_through_variables.cc"
// CHECK:      task @make("int") -> "int" at 13:21
// CHECK-NEXT: task @join("std::vector<int>", "int") -> "int"
// CHECK-NEXT: task @both() -> "int", "std::string"

// CHECK:      task @peek("ray::ObjectRef<int>" %ref) -> "int" at 16:21 {
// CHECK-NEXT:   get %ref at
// CHECK-NEXT: }

// CHECK: function @chain()
void chain() {
  auto first = make.remote(-7);   // CHECK-NEXT: %first = submit @make(-7) at 29:16
  auto second = std::move(first);
  second = make.remote(second);   // CHECK-NEXT: %1 = submit @make({%first, %1}) at
  peek.remote(second);            // CHECK-NEXT: %2 = submit @peek(&{%first, %1}) at
}

// CHECK: function @containers()
void containers() {
  std::vector<ray::ObjectRef<int>> refs;
  std::map<std::string, ray::ObjectRef<int>> named;
  for (int i = 1; i <= 5; ++i) {                        // CHECK-NEXT: loop 5 at
    refs.push_back(make.remote(i));                     // CHECK-NEXT: %1 = submit @make(_) at
  }                                                     // CHECK-NEXT: }
  named["a"] = make.remote(2);                          // CHECK-NEXT: %2 = submit @make(2) at
  named.emplace("b", refs.front());
  for (auto& [name, ref] : named) ray::get(ref);        // CHECK-NEXT: loop at
                                                        // CHECK-NEXT:   get {%1, %2} at
                                                        // CHECK-NEXT: }
  join.remote(refs, refs[0]);                           // CHECK-NEXT: %3 = submit @join([%1], {%1})
}

// CHECK: function @tuples()
void tuples() {
  auto [number, text] = both.remote();                  // CHECK-NEXT: %number, %text = submit @both()
  ray::get(text);                                       // CHECK-NEXT: get %text at
  auto refs = both.remote();                            // CHECK-NEXT: %1, %2 = submit @both() at
  ray::get(std::get<0>(refs));                          // CHECK-NEXT: get {%1, %2} at
  ray::get(make.remote(1), make.remote(2));             // CHECK-NEXT: %3 = submit @make(1)
                                                        // CHECK-NEXT: %4 = submit @make(2)
                                                        // CHECK-NEXT: get %3
                                                        // CHECK-NEXT: get %4
}

// CHECK: function @waits("bool")
void waits(bool all) {
  std::vector<ray::ObjectRef<int>> refs{make.remote(1)};   // CHECK-NEXT: %1 = submit @make(1)
  if (all) {                                               // CHECK-NEXT: if at
    refs.push_back(make.remote(2));                        // CHECK-NEXT:   %2 = submit @make(2)
  } else {                                                 // CHECK-NEXT: } else {
    refs.push_back(make.remote(3));                        // CHECK-NEXT:   %3 = submit @make(3)
  }                                                        // CHECK-NEXT: }
  auto result = ray::wait(refs);                           // CHECK-NEXT: %4, %5 = wait [%1, %2, %3]
  ray::get(result.ready);                                  // CHECK-NEXT: get [%4]
  for (const auto& ref : result.rest) ray::cancel(ref);    // CHECK-NEXT: loop
                                                           // CHECK-NEXT:   cancel {%5}
}

// CHECK: function @closures()
void closures() {
  auto submit = [](int x) { return make.remote(x); };   // CHECK-NEXT: lambda at
                                                        // CHECK-NEXT:   %1 = submit @make(_)
                                                        // CHECK-NEXT: }
  std::vector<int> numbers(3);
  std::vector<ray::ObjectRef<int>> refs;
  std::transform(numbers.begin(), numbers.end(), std::back_inserter(refs), [](int x) {
    return make.remote(x);                              // CHECK-NEXT: lambda at
  });                                                   // CHECK-NEXT:   %2 = submit @make(_)
                                                        // CHECK-NEXT: }
  refs.push_back(submit(1));
  ray::get(refs);                                       // CHECK-NEXT: get [%1, %2] at
  std::for_each(refs.begin(), refs.end(), [](auto& ref) {
    ray::get(ref);                                      // CHECK-NEXT: lambda at
  });                                                   // CHECK-NEXT:   get {%1, %2} at
}
