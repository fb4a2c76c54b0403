// GraphReader reads the task graph of a translation unit out of its syntax tree, after the second
// pass has parsed it and templates have been instantiated.
//
// Threading: one thread; once a translation unit.
#pragma once

#include <string>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "compiler/graph/reader/function_table.h"
#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// `declarations` are those that may hold remote calls, instantiations included; `source` is the
// name of the main file, as it is shown; `original` gives where the user wrote what stands at a
// place.
TaskGraph read_graph(clang::ASTContext& context, const std::vector<clang::Decl*>& declarations,
                     const std::string& source, OriginalPlaces original);

}  // namespace ray::compiler::graph
