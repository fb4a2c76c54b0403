// Actors, options, plain calls and the plain form of remote calls are all seen for what they are.
// RUN: %ray-cc --emit-graph %s > %t.graph
// RUN: FileCheck %s < %t.graph
// RUN: %ray-graph %t.graph | diff %t.graph -
#include <ray/ray.h>

#include <vector>

namespace ns {
class [[ray::remote]] Counter {
 public:
  explicit Counter(int start = 0) : count_(start) {}
  void add(int amount) { count_ += amount; }
  int count() const { return count_; }
  int count(int scale) const { return scale * count_; }

 private:
  int count_;
};
}  // namespace ns

[[ray::remote]] int square(int x) { return x * x; }
[[ray::remote]] double square(double x) { return x * x; }
template <class T>
[[ray::remote]] T twice(T x) {
  return x + x;
}
int plain(int x) { return x; }

std::vector<ray::ObjectRef<int>> kept;

// CHECK-DAG: actor @ns::Counter("int") at 12:12
// CHECK-DAG: method @ns::Counter::count() -> "int" at 14:7
// CHECK-DAG: method @ns::Counter::count#2("int") -> "int" at 15:7
// CHECK-DAG: task @square("int") -> "int" at 22:21
// CHECK-DAG: task @square#2("double") -> "double" at 23:24
// CHECK-DAG: task @twice("int") -> "int" at
// CHECK-DAG: task @twice#2("double") -> "double" at

// CHECK: function @actors()
void actors() {
  auto counter = ns::Counter::remote();           // CHECK-NEXT: %counter = create @ns::Counter(_)
  counter.add.remote(3);                          // CHECK-NEXT: %1 = submit @ns::Counter::add(3) on %counter
  counter.count.options({}).remote();             // CHECK-NEXT: %2 = submit @ns::Counter::count() on %counter
  counter.count.remote(2);                        // CHECK-NEXT: %3 = submit @ns::Counter::count#2(2) on %counter
  auto named = ns::Counter::options({.name = "n"}).remote(square.remote(2));
                                                  // CHECK-NEXT: %4 = submit @square(2)
                                                  // CHECK-NEXT: %named = create @ns::Counter(%4)
  ray::kill(named);                               // CHECK-NEXT: kill %named
  auto found = ray::get_actor<ns::Counter>("n");
  found->add.remote(1);                           // CHECK-NEXT: %5 = submit @ns::Counter::add(1) on {{[{]?}}?
}

// CHECK: function @tasks()
void tasks() {
  square.options({.num_cpus = 2}).remote(1.5);    // CHECK-NEXT: %1 = submit @square#2(1.5)
  auto a = twice.remote(2);                       // CHECK-NEXT: %a = submit @twice(2)
  twice<double>.remote(0.5);                      // CHECK-NEXT: %2 = submit @twice#2(0.5)
  twice.remote(a);                                // CHECK-NEXT: %3 = submit @twice(%a)
  ray::task(plain).remote(1);                     // CHECK-NEXT: %4 = submit @plain(1)
  ray::task(static_cast<int (*)(int)>(square)).options({}).remote(a);
                                                  // CHECK-NEXT: %5 = submit @square(%a)
  auto made = ray::actor<ns::Counter>().remote(1);  // CHECK-NEXT: %made = create @ns::Counter(1)
  ray::task(made, &ns::Counter::add).remote(a);   // CHECK-NEXT: %6 = submit @ns::Counter::add(%a) on %made
  auto configured = square.options({.num_cpus = 1});
  configured.remote(1);                           // CHECK-NEXT: %7 = submit @square(1) at
}

// CHECK: function @submit_all("std::vector<ray::ObjectRef<int>>" %out)
void submit_all(std::vector<ray::ObjectRef<int>>& out) {
  out.push_back(square.remote(1));                // CHECK-NEXT: %1 = submit @square(1)
}                                                 // CHECK-NEXT: escape [%1] "parameter 'out'"
// CHECK: function @collect("std::vector<ray::ObjectRef<int>>" %refs) -> "int"
int collect(const std::vector<ray::ObjectRef<int>>& refs) {
  return ray::get(refs)[0];                       // CHECK-NEXT: get [%refs]
}
// CHECK: function @make() -> "ray::ObjectRef<int>"
ray::ObjectRef<int> make() {
  return square.remote(3);                        // CHECK-NEXT: %1 = submit @square(3)
}                                                 // CHECK-NEXT: return %1

void elsewhere(ray::ObjectRef<int> ref);

// CHECK: function @calls()
void calls() {
  std::vector<ray::ObjectRef<int>> refs;
  submit_all(refs);                               // CHECK-NEXT: %1 = call @submit_all(&[%1, %2])
  refs.push_back(make());                         // CHECK-NEXT: %2 = call @make()
  collect(refs);                                  // CHECK-NEXT: call @collect(&[%1, %2])
  kept = refs;                                    // CHECK-NEXT: escape [%1, %2] "global 'kept'"
  elsewhere(refs[0]);                             // CHECK-NEXT: escape {%1, %2} "function 'elsewhere'"
}
