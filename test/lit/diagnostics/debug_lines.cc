// A debugger steps through the user's lines, whatever has been put between them.
// RUN: %ray-cc -g -O0 -c %s -o %t.o
// RUN: llvm-dwarfdump --debug-info %t.o | FileCheck %s
// RUN: llvm-dwarfdump --debug-line %t.o | FileCheck %s --check-prefix=LINES
#include <ray/ray.h>

[[ray::remote(num_cpus = 0.5, max_retries = 5)]]
int square(int x) {
  return x * x;
}
class [[ray::remote]] Tracker {
 public:
  int count() { return count_; }

 private:
  int count_ = 0;
};
void call() {
  square.remote(2);
  Tracker::remote().count.remote();
}
// CHECK: DW_AT_name{{[[:space:]]}}("{{.*}}debug_lines.cc")
// CHECK: DW_AT_name{{[[:space:]]}}("square")
// CHECK-NEXT: DW_AT_decl_file{{[[:space:]]}}("{{.*}}debug_lines.cc")
// CHECK-NEXT: DW_AT_decl_line{{[[:space:]]}}(8)

// The table of lines knows the return of square and both calls, at their columns.
// LINES-DAG: {{^0x[0-9a-f]+ +}}9     10
// LINES-DAG: {{^0x[0-9a-f]+ +}}19      3
// LINES-DAG: {{^0x[0-9a-f]+ +}}20      3
