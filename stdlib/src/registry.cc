#include <ray/internal/registry.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

namespace ray::inline v1::internal {
namespace {

struct Registry {
  std::mutex mutex;
  std::set<FunctionRecord* const*> sections;
  std::map<const bool*, std::set<const FunctionRecord*>> without_section;  // by shared object
  std::map<std::uint64_t, FunctionRecord*> by_key;
  std::set<std::string_view> texts;
};

Registry& registry() {
  static auto* registry = new Registry;  // filled by static initialisers, read by destructors
  return *registry;
}

// Lambdas that the expansion of a pack makes at one place have one name, and so do instances for
// them: one key. Their order is that of the shared object, and so the same in every process.
void add(FunctionRecord& function, Registry& all, std::set<const FunctionRecord*>& added) {
  auto [at, is_new] = all.by_key.emplace(function.key, &function);
  while (!is_new && added.count(at->second) != 0 && at->second->dispatch != function.dispatch) {
    ++function.key;
    std::tie(at, is_new) = all.by_key.emplace(function.key, &function);
  }
  added.insert(&function);
}

}  // namespace

bool add_functions(FunctionRecord* const* first, FunctionRecord* const* last) {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  if (first == nullptr || !all.sections.insert(first).second) return false;
  std::set<const FunctionRecord*> added;
  for (; first != last; ++first) {
    if (*first != nullptr) add(**first, all, added);
  }
  return true;
}

bool add_function(FunctionRecord& function, const bool* object) {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  add(function, all, all.without_section[object]);
  return true;
}

bool add_registry_text(const char* first, const char* last) {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  return first != nullptr && all.texts.emplace(first, last).second;
}

std::vector<std::string_view> registry_lines() {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  std::set<std::string_view> lines;
  for (std::string_view text : all.texts) {
    while (!text.empty()) {
      const std::size_t end = text.find_first_of(std::string_view("\n\0", 2));
      if (end != 0) lines.insert(text.substr(0, end));
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
  }
  return {lines.begin(), lines.end()};
}

std::vector<FunctionRecord*> registered_functions() {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  std::vector<FunctionRecord*> functions;
  functions.reserve(all.by_key.size());
  for (const auto& [key, function] : all.by_key) functions.push_back(function);
  return functions;
}

FunctionRecord* find_function(std::uint64_t key) {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  auto found = all.by_key.find(key);
  return found == all.by_key.end() ? nullptr : found->second;
}

FunctionRecord* find_function(const void* pointer, const void* type) {
  Registry& all = registry();
  std::lock_guard lock(all.mutex);
  for (const auto& [key, function] : all.by_key) {
    if (function->is_pointed_to_by != nullptr && function->is_pointed_to_by(pointer, type)) {
      return function;
    }
  }
  return nullptr;
}

}  // namespace ray::inline v1::internal
