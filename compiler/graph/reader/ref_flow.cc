#include "compiler/graph/reader/ref_flow.h"

namespace ray::compiler::graph {

void RefFlow::store(const clang::ValueDecl& variable, const Source& source, bool is_initial) {
  Contents& contents = variables_[&variable];
  contents.stored.add(source);
  ++contents.stores;
  if (!is_initial) contents.is_initialised_only = false;
}

void RefFlow::unite(const clang::ValueDecl& a, const clang::ValueDecl& b) {
  if (&a == &b) return;
  store(a, {{}, {{&b}}});
  store(b, {{}, {{&a}}});
}

bool RefFlow::is_part(ValueId value, int part) const {
  const auto found = parts_.find(value);
  return part < 0 || found == parts_.end() || found->second == part;
}

void RefFlow::solve() {
  for (auto& [variable, contents] : variables_) contents.values = contents.stored.values;
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (auto& [variable, contents] : variables_) {
      const std::size_t before = contents.values.size();
      for (const Source::Variable& from : contents.stored.variables) {
        const auto found = variables_.find(from.declaration);
        if (found == variables_.end() || found->first == variable) continue;
        for (const ValueId value : found->second.values) {
          if (is_part(value, from.part)) contents.values.insert(value);
        }
      }
      has_changed |= contents.values.size() != before;
    }
  }
}

std::set<ValueId> RefFlow::resolve(const Source& source) const {
  std::set<ValueId> result = source.values;
  for (const Source::Variable& from : source.variables) {
    const auto found = variables_.find(from.declaration);
    if (found == variables_.end()) continue;
    for (const ValueId value : found->second.values) {
      if (is_part(value, from.part)) result.insert(value);
    }
  }
  return result;
}

std::optional<ValueId> RefFlow::exact(const Source& source) const {
  if (source.variables.empty() && source.values.size() == 1) return *source.values.begin();
  if (!source.values.empty() || source.variables.size() != 1) return std::nullopt;
  const auto found = variables_.find(source.variables.begin()->declaration);
  if (found == variables_.end()) return std::nullopt;
  const Contents& contents = found->second;
  if (contents.stores != 1 || !contents.is_initialised_only) return std::nullopt;
  if (source.variables.begin()->part >= 0) return std::nullopt;
  return exact(contents.stored);
}

}  // namespace ray::compiler::graph
