// Nothing that can be asked about a class changes when it is annotated.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror -DANNOTATE='[[ray::remote]]' %s
#include <ray/ray.h>
#include <type_traits>

#ifndef ANNOTATE
#define ANNOTATE
#endif

struct ANNOTATE Aggregate {
  int x;
  double y = 2;
};
struct ANNOTATE Empty {};
class ANNOTATE Final final {
 public:
  virtual ~Final() = default;
  virtual int id() { return 1; }

 private:
  [[maybe_unused]] char byte_ = 0;
};

static_assert(std::is_aggregate_v<Aggregate> && sizeof(Aggregate) == 16);
static_assert(std::is_trivially_copyable_v<Aggregate> && std::is_standard_layout_v<Aggregate>);
static_assert(std::is_empty_v<Empty>);
static_assert(std::is_final_v<Final> && sizeof(Final) == 16);
constexpr Aggregate kAggregate{.x = 1};
static_assert(kAggregate.y == 2);
