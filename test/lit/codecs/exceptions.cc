// Exceptions of the user's that are certain to travel are registered; others are left alone.
// RUN: %ray-cc --rewrite %s | grep -v CHECK | FileCheck %s
#include <ray/ray.h>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace app {
struct Refused {
  int code;
};
struct Unlucky : std::runtime_error {
  using std::runtime_error::runtime_error;
  std::vector<int> numbers;
};
struct Locked : std::runtime_error {
  Locked() : std::runtime_error("locked") {}
  std::mutex mutex;
};
struct NeverThrown {
  std::vector<NeverThrown> children;
};
}  // namespace app

[[ray::remote]] int refuse() { throw app::Refused{7}; }

// CHECK: template struct ::ray::internal::RegisterException<::app::Refused>;
// CHECK: template struct ::ray::internal::RegisterException<::app::Unlucky>;
// CHECK-NOT: RegisterException
