// A handle has no names of its own: methods may be called what they like.
// RUN: %ray-cc -fsyntax-only -Wall -Wextra -Werror %s
#include <ray/ray.h>
#include <type_traits>

class [[ray::remote]] Account {
 public:
  int id() { return 1; }
  void kill() {}
  void release() {}
  int options(int x) { return x; }
  int get() const { return 1; }
};

void use() {
  auto account = ray::actor<Account>().remote();
  static_assert(std::is_same_v<decltype(account.id.remote()), ray::ObjectRef<int>>);
  account.kill.remote();
  account.release.remote();
  account.get.remote();
  account.options.remote(account.id.remote());
  ray::task(account, &Account::id).remote();
}
