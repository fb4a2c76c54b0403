// Every option of a function, once, and the initialiser that comes of it.
// RUN: %ray-cc --rewrite %s | grep -v CHECK | FileCheck %s
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <stdexcept>
#include <tuple>

struct Unlucky : std::runtime_error { using std::runtime_error::runtime_error; };

// CHECK-DAG: {.num_cpus = 0.5, .num_gpus = 0.25}
[[ray::remote(num_gpus = 0.25, num_cpus = .5)]] int cpus() { return 0; }
// CHECK-DAG: {.memory = 536870912}
[[ray::remote(memory = 512MiB)]] int memory() { return 0; }
// CHECK-DAG: {.resources = {{[{][{]}}"TPU", 1}, {"disk", 0.5}}}
[[ray::remote(resources = {"TPU": 1, "disk": 0.5})]] int resources() { return 0; }
// CHECK-DAG: {.scheduling = ::ray::SchedulingStrategy::spread()}
[[ray::remote(scheduling = spread)]] int spread() { return 0; }
// CHECK-DAG: {.scheduling = ::ray::SchedulingStrategy::node("4f1e", true)}
[[ray::remote(scheduling = node("4f1e", soft))]] int node() { return 0; }
// CHECK-DAG: {.scheduling = ::ray::SchedulingStrategy::labels({{[{][{]}}"zone", "west"}})}
[[ray::remote(scheduling = labels({"zone": "west"}))]] int labels() { return 0; }
// CHECK-DAG: {.name = "a \"b\"", .max_retries = -1, .max_calls = 10}
[[ray::remote(max_retries = -1, max_calls = 10, name = "a \"b\"")]] int retries() { return 0; }
// CHECK-DAG: {.retry_exceptions = true}
[[ray::remote(retry_exceptions = true)]] int all() { return 0; }
// CHECK-DAG: {.retry_exceptions = ::ray::exceptions<Unlucky, std::logic_error>()}
[[ray::remote(retry_exceptions = [Unlucky, std::logic_error])]] int some() { return 0; }
// CHECK-DAG: {.runtime_env = {.env = {{[{][{]}}"K", "v"}}, .working_dir = "/tmp"}}
[[ray::remote(runtime_env = {env: {"K": "v"}, working_dir: "/tmp"})]] int env() { return 0; }
