// Every option of a class and of a method, once, and the initialisers that come of them.
// RUN: %ray-cc --rewrite %s | grep -v CHECK | FileCheck %s
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>

// CHECK-DAG: {.num_cpus = 0, .name = "t", .name_space = "n", .lifetime = ::ray::Lifetime::detached, .get_if_exists = true}
class [[ray::remote(num_cpus = 0, name = "t", namespace = "n", lifetime = detached,
                    get_if_exists = true)]] Tracker {
 public:
  int count() { return 0; }
};

// CHECK-DAG: {.max_restarts = 3, .max_task_retries = -1, .max_concurrency = 2, .concurrency_groups = {{[{][{]}}"io", 2}, {"compute", 1}}, .max_pending_calls = 100}
class [[ray::remote(max_restarts = 3, max_task_retries = -1, max_concurrency = 2,
                    concurrency_groups = {io: 2, compute: 1}, max_pending_calls = 100)]] Server {
 public:
  // CHECK-DAG: {.name = "m", .retry_exceptions = true, .max_task_retries = 1, .concurrency_group = "io"}
  [[ray::method(concurrency_group = io, max_task_retries = 1, retry_exceptions = true, name = "m")]]
  int read() { return 0; }
};
