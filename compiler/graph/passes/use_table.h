// UseTable lists, for each value of one function, what made it and what its refs come to.
//
// The refs that a `wait` gives are those that it was given: their uses count as uses of the values
// waited for. Lifetime: points into the function's nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/graph/graph_walk.h"
#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

struct Use {
  enum class How {
    awaits,  // a call's argument: the callee gets the value
    passes,  // a call's argument or a put: the ref itself goes there
    callee,  // a method's actor
    reads,   // get, view, await, print, wait
    ends,    // cancel, kill
    leaves,  // return, escape
  };
  const Node* node = nullptr;
  How how = How::reads;
  std::size_t argument = 0;
  Refs::Shape shape = Refs::Shape::one;
  RegionPath path;
};

class UseTable {
 public:
  explicit UseTable(const Function& function);

  const Node* definition(ValueId value) const { return definitions_[value]; }
  const RegionPath& path(ValueId value) const { return paths_[value]; }
  const std::vector<Use>& uses(ValueId value) const { return uses_[value]; }

 private:
  void add(const Refs& refs, const Use& use);
  void pass_on_waited();

  std::vector<const Node*> definitions_;  // null for a parameter
  std::vector<RegionPath> paths_;
  std::vector<std::vector<Use>> uses_;
};

// How often the loops of `path` that are not among the first `common` run, at most; none where that
// is not known.
std::optional<std::uint64_t> repetitions(const RegionPath& path, std::size_t common);
// How many regions two places have in common.
std::size_t common_regions(const RegionPath& a, const RegionPath& b);

// A bound that may be unknown.
std::optional<std::uint64_t> add_bounds(std::optional<std::uint64_t> a,
                                        std::optional<std::uint64_t> b);

void remove_facts(TaskGraph& graph, std::string_view name);

}  // namespace ray::compiler::graph
