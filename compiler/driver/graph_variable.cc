#include "compiler/driver/graph_variable.h"

#include <string>

#include "clang/AST/Attr.h"
#include "clang/AST/Expr.h"
#include "compiler/graph/graph_record.h"
#include "compiler/graph/graph_writer.h"

namespace ray::compiler {

clang::VarDecl* make_graph_variable(clang::ASTContext& context, const graph::TaskGraph& graph) {
  const std::string record = graph::write_graph_record(graph::write_graph(graph));
  const llvm::APInt size(64, record.size() + 1);
  const clang::QualType type = context.getConstantArrayType(
      context.CharTy.withConst(), size, nullptr, clang::ArraySizeModifier::Normal, 0);
  const clang::SourceLocation nowhere;
  auto* variable = clang::VarDecl::Create(context, context.getTranslationUnitDecl(), nowhere,
                                          nowhere, &context.Idents.get("ray$graph"), type,
                                          context.getTrivialTypeSourceInfo(type), clang::SC_Static);
  variable->setInit(clang::StringLiteral::Create(
      context, record, clang::StringLiteralKind::Ordinary, false, type, nowhere));
  variable->addAttr(clang::SectionAttr::CreateImplicit(context, graph::kGraphSection));
  variable->addAttr(clang::UsedAttr::CreateImplicit(context));
  variable->addAttr(clang::RetainAttr::CreateImplicit(context));
  variable->addAttr(clang::NoDebugAttr::CreateImplicit(context));
  variable->setImplicit();
  context.getTranslationUnitDecl()->addDecl(variable);
  return variable;
}

}  // namespace ray::compiler
