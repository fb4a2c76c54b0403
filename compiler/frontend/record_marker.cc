#include "compiler/frontend/record_marker.h"

#include "clang/AST/DeclTemplate.h"

namespace ray::compiler {
bool is_unnamed_member(const clang::CXXRecordDecl& record) {
  return record.getIdentifier() == nullptr && record.getTypedefNameForAnonDecl() == nullptr &&
         !record.isLambda() && !record.isAnonymousStructOrUnion() &&
         record.getDeclContext()->isRecord();
}

bool is_marked(const clang::CXXRecordDecl& record) {
  return record.isDependentContext() || is_unnamed_member(record);
}

bool needs_marker(const clang::CXXRecordDecl& record) {
  if (is_unnamed_member(record)) return true;
  if (!record.isDependentContext()) return false;
  if (llvm::isa<clang::ClassTemplatePartialSpecializationDecl>(record)) return true;
  const auto* outer = llvm::dyn_cast<clang::CXXRecordDecl>(record.getDeclContext());
  return outer != nullptr && outer->isDependentContext();
}

std::string marker_name(const clang::CXXRecordDecl& record, const clang::SourceManager& sources) {
  std::string name = "ray$" + record.getNameAsString();
  // Several may stand in one line.
  if (record.getIdentifier() == nullptr && !record.field_empty()) {
    name += record.field_begin()->getNameAsString();
  }
  for (const clang::DeclContext* outer = record.getParent(); outer != nullptr;
       outer = outer->getParent()) {
    const auto* named = llvm::dyn_cast<clang::NamedDecl>(outer);
    if (named != nullptr && named->getIdentifier() != nullptr) {
      name += "$" + named->getNameAsString();
    }
  }
  // Specialisations of one template differ in nothing else; columns may change between the passes.
  const clang::PresumedLoc place = sources.getPresumedLoc(record.getLocation());
  return name + "$" + std::to_string(place.isValid() ? place.getLine() : 0);
}

std::string base_marker_suffix(unsigned index) { return "$base" + std::to_string(index); }

}  // namespace ray::compiler
