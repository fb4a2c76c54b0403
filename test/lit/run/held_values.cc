// What classes hold: members with cereal functions of every form, refs and handles, transient
// fields, empty bases, private constructors.
// RUN: %ray-cc -Wall -Wextra -Wpedantic -Werror %s -o %t
// RUN: env RAY_ENGINE=native %t
#undef NDEBUG
#include <ray/ray.h>

#include <cassert>
#include <string>
#include <vector>

class Own {
 public:
  explicit Own(int x = 0) : x_(x) {}
  int x() const { return x_; }

 private:
  friend struct ray::access;
  template <class A>
  void save(A& a) const {
    a(x_);
  }
  template <class A>
  void load(A& a) {
    a(x_);
  }
  int x_;
};
struct Min {
  std::string s;
  template <class A>
  std::string save_minimal(const A&) const {
    return s;
  }
  template <class A>
  void load_minimal(const A&, const std::string& t) {
    s = t;
  }
};
namespace n {
struct Free {
  int v = 0;
};
template <class A>
void serialize(A& a, Free& f) {
  a(f.v);
}
}  // namespace n
struct HoldsAll {
  Own o{3};
  Min m{"m"};
  n::Free f{5};
  std::vector<Own> v{Own(1), Own(2)};
  ray::ObjectRef<int> ref;
};
[[ray::remote]] HoldsAll pass(HoldsAll h) {
  h.f.v += ray::get(h.ref);
  return h;
}
class Actor2;
struct Team {
  std::vector<ray::ActorHandle<Actor2>> members;
};
class [[ray::remote]] Actor2 {
 public:
  int id() { return 4; }
};
[[ray::remote]] int ask(Team t) { return ray::get(t.members[0].id.remote()); }
struct WithPrivateCtor {
  int x() const { return x_; }
  static WithPrivateCtor make(int x) {
    WithPrivateCtor w;
    w.x_ = x;
    return w;
  }

 private:
  WithPrivateCtor() = default;
  int x_ = 1;
};
[[ray::remote]] int priv(const WithPrivateCtor& w) { return w.x(); }
struct Tr {
  std::vector<int> keep;
  [[ray::transient]] void* cache = nullptr;
  [[ray::transient]] std::vector<int> lazy = {7};
};
[[ray::remote]] Tr tr(Tr t) {
  t.lazy.push_back(1);
  return t;
}
struct EmptyBase {};
struct Emp : EmptyBase {
  int z = 2;
};
[[ray::remote]] int emp(Emp e, EmptyBase, std::vector<EmptyBase> v) { return e.z + int(v.size()); }
int main() {
  ray::init();
  HoldsAll h;
  h.ref = ray::put(10);
  auto r = ray::get(pass.remote(h));
  assert(r.o.x() == 3 && r.m.s == "m" && r.f.v == 15 && r.v[1].x() == 2);
  assert(ray::get(ask.remote({{Actor2::remote()}})) == 4);
  assert(ray::get(priv.remote(WithPrivateCtor::make(9))) == 9);
  Tr t;
  t.keep = {1};
  t.lazy = {1, 2, 3};
  auto back = ray::get(tr.remote(t));
  assert(back.keep.size() == 1 && back.lazy.size() == 1);
  assert(ray::get(emp.remote({}, {}, std::vector<EmptyBase>(3))) == 5);
  ray::shutdown();
}
