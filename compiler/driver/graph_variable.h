// GraphVariable puts a task graph into the object file that is being compiled: a constant in the
// section that graph_record.h describes, added to the syntax tree, since the graph is known only
// when all of the source has been parsed.
#pragma once

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "compiler/graph/task_graph.h"

namespace ray::compiler {

// A declaration to be handed to code generation.
clang::VarDecl* make_graph_variable(clang::ASTContext& context, const graph::TaskGraph& graph);

}  // namespace ray::compiler
