// The forms that a remote class can have, each used remotely.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <memory>
#include <string>
#include <utility>
#include <vector>

class [[ray::remote]] Ambiguous {  // were it not for the object: a call of it prefers the first
 public:
  int overloaded(int) { return 1; }
  int overloaded(double) const { return 2; }
};

template <class D>
struct Curious {
  D& self() { return static_cast<D&>(*this); }
};
class [[ray::remote]] Chained : public Curious<Chained> {  // is a value too
 public:
  Chained& set(int x) {
    x_ = x;
    return *this;
  }
  bool is(const Chained& other) const { return other.x_ == x_; }
  int x() const { return x_; }

 private:
  int x_ = 0;
};

class Later;
[[ray::remote]] int ask(ray::ActorHandle<Later> later);
class [[ray::remote]] Later {
 public:
  int out_of_line(int x);
  static int not_remote() { return 1; }

 private:
  int more_ = 1;
};
int Later::out_of_line(int x) { return x + more_; }
int ask(ray::ActorHandle<Later> later) { return ray::get(later.out_of_line.remote(1)); }

struct [[ray::remote]] Aggregate {
  int x;
  std::string text = "t";
  int get() const { return x; }
};
struct [[ray::remote]] Plain {
  int x = 4;
  int get() { return x; }
};

struct Base {
  virtual ~Base() = default;
  virtual int kind() const { return 1; }
  int shared() const { return 10; }
  int hidden(int x) { return x; }
};
class [[ray::remote]] Middle : public virtual Base {
 public:
  int kind() const override { return 2; }
  std::string hidden() { return "hides"; }
};
class [[ray::remote(num_cpus = 0)]] Final final : public Middle, private std::vector<int> {
 public:
  Final() = default;
  Final(int n, const std::string& text, double = 1.5) : std::vector<int>(n), text_(text) {}
  int kind() const override { return 3; }
  using std::vector<int>::size;
  int length() const { return static_cast<int>(size() + text_.size()); }

 private:
  std::string text_;
};
class [[ray::remote]] Log : public std::vector<std::string> {
 public:
  void add(const std::string& line) { push_back(line); }
  std::string last() const { return back(); }
};

template <class T, int N = 2>
class [[ray::remote]] Ring {
 public:
  explicit Ring(T first = T()) : values_{first} {}
  T push(const T& value);
  const std::vector<T>& all() const& { return values_; }
  struct Stats {
    T last;
    int size;
  };
  Stats stats() const { return {values_.back(), static_cast<int>(values_.size())}; }

 private:
  std::vector<T> values_;
};
template <class T, int N>
T Ring<T, N>::push(const T& value) {
  if (values_.size() < N) values_.push_back(value);
  return values_.back();
}

namespace outer {
struct Scope {
  class [[ray::remote]] Nested {
   public:
    int id(int x) { return x; }
  };
};
namespace {
class [[ray::remote]] Hidden {
 public:
  int id() { return 7; }
};
}  // namespace
}  // namespace outer
class[[ray::remote(concurrency_groups = {io : 2})]] Grouped {
 public:
  [[ray::method(concurrency_group = io)]] int read() { return 1; }
  auto deduced(int x) { return x * 2.5; }
  std::unique_ptr<int> make(std::unique_ptr<int> x) { return x; }
  [[ray::method(num_returns = all)]] std::tuple<int, std::string> both() { return {1, "b"}; }
  int with_default(int x, int y = 5, std::string z = "zz") { return x + y + int(z.size()); }
  int operator()(int x) { return x; }
  int refs(ray::ObjectRef<int> ref, std::vector<int> values) { return ray::get(ref) + values[0]; }
};
class [[ray::remote]] NoDefault {
 public:
  NoDefault() = delete;
  NoDefault(const NoDefault&) = delete;
  explicit NoDefault(std::unique_ptr<int> x) : x_(*x) {}
  int get() const noexcept { return x_; }

 private:
  int x_;
};

int main() {
  ray::init();
  auto chained = Chained::remote();
  const Chained copy = ray::get(chained.set.remote(3));
  assert(copy.x() == 3 && ray::get(chained.is.remote(copy)) && ray::get(chained.self.remote()).x() == 3);
  auto later = Later::remote();
  assert(ray::get(ask.remote(later)) == 2);
  assert(Later::not_remote() == 1);
  assert(ray::get(Plain::remote().get.remote()) == 4);
  auto aggregate = Aggregate::remote();
  ray::get(aggregate.get.remote());
  auto middle = Middle::remote();
  assert(ray::get(middle.kind.remote()) == 2 && ray::get(middle.shared.remote()) == 10);
  assert(ray::get(middle.hidden.remote()) == "hides");
  auto last = Final::remote(2, "abc");
  assert(ray::get(last.kind.remote()) == 3 && ray::get(last.length.remote()) == 5);
  assert(ray::get(last.shared.remote()) == 10);
  assert(ray::get(Final::remote().length.remote()) == 0);
  auto log = Log::remote();
  log.add.remote("line");
  assert(ray::get(log.last.remote()) == "line");
  auto ring = Ring<std::string>::remote("a");
  assert(ray::get(ring.push.remote("b")) == "b");
  assert(ray::get(ring.push.remote(std::string("c"))) == "b");
  assert(ray::get(ring.all.remote()).size() == 2);
  assert(ray::get(ring.stats.remote()).size == 2);
  assert(ray::get((Ring<int, 1>::remote(5)).push.remote(6)) == 5);
  assert(ray::get(outer::Scope::Nested::remote().id.remote(3)) == 3);
  assert(ray::get(outer::Hidden::remote().id.remote()) == 7);
  auto grouped = Grouped::remote();
  assert(ray::get(grouped.read.remote()) == 1);
  assert(ray::get(grouped.deduced.remote(2)) == 5);
  assert(*ray::get(grouped.make.remote(std::make_unique<int>(3))) == 3);
  auto [number, text] = grouped.both.remote();
  assert(ray::get(number) == 1 && ray::get(text) == "b");
  assert(ray::get(grouped.with_default.remote(1)) == 8);
  assert(ray::get(grouped.with_default.remote(1, ray::put(2))) == 5);
  assert(ray::get(grouped.refs.remote(number, std::vector{number})) == 2);
  assert(ray::get(NoDefault::remote(std::make_unique<int>(6)).get.remote()) == 6);
  assert(ray::get(Ambiguous::remote().overloaded.remote(1)) == 1);
  ray::shutdown();
}
