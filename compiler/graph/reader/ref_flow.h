// RefFlow follows refs through the variables of one function: every ref that is stored in a
// variable, or in a container or an object that it holds, may be wherever that variable is read.
// The order of statements does not count.
//
// Threading: one thread; once a function.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "clang/AST/Decl.h"
#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// What may arrive at one place: values, what variables hold, and perhaps refs of unknown origin.
struct Source {
  struct Variable {
    const clang::ValueDecl* declaration = nullptr;
    int part = -1;  // of a WaitResult: 0 ready, 1 rest
    friend auto operator<=>(const Variable&, const Variable&) = default;
  };
  std::set<ValueId> values;  // kUnknownValue among them
  std::set<Variable> variables;

  bool is_empty() const { return values.empty() && variables.empty(); }
  void add(const Source& other) {
    values.insert(other.values.begin(), other.values.end());
    variables.insert(other.variables.begin(), other.variables.end());
  }
};

class RefFlow {
 public:
  // Value `value` is part `part` of a WaitResult.
  void set_part(ValueId value, int part) { parts_[value] = part; }

  // `is_initial`: the variable's own initialiser.
  void store(const clang::ValueDecl& variable, const Source& source, bool is_initial = false);
  // The two are one: a reference, a pointer, an iterator.
  void unite(const clang::ValueDecl& a, const clang::ValueDecl& b);

  // After everything was stored.
  void solve();
  std::set<ValueId> resolve(const Source& source) const;
  // The one value that `source` is whenever it is read, where there is such a one: made there, or
  // held by a variable that is never changed.
  std::optional<ValueId> exact(const Source& source) const;

 private:
  struct Contents {
    Source stored;
    std::set<ValueId> values;
    int stores = 0;
    bool is_initialised_only = true;
  };

  bool is_part(ValueId value, int part) const;

  std::map<const clang::ValueDecl*, Contents> variables_;
  std::map<ValueId, int> parts_;
};

}  // namespace ray::compiler::graph
