// An annotated class: proxies of its public methods inside, everything else at the end of the file.
// RUN: %ray-cc --rewrite %s | grep -v CHECK | FileCheck %s
#include <ray/ray.h>

class [[ray::remote(max_restarts = 3)]] Tracker {
 public:
  explicit Tracker(int start = 0) : count_(start) {}
  void increment() { ++count_; }
  int add(int amount) { return count_ += amount; }
  double add(double amount) { return amount; }

 private:
  void hidden() {}
  int count_;
};
auto call() { return Tracker::remote(5).add.remote(1); }

// CHECK:      class {{.*}} Tracker {
// CHECK:      struct increment$proxy : ::ray::internal::MethodProxy {
// CHECK:      struct add$proxy : ::ray::internal::MethodProxy {
// CHECK-NOT:  hidden$proxy
// CHECK:      struct ray$methods {
// CHECK:      private:
// CHECK:        int count_;
// CHECK:      // The remote side of Tracker.
// CHECK:      static auto remote(int start = 0) -> ::ray::ActorHandle<Tracker>;
// CHECK:      auto call() { return Tracker::remote(5).add.remote(1); }
// CHECK-DAG:  .name = "Tracker::Tracker", .signature = "void (int)"
// CHECK-DAG:  return {.max_restarts = 3};
// CHECK-DAG:  .name = "Tracker::increment", .signature = "void ()"
// CHECK-DAG:  .name = "Tracker::add", .signature = "int (int)"
// CHECK-DAG:  .name = "Tracker::add", .signature = "double (double)"
