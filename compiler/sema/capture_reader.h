// CaptureReader collects what the lambdas of a translation unit capture by `[=]`, those of
// templates in any of their instances.
//
// Limits: what only an uninstantiated template could tell is not there.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "clang/AST/RecursiveASTVisitor.h"
#include "compiler/model/implicit_captures.h"

namespace ray::compiler {

class CaptureReader : public clang::RecursiveASTVisitor<CaptureReader> {
 public:
  // The path and the offset of a location, if it is known.
  using Places = std::function<std::optional<SourcePlace>(clang::SourceLocation)>;

  explicit CaptureReader(Places places) : places_(std::move(places)) {}

  std::vector<ImplicitCaptures> take();

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool VisitLambdaExpr(clang::LambdaExpr* lambda);

 private:
  struct Found {
    ImplicitCaptures captures;
    std::set<std::string> packs;  // those that the body names
  };

  Places places_;
  std::map<std::pair<std::string, std::size_t>, Found> found_;  // by path and offset
};

}  // namespace ray::compiler
