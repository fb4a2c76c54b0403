// A type that cannot be serialised is an error that names the field and the reason.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <mutex>
#include <vector>

class Model {
 public:
  int weight = 0;

 private:
  // CHECK:    unserialisable_field.cc:[[@LINE+1]]:14: error: field 'Model::lock_' is a std::mutex, which cannot be serialised [-Wray-not-serialisable]
  std::mutex lock_;
};

struct Batch {
  std::vector<Model> models;
};

// CHECK:      unserialisable_field.cc:[[@LINE+1]]:21: note: {{.*}}'train'
[[ray::remote]] int train(const Batch& batch) { return 0; }
// CHECK-NOT:  error:
// CHECK:      1 error generated.
