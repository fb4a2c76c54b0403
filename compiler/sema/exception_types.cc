#include "compiler/sema/exception_types.h"

#include <vector>

#include "clang/AST/DeclTemplate.h"
#include "compiler/frontend/raw_tokens.h"
#include "compiler/frontend/remote_attributes.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::QualType;

bool is_plain_std(llvm::StringRef name) {
  static const std::set<llvm::StringRef> names = {
      "basic_string",  "vector",        "deque",       "list", "set",   "map",
      "unordered_set", "unordered_map", "array",       "pair", "tuple", "optional",
      "variant",       "allocator",     "char_traits", "less", "hash",  "equal_to"};
  return names.count(name) != 0;
}

// Looks at each class once, so that one that contains itself is no endless way.
class TravelCheck {
 public:
  bool is_certain(const CXXRecordDecl& declared) {
    const CXXRecordDecl* record = declared.getDefinition();
    if (record == nullptr || record->isInvalidDecl() || record->isDependentContext() ||
        record->isUnion() || record->getIdentifier() == nullptr) {
      return false;
    }
    if (!seen_.insert(record).second) return true;
    return llvm::all_of(record->bases(),
                        [this](const clang::CXXBaseSpecifier& base) { return is_certain(base); }) &&
           llvm::all_of(record->fields(), [this](const clang::FieldDecl* field) {
             if (find_annotation(*field, Annotation::transient) != nullptr) return true;
             return !field->isAnonymousStructOrUnion() && is_certain(field->getType());
           });
  }

 private:
  bool is_certain(const clang::CXXBaseSpecifier& base) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition == nullptr || base.isVirtual()) return false;
    return definition->isInStdNamespace() ? derives_from_std_exception(*definition)
                                          : is_certain(*definition);
  }
  bool is_certain(QualType type) {
    if (type.isNull() || type->isDependentType() || type->isReferenceType()) return false;
    if (type->isArithmeticType() || type->isEnumeralType()) return true;
    const CXXRecordDecl* record = type->getAsCXXRecordDecl();
    if (record == nullptr || !record->hasDefinition()) return false;
    if (!record->isInStdNamespace()) {
      return record->getDefinition()->isAggregate() && is_certain(*record);
    }
    const auto* specialization = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
    return is_plain_std(record->getName()) && specialization != nullptr &&
           llvm::all_of(
               specialization->getTemplateArgs().asArray(),
               [this](const clang::TemplateArgument& argument) { return is_certain(argument); });
  }
  bool is_certain(const clang::TemplateArgument& argument) {
    if (argument.getKind() == clang::TemplateArgument::Type) {
      return is_certain(argument.getAsType());
    }
    if (argument.getKind() != clang::TemplateArgument::Pack) return true;
    return llvm::all_of(argument.pack_elements(), [this](const clang::TemplateArgument& element) {
      return is_certain(element);
    });
  }

  std::set<const CXXRecordDecl*> seen_;
};

}  // namespace

bool derives_from_std_exception(const CXXRecordDecl& record) {
  if (record.isInStdNamespace() && record.getName() == "exception") return true;
  return llvm::any_of(record.bases(), [](const clang::CXXBaseSpecifier& base) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    return base.getAccessSpecifier() == clang::AS_public && !base.isVirtual() &&
           definition != nullptr && definition->hasDefinition() &&
           derives_from_std_exception(*definition->getDefinition());
  });
}

bool is_certain_to_travel(const CXXRecordDecl& record) { return TravelCheck().is_certain(record); }

std::set<std::string> find_thrown_names(llvm::StringRef text) {
  std::set<std::string> names;
  if (!text.contains("throw")) return names;
  const std::vector<RawToken> tokens = raw_tokens(text);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!tokens[i].is_word("throw")) continue;
    std::size_t name = i + 1;
    if (tokens[name].kind == clang::tok::coloncolon) ++name;
    while (name + 2 < tokens.size() && tokens[name + 1].kind == clang::tok::coloncolon) name += 2;
    if (tokens[name].kind == clang::tok::raw_identifier) names.insert(tokens[name].spelling);
  }
  return names;
}

}  // namespace ray::compiler
