// Our access to private fields is ours alone: the user's own mistakes are still errors.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

class Secret {
  int value_ = 1;
};
[[ray::remote]] int use(Secret secret) {
  // CHECK: private_access.cc:[[@LINE+1]]:17: error: 'value_' is a private member of 'Secret'
  return secret.value_;
}
// CHECK: 1 error generated.
