// [[ray::transient]] leaves a field out of what is sent: where a class is not sent by its fields, or not at
// all, it would be ignored.
// RUN: not %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s
// RUN: not %ray-cc -DLOCAL -fsyntax-only %s 2>&1 | FileCheck %s --check-prefix=LOCAL
#include <ray/ray.h>
#include <string>

#ifdef LOCAL
template <class T>
int length(const T& text) {
  struct Line {
    T text;
    // LOCAL: transient_without_fields.cc:[[@LINE+2]]:12: error: 'ray::transient' means nothing here: a class of a function's own cannot be sent [-Wray-misplaced-annotation]
    // LOCAL: :12: note: move the class to namespace scope
    [[ray::transient]] int length = 0;
    // LOCAL: transient_without_fields.cc:[[@LINE+1]]:12: error: 'ray::method' means nothing here: a class of a function's own is no remote one
    [[ray::method(num_returns = 2)]] int size() { return length; }
    // LOCAL: transient_without_fields.cc:[[@LINE+1]]:12: error: 'ray::remote' does not apply to what is declared in a function [-Wray-annotation-in-function]
    [[ray::remote]] static int zero() { return 0; }
  };
  return Line{text}.length;
}
int main() {
  struct {
    // LOCAL: transient_without_fields.cc:[[@LINE+1]]:12: error: 'ray::transient' means nothing here: a class of a function's own cannot be sent
    [[ray::transient]] int cache = 0;
  } local;
  return local.cache + length(std::string());
}
// LOCAL: 4 errors generated.
#else
struct Temperature {
  double kelvin = 0;
  // CHECK: transient_without_fields.cc:[[@LINE+2]]:10: error: 'ray::transient' means nothing here: 'Temperature' is stored by its 'serialize', not by its fields [-Wray-misplaced-annotation]
  // CHECK: transient_without_fields.cc:[[@LINE+4]]:8: note: leave 'celsius' out here
  [[ray::transient]] double celsius = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(kelvin);
  }
};

// What a base stores is less than all: here it says that the field is meant to stay.
struct Reading : Temperature { [[ray::transient]] int sensor = 0; };

template <class T>
class Pair {
 public:
  void save(auto& archive) const { archive(first_); }
  void load(auto& archive) { archive(first_); }

 private:
  T first_{};
  // CHECK: transient_without_fields.cc:[[@LINE+1]]:10: error: 'ray::transient' means nothing here: 'Pair' is stored by its 'save', not by its fields
  [[ray::transient]] T second_{};
};

namespace app {
struct Free {
  // CHECK: transient_without_fields.cc:[[@LINE+1]]:19: error: 'ray::transient' means nothing here: 'Free' is stored by its 'serialize', not by its fields
  struct { [[ray::transient]] int cache; int kept; };
};
void serialize(auto& archive, Free& value) { archive(value.kept); }
}  // namespace app

struct Decimal {
  // CHECK: transient_without_fields.cc:[[@LINE+2]]:10: error: 'ray::transient' means nothing here: 'Decimal' is stored by its 'ray::codec', not by its fields
  // CHECK: transient_without_fields.cc:[[@LINE+4]]:13: note: leave 'cache' out here
  [[ray::transient]] int cache = 0;
};
template <>
struct ray::codec<Decimal> {
  static constexpr std::uint64_t version = 1;
  static std::string encode(const Decimal&) { return ""; }
  static Decimal decode(const std::string&) { return {}; }
};

struct {
  // CHECK: transient_without_fields.cc:[[@LINE+2]]:10: error: 'ray::transient' means nothing here: an unnamed class cannot be sent
  // CHECK: transient_without_fields.cc:[[@LINE-2]]:1: note: give it a name
  [[ray::transient]] int cache;
} unnamed;

// Other functions of those names are no codec, and these classes are sent by their fields.
struct Document {
  void save(const std::string& path) const;
  void load(const std::string& path);
  int serialize() const;
  [[ray::transient]] int cache = 0;
};
struct Half {
  template <class Archive>
  void load(Archive&) {}
  [[ray::transient]] int cache = 0;
};
struct Outer {
  struct { [[ray::transient]] int cache; int kept; } part;
};
typedef struct { [[ray::transient]] int cache; } Named;
template <class T>
  requires requires(const T& t) { t.to_text(); }
struct ray::codec<T> {
  static constexpr std::uint64_t version = 1;
  static std::string encode(const T& t) { return t.to_text(); }
  static T decode(const std::string& text) { return T(text); }
};
// CHECK: 5 errors generated.
#endif
