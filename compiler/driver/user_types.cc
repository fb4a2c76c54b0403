#include "compiler/driver/user_types.h"

#include "clang/AST/ASTContext.h"
#include "compiler/calls/library.h"
#include "compiler/driver/user_messages.h"
#include "compiler/model/type_spelling.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;

// "work.options(...)", "Tracker::options(...)": by the overload set that it calls.
std::string options_call(const CXXRecordDecl& set) {
  const std::string name = set.getName().split('$').first.str();
  const auto* owner = llvm::dyn_cast<CXXRecordDecl>(set.getDeclContext());
  if (name == "new" && owner != nullptr) return owner->getNameAsString() + "::options(...)";
  return name + ".options(...)";
}

// What the generated code calls a class by, as it has to where that is a template.
bool is_generated_alias(clang::QualType type) {
  const auto* alias = type.getNonReferenceType()->getAs<clang::TypedefType>();
  if (alias == nullptr) return false;
  const auto* owner = llvm::dyn_cast<CXXRecordDecl>(alias->getDecl()->getDeclContext());
  return owner != nullptr && owner->getName().contains('$') &&
         is_generated_suffix(owner->getName().rsplit('$').second.str());
}

void replace_all(std::string& text, const std::string& old, const std::string& by) {
  constexpr llvm::StringRef kAlso = " (aka '";
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += by.size()) {
    std::size_t end = at + old.size();
    if (llvm::StringRef(text).substr(end).starts_with(kAlso)) {
      const std::size_t close = text.find("')", end + kAlso.size());
      if (close != std::string::npos) end = close + 2;
    }
    text.replace(at, end - at, by);
  }
}

// Of two instances of one template clang shows what differs, by whatever names those have: "from
// 'ObjectRef<std::remove_cvref_t<int>>' to 'ObjectRef<std::string>'".
void replace_difference(std::string& text, const CXXRecordDecl& record, const std::string& by) {
  const std::size_t begin = text.find("'" + record.getNameAsString() + "<");
  const std::size_t end = begin == std::string::npos ? begin : text.find('\'', begin + 1);
  if (end != std::string::npos) text.replace(begin, end + 1 - begin, "'" + by + "'");
}

}  // namespace

std::string with_user_types(std::string text, const clang::Diagnostic& diagnostic) {
  for (unsigned i = 0; i < diagnostic.getNumArgs(); ++i) {
    if (diagnostic.getArgKind(i) == clang::DiagnosticsEngine::ak_declcontext) {
      const auto* record = llvm::dyn_cast_or_null<CXXRecordDecl>(
          reinterpret_cast<const clang::DeclContext*>(diagnostic.getRawArg(i)));
      if (record != nullptr && is_of_library(*record)) text = with_std_names(std::move(text));
    }
    if (diagnostic.getArgKind(i) != clang::DiagnosticsEngine::ak_qualtype) continue;
    const auto type =
        clang::QualType::getFromOpaquePtr(reinterpret_cast<void*>(diagnostic.getRawArg(i)));
    const CXXRecordDecl* record =
        type.isNull() ? nullptr : type.getNonReferenceType()->getAsCXXRecordDecl();
    if (record == nullptr) continue;
    const clang::PrintingPolicy& policy = record->getASTContext().getPrintingPolicy();
    const std::string shown = type.getAsString(policy);
    const bool is_internal = shown.find("ray::internal::") != std::string::npos;
    if (!is_internal && !is_of_library(*record) && !is_generated_alias(type)) continue;
    const CXXRecordDecl* set = configured_set(*record);
    const std::string known = set != nullptr ? options_call(*set)
                              : lambda_task(*record) != nullptr
                                  ? "ray::remote(...)"
                                  : with_std_names(type.getCanonicalType().getAsString(policy));
    replace_all(text, "'" + shown + "'", "'" + known + "'");
    if (is_of_library(*record)) replace_difference(text, *record, known);
  }
  return text;
}

}  // namespace ray::compiler
