// A class that inherits cereal functions is stored by them: what it adds to its base stays behind.
#include <vector>

#include "clang/AST/DeclTemplate.h"
#include "compiler/calls/own_codec.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/mistakes/checks.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;
using clang::FieldDecl;

const CXXRecordDecl* definition_of(const clang::CXXBaseSpecifier& base) {
  const CXXRecordDecl* record = base.getType()->getAsCXXRecordDecl();
  return record == nullptr ? nullptr : record->getDefinition();
}

// Of an instance of a class template, the field of the pattern was annotated.
bool is_transient(const FieldDecl& field) {
  const auto& owner = *llvm::cast<CXXRecordDecl>(field.getParent());
  const CXXRecordDecl* pattern = owner.getTemplateInstantiationPattern();
  const FieldDecl* written = &field;
  if (pattern != nullptr) {
    written = *std::next(pattern->field_begin(), field.getFieldIndex());
  }
  return llvm::is_contained(annotation_mode().transient_fields, written);
}

// A field of `record` that is no part of `stored`, a base of it; null where there is none.
const FieldDecl* find_lost_field(const CXXRecordDecl& record, const CXXRecordDecl& stored) {
  if (record.getCanonicalDecl() == stored.getCanonicalDecl()) return nullptr;
  for (const FieldDecl* field : record.fields()) {
    if (field->isUnnamedBitField() || field->getIdentifier() == nullptr) continue;
    if (!is_transient(*field)) return field;
  }
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = definition_of(base);
    if (definition == nullptr) continue;
    if (const FieldDecl* field = find_lost_field(*definition, stored)) return field;
  }
  return nullptr;
}

// `struct Point : Stored<Point>`: such a base knows its derived class, and may store all of it.
bool knows_derived(const CXXRecordDecl& base) {
  const auto* instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&base);
  if (instance == nullptr) return false;
  return llvm::any_of(instance->getTemplateArgs().asArray(), [&](const auto& argument) {
    if (argument.getKind() != clang::TemplateArgument::Type) return false;
    const CXXRecordDecl* record = argument.getAsType()->getAsCXXRecordDecl();
    return record != nullptr && record->hasDefinition() && record->isDerivedFrom(&base);
  });
}

// The body that was written of a function that is a template, or null.
const clang::Stmt* written_body(const clang::FunctionDecl*& function) {
  const clang::FunctionTemplateDecl* written = function->getDescribedFunctionTemplate();
  while (written->getInstantiatedFromMemberTemplate() != nullptr) {
    written = written->getInstantiatedFromMemberTemplate();
  }
  return written->getTemplatedDecl()->getBody(function);
}

// Whether nothing in `part` can reach more of the object, which is `parameter` or else `this`, than
// fields that it has by name.
bool uses_fields_only(const clang::Stmt& part, const clang::ParmVarDecl* parameter) {
  const auto is_object = [&](const clang::Stmt& used) {
    if (parameter == nullptr) return llvm::isa<clang::CXXThisExpr>(used);
    const auto* reference = llvm::dyn_cast<clang::DeclRefExpr>(&used);
    return reference != nullptr && reference->getDecl() == parameter;
  };
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(&part)) {
    if (llvm::isa<FieldDecl>(member->getMemberDecl()) &&
        is_object(*member->getBase()->IgnoreParenImpCasts())) {
      return true;
    }
  }
  if (const auto* member = llvm::dyn_cast<clang::CXXDependentScopeMemberExpr>(&part)) {
    if (member->isImplicitAccess()) return false;
  }
  if (const auto* member = llvm::dyn_cast<clang::UnresolvedMemberExpr>(&part)) {
    if (member->isImplicitAccess()) return false;
  }
  if (is_object(part)) return false;
  return llvm::all_of(part.children(), [&](const clang::Stmt* child) {
    return child == nullptr || uses_fields_only(*child, parameter);
  });
}

// Whether the function is sure to store nothing of a class that is derived from the one it is of.
bool stores_own_fields_only(const clang::FunctionDecl* function) {
  const clang::Stmt* body = written_body(function);
  if (body == nullptr || function->hasCXXExplicitFunctionObjectParameter()) return false;
  const bool is_member = llvm::isa<clang::CXXMethodDecl>(function);
  return uses_fields_only(*body, is_member ? nullptr : function->getParamDecl(1));
}

