// Views of parameters, and pointers to them, that outlive the call.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

class [[ray::remote]] Index {
 public:
  // CHECK: kept_view.cc:[[@LINE+2]]:43: warning: this outlives the call, but what parameter 'name' shows does not [-Wray-kept-view]
  // CHECK: kept_view.cc:[[@LINE+1]]:35: note: copy it, into a std::vector or a std::string
  explicit Index(std::string_view name) : name_(name), copy_(name) {}

  void keep(std::span<const int> numbers, const std::vector<int>& list) {
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'numbers' shows
    numbers_ = numbers;
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'numbers' shows
    numbers_ = numbers.subspan(1);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'list' shows
    list_ = &list;
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'list' shows
    first_ = list.data();
  }
  void add(std::string_view word) {
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'word' shows
    words_.push_back(word);
    copies_.push_back(std::string(word));
    copy_ = word;
    std::string_view local = word.substr(1);
    std::vector<std::string_view> parts;
    parts.push_back(word);
    size_ = word.size() + local.size() + parts.size();
    set(copy_);
  }

 private:
  void set(std::string_view text) { name_ = text; }

  std::string_view name_;
  std::string copy_;
  std::span<const int> numbers_;
  const std::vector<int>* list_ = nullptr;
  const int* first_ = nullptr;
  std::vector<std::string_view> words_;
  std::vector<std::string> copies_;
  std::size_t size_ = 0;
};

std::string_view last;
[[ray::remote]] int look(std::string_view text) {
  // CHECK: :[[@LINE+1]]:3: warning: this outlives the call, but what parameter 'text' shows
  last = text;
  return 0;
}

// Not remote: the caller knows how long it lives.
struct Parser {
  explicit Parser(std::string_view text) : text_(text) {}
  std::string_view text_;
};
[[ray::remote]] int parse(std::string_view text) { return static_cast<int>(Parser(text).text_.size()); }
