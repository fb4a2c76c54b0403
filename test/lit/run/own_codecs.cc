// Where a type says itself how it is stored, that is used: cereal's functions, or a ray::codec.
// RUN: %ray-cc -Wall -Wextra -Werror %s -o %t
// RUN: env RAY_ENGINE=local %t
#undef NDEBUG
#include <ray/ray.h>
#include <cassert>
#include <chrono>
#include <string>

class Temperature {
 public:
  explicit Temperature(double celsius = 0) : kelvin_(celsius + 273.15) {}
  double celsius() const { return kelvin_ - 273.15; }
  template <class Archive>
  void serialize(Archive& archive) {
    ++calls;
    archive(kelvin_);
  }
  static inline int calls = 0;

 private:
  double kelvin_;
  [[maybe_unused]] void* scratch_ = nullptr;  // nothing that generated code could store
};

class Decimal {
 public:
  explicit Decimal(const std::string& digits) : digits_(new std::string(digits)) {}
  Decimal(const Decimal& other) : digits_(new std::string(*other.digits_)) {}
  ~Decimal() { delete digits_; }
  const std::string& digits() const { return *digits_; }

 private:
  std::string* digits_;
};
template <>
struct ray::codec<Decimal> {
  static constexpr std::uint64_t version = 1;
  static std::string encode(const Decimal& decimal) { return decimal.digits(); }
  static Decimal decode(std::string digits) { return Decimal(digits); }
};

[[ray::remote]] double celsius(Temperature temperature) { return temperature.celsius(); }
[[ray::remote]] Decimal append(const Decimal& decimal) { return Decimal(decimal.digits() + "5"); }

int main() {
  ray::init();
  const double warm = ray::get(celsius.remote(Temperature(20)));
  assert(warm > 19.99 && warm < 20.01 && Temperature::calls > 0);
  assert(ray::get(append.remote(append.remote(Decimal("1.")))).digits() == "1.55");
  ray::shutdown();
}
