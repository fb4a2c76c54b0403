// One annotated function: its stubs stand before it, its call sites keep their length, its identity
// and its record come at the end.
// RUN: %ray-cc --rewrite %s | grep -v CHECK | FileCheck %s
#include <ray/ray.h>

[[ray::remote(num_cpus = 0.5, max_retries = 5)]]
int square(int x, double scale = 2.5) { return static_cast<int>(x * scale); }

auto call() { return square.remote(square(2), 1.0); }
auto configured() { return square.options({.num_cpus = 2}).remote(1); }

// CHECK:      #include <ray/ray.h>
// CHECK:      #line [[#LINE:]] "{{.*}}function.cc"
// CHECK-NEXT: // The remote side of square.
// CHECK:      auto square$sel({{.*}}int x, double scale = 2.5) -> ::ray::internal::selected<[[ID:square\$[0-9a-f]+]], {{.*}}>;
// CHECK:      inline auto square$remote(int x, double scale = 2.5) -> ::ray::internal::result_t<int, 1>;
// CHECK:      inline auto square$options(::ray::TaskOptions ray_o)
// CHECK:      #line {{[0-9]+}} "{{.*}}function.cc"
// CHECK:      int square(int x, double scale = 2.5) { return static_cast<int>(x * scale); }
// CHECK:      auto call() { return square$remote(square(2), 1.0); }
// CHECK-NEXT: auto configured() { return square$options({.num_cpus = 2}).remote(1); }
// CHECK:      struct [[ID]] {
// CHECK:        using type = int(int, double);
// CHECK:        .name = "square", .signature = "int (int, double)", .file = "{{.*}}function.cc", .line = 7
// CHECK:        static ::ray::TaskOptions options() { return {.num_cpus = 0.5, .max_retries = 5}; }
// CHECK:        static {{.*}} default_argument(::ray::internal::Index<1>) { return 2.5; }
// CHECK:      template struct ::ray::internal::Register<::[[ID]]>;
