// A get whose value goes only to remote calls, which would take the ref.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: %ray-cc -fsyntax-only -fdiagnostics-parseable-fixits %s 2>&1 | FileCheck %s --check-prefix=FIX
#include <ray/ray.h>
#include <string>
#include <vector>

[[ray::remote]] std::string load(int part);
[[ray::remote]] int length(const std::string& text);
[[ray::remote]] long total(const std::vector<int>& lengths);
[[ray::remote]] long wide(long x);
[[ray::remote]] int whole(ray::ObjectRef<std::string> text);
void print(const std::string& text);

class [[ray::remote]] Store {
 public:
  explicit Store(std::string text) : text_(std::move(text)) {}
  void keep(std::string text) { text_ = text; }

 private:
  std::string text_;
};

void sent_on(std::vector<ray::ObjectRef<int>> lengths) {
  auto text = load.remote(1);
  // CHECK:      get_to_pass_on.cc:[[@LINE+4]]:23: warning: this value is fetched only to be sent on [-Wray-get-to-pass-on]
  // CHECK:      get_to_pass_on.cc:[[@LINE+3]]:23: note: pass the ref: the task gets the value, which need not come here
  // CHECK-NEXT: length.remote(ray::get(text))
  // FIX: fix-it:"{{.*}}get_to_pass_on.cc":{[[@LINE+1]]:23-[[@LINE+1]]:37}:"text"
  (void)length.remote(ray::get(text));
  // CHECK: :[[@LINE+1]]:22: warning: this value is fetched only to be sent on
  (void)total.remote(ray::get(lengths));
  // CHECK: :[[@LINE+1]]:23: warning: 'value' is fetched only to be sent on
  std::string value = ray::get(text);
  (void)length.remote(value);
  auto store = Store::remote("");
  // CHECK: :[[@LINE+2]]:21: warning: this value is fetched only to be sent on
  // FIX: fix-it:"{{.*}}get_to_pass_on.cc":{[[@LINE+1]]:21-[[@LINE+1]]:35}:"text"
  store.keep.remote(ray::get(text));
  // CHECK: :[[@LINE+1]]:30: warning: this value is fetched only to be sent on
  auto other = Store::remote(ray::get(text));
}

void used_here(std::vector<ray::ObjectRef<int>> lengths) {
  auto text = load.remote(1);
  std::string value = ray::get(text);
  print(value);
  (void)length.remote(value);
  std::string changed = ray::get(text);
  changed += "!";
  (void)length.remote(changed);
  // A ref stands for a value of exactly the parameter's type.
  (void)wide.remote(ray::get(lengths[0]));
  (void)length.remote(ray::get(text) + "!");
  std::string unused = ray::get(text);
  using namespace std::chrono_literals;
  (void)length.remote(ray::get(text, 5s));
}

// Of a template, where a ref would do in each of its instances.
[[ray::remote]] int size_of(const std::vector<int>& list);
[[ray::remote]] int size_of(const std::vector<long>& list);
[[ray::remote]] int size_of(double number);

template <class T>
void in_each_instance(const ray::ObjectRef<std::vector<T>>& list) {
  // CHECK: :[[@LINE+1]]:24: warning: this value is fetched only to be sent on
  (void)size_of.remote(ray::get(list));
  // CHECK: :[[@LINE+1]]:16: warning: 'value' is fetched only to be sent on
  auto value = ray::get(list);
  (void)size_of.remote(value);
}
template <class T>
void in_some_instances(const ray::ObjectRef<T>& number, bool more) {
  (void)size_of.remote(ray::get(number));
  auto value = ray::get(number);
  (void)size_of.remote(value);
  if constexpr (sizeof(T) == 4) {
    auto text = load.remote(1);
    (void)length.remote(ray::get(text));
  }
}
void instances() {
  in_each_instance<int>(ray::put(std::vector<int>()));
  in_each_instance<long>(ray::put(std::vector<long>()));
  in_some_instances<int>(ray::put(1), true);
  in_some_instances<double>(ray::put(1.0), true);
}
