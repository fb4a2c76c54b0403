// Variables that a get fills in any way, and that only remote calls use.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <string>
#include <vector>

[[ray::remote]] std::string load(int part);
[[ray::remote]] std::vector<int> read_table();
[[ray::remote]] int length(const std::string& text);
[[ray::remote]] int look(const std::vector<int>& table, int x);
void print(const std::string& text);

void sent_on() {
  auto text = load.remote(1);
  auto more = load.remote(2);
  // CHECK: values_passed_on.cc:[[@LINE+1]]:22: warning: 'braces' is fetched only to be sent on [-Wray-get-to-pass-on]
  std::string braces{ray::get(text)};
  (void)length.remote(braces);
  std::string assigned;
  // CHECK: :[[@LINE+1]]:14: warning: 'assigned' is fetched only to be sent on
  assigned = ray::get(text);
  (void)length.remote(assigned);
  // CHECK: :[[@LINE+1]]:26: warning: 'first' is fetched only to be sent on
  auto [first, second] = ray::get(text, more);
  (void)length.remote(first);
  print(second);
  // CHECK: :[[@LINE+1]]:19: warning: 'captured' is fetched only to be sent on
  auto captured = ray::get(text);
  auto later = [&] { return length.remote(captured); };
  (void)later();
  // One mistake, of which one warning is enough.
  // CHECK: :[[@LINE+1]]:16: warning: 'table' is fetched only to be sent on
  auto table = ray::get(read_table.remote());
  for (int i = 0; i < 10; ++i) (void)look.remote(table, i);
}

void used_here(bool is_wanted) {
  auto text = load.remote(1);
  std::string braces{ray::get(text)};
  print(braces);
  (void)length.remote(braces);
  std::string early;
  (void)length.remote(early);
  early = ray::get(text);
  std::string sometimes;
  if (is_wanted) {
    sometimes = ray::get(text);
  }
  (void)length.remote(sometimes);
  std::string twice;
  twice = ray::get(text);
  (void)length.remote(twice);
  twice = "other";
  (void)length.remote(twice);
  auto captured = ray::get(text);
  auto show = [&] { print(captured); };
  (void)length.remote(captured);
  show();
  try {
    auto tried = ray::get(text);
    (void)length.remote(tried);
    (void)length.remote(ray::get(text));
  } catch (const ray::Error& error) {
    print(error.what());
  }
  auto copied = ray::get(text);
  auto send = [copied = copied + "!"] { return length.remote(copied); };
  (void)send();
}
