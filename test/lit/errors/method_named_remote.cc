// `handle.remote.remote()` could not be told from the making of an actor.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>

class [[ray::remote]] Screen {
 public:
  // CHECK: method_named_remote.cc:[[@LINE+2]]:8: error: a remote class cannot have a method called 'remote' [-Wray-method-named-remote]
  // CHECK: note: rename the method
  void remote() {}
};
