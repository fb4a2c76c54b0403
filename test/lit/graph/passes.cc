// What the passes prove, each alone and all of them, is written as facts behind the operations.
// RUN: %ray-cc --emit-graph %s > %t.graph
// RUN: %ray-graph --passes=dead %t.graph | FileCheck %s --check-prefix=DEAD
// RUN: %ray-graph --passes=chains %t.graph | FileCheck %s --check-prefix=CHAINS
// RUN: %ray-graph --passes=fans %t.graph | FileCheck %s --check-prefix=FANS
// RUN: %ray-graph --passes=local %t.graph | FileCheck %s --check-prefix=LOCAL
// RUN: %ray-graph --passes=all %t.graph > %t.all
// RUN: %ray-graph --passes=local,fans,dead,chains,all %t.all | diff %t.all -
// RUN: %ray-graph --passes=dead,chains --print-after-each -f none %t.graph 2>&1 | FileCheck %s --check-prefix=EACH
// RUN: not %ray-graph --passes=deads %t.graph 2>&1 | FileCheck %s --check-prefix=UNKNOWN
#include <ray/ray.h>

#include <algorithm>
#include <functional>
#include <vector>

[[ray::remote]] int make(int x) { return x; }
[[ray::remote]] int join(const std::vector<int>& parts) { return parts[0]; }
[[ray::remote]] int keep(ray::ObjectRef<int> ref) { return ref.get(); }
int look(const ray::ObjectRef<int>& ref) { return ray::get(ref); }

void dead() {
  make.remote(1);
  auto used = make.remote(2);
  ray::get(used);
}
// DEAD: function @dead
// DEAD-NEXT: %1 = submit @make(1) at {{[0-9:]+}} !unused
// DEAD-NEXT: %used = submit @make(2) at {{[0-9:]+$}}

int chains(bool now) {
  auto first = make.remote(1);
  auto second = make.remote(first);
  auto third = make.remote(second);
  if (now) make.remote(third);
  auto seen = make.remote(4);
  ray::get(seen);
  return ray::get(make.remote(seen));
}
// CHAINS: function @chains
// CHAINS-NEXT: %first = submit @make(1) at {{[0-9:]+}} !chain=%second
// CHAINS-NEXT: %second = submit @make(%first) at {{[0-9:]+}} !chain=%third
// CHAINS-NEXT: %third = submit @make(%second) at {{[0-9:]+$}}
// CHAINS: %seen = submit @make(4) at {{[0-9:]+$}}

void fans(int n) {
  auto base = ray::put(1);
  std::vector<ray::ObjectRef<int>> few, many;
  for (int i = 0; i < 8; ++i) few.push_back(make.remote(base));
  for (int i = 0; i < n; ++i) many.push_back(make.remote(2));
  join.remote(few);
  join.remote(many);
  make.remote(many[0]);
}
// FANS: function @fans
// FANS-NEXT: %base = put(1) : "int" at {{[0-9:]+}} !fan_out=8
// FANS-NEXT: loop 8
// FANS-NEXT: %1 = submit @make(%base) at {{[0-9:]+$}}
// FANS: %2 = submit @make(2) at {{[0-9:]+}} !fan_out=2
// FANS: %3 = submit @join([%1]) at {{[0-9:]+}} !fan_in=8
// FANS-NEXT: %4 = submit @join([%2]) at {{[0-9:]+}} !fan_in{{$}}
// FANS-NEXT: %5 = submit @make({%2}) at {{[0-9:]+$}}

ray::ObjectRef<int> local() {
  auto read = make.remote(1);
  look(read);
  auto passed = make.remote(read);
  keep.remote(passed);
  return make.remote(2);
}
// LOCAL: function @local
// LOCAL-NEXT: %read = submit @make(1) at {{[0-9:]+}} !local
// LOCAL-NEXT: call @look(&%read)
// LOCAL-NEXT: %passed = submit @make(%read) at {{[0-9:]+$}}
// LOCAL-NEXT: %1 = submit @keep(&%passed) at {{[0-9:]+}} !local
// LOCAL-NEXT: %2 = submit @make(2) at {{[0-9:]+$}}
// LOCAL-NEXT: return %2

void lambdas() {
  auto captured = make.remote(1);
  auto given = make.remote(2);
  auto task = ray::remote([captured](int x) { return ray::get(captured) + x; });
  ray::get(task.remote(given));
}
// LOCAL: function @lambdas
// LOCAL-NEXT: %captured = submit @make(1) at {{[0-9:]+$}}
// LOCAL-NEXT: %given = submit @make(2) at {{[0-9:]+$}}
// LOCAL: get {%captured}
// LOCAL: escape [%captured] "a remote lambda"
// LOCAL-NEXT: %1 = submit ?(&%given) at {{[0-9:]+}} !local
// LOCAL-NEXT: get %1

void closures(std::function<int()>& later) {
  auto kept = make.remote(1);
  auto initial = make.remote(2);
  auto seen = make.remote(3);
  later = [kept, held = initial] { return ray::get(kept) + ray::get(held); };
  auto look_here = [&seen](int x) { return ray::get(seen) + x; };
  look_here(1);
  std::vector<int> numbers = {1, 2};
  std::for_each(numbers.begin(), numbers.end(), [seen](int x) { ray::get(make.remote(x)); });
  std::ranges::sort(numbers, [&](int a, int b) { return a < b && ray::get(seen) > 0; });
  auto given_on = make.remote(4);
  auto named = [given_on] { return ray::get(given_on); };
  named();
  later = named;
}
// LOCAL: function @closures
// LOCAL-NEXT: %kept = submit @make(1) at {{[0-9:]+$}}
// LOCAL-NEXT: %initial = submit @make(2) at {{[0-9:]+$}}
// LOCAL-NEXT: %seen = submit @make(3) at {{[0-9:]+}}{{.*}} !local
// LOCAL-NEXT: escape [%kept, %initial] "a lambda"
// LOCAL: %given_on = submit @make(4) at {{[0-9:]+$}}
// LOCAL: escape [%given_on] "a lambda"

// EACH: // after dead
// EACH: !unused
// EACH-NOT: !chain
// EACH: // after chains
// EACH: !chain

// UNKNOWN: ray-graph: error: there is no pass 'deads'
