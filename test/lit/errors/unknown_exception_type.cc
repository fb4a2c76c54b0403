// A type in retry_exceptions is looked up where the annotation stands.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
#include <ray/ray.h>
#include <stdexcept>

namespace net {
struct Timeout : std::runtime_error { using std::runtime_error::runtime_error; };
[[ray::remote(retry_exceptions = [Timeout, std::logic_error])]] int fetch() { return 1; }
}

// CHECK-NOT: fetch
// CHECK:      unknown_exception_type.cc:[[@LINE+5]]:35: error: 'Timeout' is not a type that is declared here
// CHECK-NEXT: {{^}}   17 | {{.*}}[Timeout]
// CHECK-NEXT: {{^}}      |                                   ^~~~~~~
// CHECK:      note: declare it above, or write its name with its namespace
[[ray::remote(retry_exceptions = [net::Timeout])]] int fine() { return 1; }
[[ray::remote(retry_exceptions = [Timeout])]] int one() { return 1; }
// CHECK-NOT: error:
// CHECK: 1 error generated.
