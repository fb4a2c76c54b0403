// Views of parameters in containers that outlive the call, and views of parts of a parameter.
// RUN: %ray-cc -fsyntax-only %s 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <ray/ray.h>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

struct Request {
  std::string name;
};

class [[ray::remote]] Index {
 public:
  void stored(std::string_view s) {
    // CHECK: kept_view_in_containers.cc:[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows does not [-Wray-kept-view]
    map_[s] = 1;
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call
    map_.emplace(s, 1);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call
    map_.insert({s.substr(1), 1});
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call
    names_.insert_or_assign(1, s);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call
    names_[1] = s;
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call
    set_.insert(s);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call
    opt_ = s;
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call
    deque_.push_front(s);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call
    deque_.insert(deque_.begin(), s);
  }
  void parts(std::span<const double> numbers, std::string text, const std::string& other,
             Request request, std::vector<std::string> list) {
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'numbers' shows
    numbers_ = std::span(numbers.data(), 2);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'text' shows
    view_ = text;
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'other' shows
    view_ = std::string_view(other).substr(1);
    auto local = std::string_view(text).substr(1);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'text' shows
    view_ = local;
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'request' shows
    view_ = request.name;
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'list' shows
    view_ = list[0];
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'list' shows
    first_ = &list.front();
  }
  void copies(std::string_view s, std::string text) {
    owned_[std::string(s)] = s.size();
    owned_.emplace(s, 1);
    if (map_.contains(s)) ++map_[s];
    text_ = text;
    view_ = text_;
    std::map<std::string_view, int> local;
    local[s] = 1;
    auto moving = s.substr(1);
    moving = text_;
    view_ = moving;
    size_ = names_.count(static_cast<int>(s.size()));
  }

 private:
  std::map<std::string_view, int> map_;
  std::map<int, std::string_view> names_;
  std::map<std::string, std::size_t, std::less<>> owned_;
  std::set<std::string_view> set_;
  std::optional<std::string_view> opt_;
  std::deque<std::string_view> deque_;
  std::span<const double> numbers_;
  std::string text_;
  std::string_view view_;
  const std::string* first_ = nullptr;
  std::size_t size_ = 0;
};

// Where the memory itself moves in.
class [[ray::remote]] Owner {
 public:
  explicit Owner(std::vector<int> list) : view_(list), list_(std::move(list)) {}
  void set(std::vector<int> list) {
    view_ = list;
    list_ = std::move(list);
  }
  void name(std::string name) {
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'name' shows
    shown_ = name;
    name_ = std::move(name);
  }

 private:
  std::span<const int> view_;
  std::vector<int> list_;
  std::string_view shown_;
  std::string name_;
};

// Views in what a container's elements are made of.
struct Entry {
  int id;
  std::string_view name;
};
struct Copied {
  Copied(int n, std::string_view text) : id(n), name(text) {}
  int id;
  std::string name;
};
class [[ray::remote]] Entries {
 public:
  void stored(int id, std::string_view s, std::string text) {
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    entries_.push_back({id, s});
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    entries_.push_back(Entry{id, s.substr(1)});
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    entries_.emplace_back(id, s);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 'text' shows
    entries_.insert(entries_.begin(), {.id = id, .name = text});
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    pairs_.push_back({id, s});
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    pairs_.push_back(std::pair(id, s));
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    pairs_.emplace_back(id, s);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    tuples_.emplace(1, s, id);
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    by_id_[id] = {id, s};
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    by_id_.insert_or_assign(id, Entry{id, s});
    // CHECK: :[[@LINE+1]]:5: warning: this outlives the call, but what parameter 's' shows
    last_ = {id, s};
  }
  void copies(int id, std::string_view s) {
    entries_.push_back({id, "literal"});
    copied_.push_back({id, s});
    copied_.emplace_back(id, s);
    owned_.push_back({id, std::string(s)});
    owned_.emplace_back(id, s);
    std::vector<Entry> local;
    local.push_back({id, s});
    entries_.emplace_back(id, owned_[0].second);
    entries_.push_back({static_cast<int>(s.size()), owned_[0].second});
  }
  void during(int id, std::string_view s) {
    more_.push_back({id, s});
    more_.clear();
  }

 private:
  std::vector<Entry> entries_;
  std::vector<Entry> more_;
  std::vector<Copied> copied_;
  std::vector<std::pair<int, std::string_view>> pairs_;
  std::vector<std::pair<int, std::string>> owned_;
  std::set<std::tuple<int, std::string_view, int>> tuples_;
  std::map<int, Entry> by_id_;
  Entry last_{};
};

// What is there for the time of the call only.
class [[ray::remote]] Parser {
 public:
  void parse(std::string_view text, const std::vector<int>& list) {
    rest_ = text;
    list_ = &list;
    words_.push_back(text);
    step();
    words_.clear();
    list_ = nullptr;
    rest_ = {};
  }

 private:
  void step() {}
  std::string_view rest_;
  const std::vector<int>* list_ = nullptr;
  std::vector<std::string_view> words_;
};