// The template `name` of ray::internal, or null.
template <class Template>
const Template* find_template(const clang::ASTContext& context, llvm::StringRef name) {
  const clang::DeclContext* scope = context.getTranslationUnitDecl();
  for (const llvm::StringRef part : {"ray", "internal"}) {
    const auto found = scope->lookup(clang::DeclarationName(&context.Idents.get(part)));
    const auto* space =
        found.empty() ? nullptr : llvm::dyn_cast<clang::NamespaceDecl>(*found.begin());
    if (space == nullptr) return nullptr;
    scope = space;
  }
  for (const auto* found : scope->lookup(clang::DeclarationName(&context.Idents.get(name)))) {
    if (const auto* result = llvm::dyn_cast<Template>(found)) return result;
  }
  return nullptr;
}

// The classes whose codecs are used in this file, by their first template argument.
std::vector<const CXXRecordDecl*> find_coded(const clang::ASTContext& context) {
  std::vector<const CXXRecordDecl*> result;
  const auto* codec = find_template<clang::ClassTemplateDecl>(context, "Codec");
  if (codec == nullptr) return result;
  for (const clang::ClassTemplateSpecializationDecl* instance : codec->specializations()) {
    const CXXRecordDecl* record = first_type_argument(*instance);
    if (record != nullptr && instance->hasDefinition()) result.push_back(record);
  }
  return result;
}

// Of a class with virtual functions the library lists a codec whether one travels or not.
class TravellingObjects {
 public:
  TravellingObjects(const clang::ASTContext& context,
                    const std::vector<const CXXRecordDecl*>& coded) {
    for (const CXXRecordDecl* record : coded) {
      for (const char* pointer : {"unique_ptr", "shared_ptr", "weak_ptr"}) {
        if (is_std_name(*record, pointer)) add(first_type_argument(*record));
      }
    }
    const auto* make = find_template<clang::FunctionTemplateDecl>(context, "make");
    if (make == nullptr) return;
    for (const clang::FunctionDecl* instance : make->specializations()) {
      add(instance->getReturnType()->getAsCXXRecordDecl());
    }
  }

  bool has(const CXXRecordDecl& record) const {
    return llvm::any_of(objects_, [&](const CXXRecordDecl* object) {
      return object == record.getCanonicalDecl() || record.isDerivedFrom(object);
    });
  }

 private:
  void add(const CXXRecordDecl* record) {
    if (record != nullptr) objects_.push_back(record->getCanonicalDecl());
  }
  std::vector<const CXXRecordDecl*> objects_;
};

Mistake describe(const CXXRecordDecl& record, const FieldDecl& lost, const OwnCodec& codec) {
  const std::string name = "'" + record.getNameAsString() + "'";
  const std::string base = codec.inherited_from->getNameAsString();
  const std::string function = "'" + codec.name + "'";
  return {DiagnosticKind::inherited_serialize,
          record.getLocation(),
          name + " is stored by the " + function + " of its base '" + base + "': field '" +
              lost.getNameAsString() + "' does not travel",
          {{codec.place,
            "give " + name + " its own, which stores the '" + base +
                "' in it too; [[ray::transient]] on the field says that it is meant to stay"}}};
}

}  // namespace

void check_inherited_serialize(Program& program) {
  const std::vector<const CXXRecordDecl*> coded = find_coded(program.context());
  const TravellingObjects objects(program.context(), coded);
  for (const CXXRecordDecl* record : coded) {
    if (!record->hasDefinition() || !program.is_user_code(*record)) continue;
    const auto codec = find_own_codec(*record->getDefinition());
    if (!codec || codec->inherited_from == nullptr || knows_derived(*codec->inherited_from))
      continue;
    if (codec->function == nullptr || !stores_own_fields_only(codec->function)) continue;
    if (record->isPolymorphic() && !objects.has(*record)) continue;
    const FieldDecl* lost = find_lost_field(*record->getDefinition(), *codec->inherited_from);
    if (lost != nullptr) program.report(describe(*record->getDefinition(), *lost, *codec));
  }
}

}  // namespace ray::compiler
