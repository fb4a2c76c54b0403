// A local ref never escapes the function that made it: it is awaited, read, or handed as a value to
// a task, and no other process ever holds it. Its count needs no borrowers. Fact: `!local` on a
// submit, put or create.
//
// A plain function that is given the ref may keep it, unless its own body, which is in the graph,
// shows that it does not.
#pragma once

#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

void find_local_refs(TaskGraph& graph);

}  // namespace ray::compiler::graph
