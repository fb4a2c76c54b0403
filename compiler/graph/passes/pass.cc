#include "compiler/graph/passes/pass.h"

#include "compiler/graph/passes/chains.h"
#include "compiler/graph/passes/dead_submissions.h"
#include "compiler/graph/passes/fans.h"
#include "compiler/graph/passes/local_refs.h"

namespace ray::compiler::graph {

std::span<const Pass> all_passes() {
  static constexpr Pass kPasses[] = {
      {"dead", "!unused: no result is ever used", find_dead_submissions},
      {"chains", "!chain=%b: the one use of the result is as an argument of %b", find_chains},
      {"fans", "!fan_out, !fan_in: how many submissions take a result, how many results one takes",
       find_fans},
      {"local", "!local: no ref to the result leaves the function", find_local_refs},
  };
  return kPasses;
}

void run_all_passes(TaskGraph& graph) {
  for (const Pass& pass : all_passes()) pass.run(graph);
}

}  // namespace ray::compiler::graph
