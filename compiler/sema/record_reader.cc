// The part of Collector that reads the classes whose fields can be stored.
#include <algorithm>

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "compiler/frontend/record_marker.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/sema/collector.h"
#include "compiler/sema/exception_types.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;

// Its own, or that of `typedef struct { ... } Size;`.
const clang::NamedDecl* name_of(const CXXRecordDecl& record) {
  if (record.getIdentifier() != nullptr) return &record;
  return record.getTypedefNameForAnonDecl();
}

bool is_storable(const CXXRecordDecl& record, const DeclarationText& text) {
  if (record.isLambda() || record.isAnonymousStructOrUnion() || record.isInvalidDecl())
    return false;
  if (record.getParentFunctionOrMethod() != nullptr) return false;
  return (name_of(record) != nullptr || is_unnamed_member(record)) && !text.is_foreign(record);
}

bool has_base_pack(const CXXRecordDecl& record) {
  return llvm::any_of(record.bases(),
                      [](const clang::CXXBaseSpecifier& base) { return base.isPackExpansion(); });
}

bool has_partial_specialisations(const CXXRecordDecl& record) {
  clang::ClassTemplateDecl* pattern = record.getDescribedClassTemplate();
  if (pattern == nullptr) return false;
  llvm::SmallVector<clang::ClassTemplatePartialSpecializationDecl*, 4> partial;
  pattern->getPartialSpecializations(partial);
  return !partial.empty();
}

// The members of an anonymous union, or of an anonymous struct in it.
void add_members(const CXXRecordDecl& record, std::vector<std::string>& names) {
  for (const clang::FieldDecl* field : record.fields()) {
    if (field->isAnonymousStructOrUnion()) {
      add_members(*field->getType()->getAsCXXRecordDecl(), names);
    } else if (field->getIdentifier() != nullptr) {
      names.push_back(field->getNameAsString());
    }
  }
}

// Those bases of `record`, near and far, that have virtual functions.
void add_polymorphic_bases(const CXXRecordDecl& record, const DeclarationText& text,
                           std::vector<std::string>& out) {
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition == nullptr || !definition->hasDefinition() || base.isVirtual()) continue;
    if (base.getAccessSpecifier() != clang::AS_public || !definition->isPolymorphic()) continue;
    if (text.is_foreign(*definition)) continue;
    std::string name = text.qualified_type(base.getType());
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
    add_polymorphic_bases(*definition->getDefinition(), text, out);
  }
}

}  // namespace

void Collector::read_bases(const CXXRecordDecl& record, Record& out) {
  unsigned index = 0;
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const unsigned number = index++;
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition != nullptr && definition->hasDefinition() && definition->isEmpty()) continue;
    if (base.isPackExpansion()) {
      out.bases.push_back(text_.type(base.getType()) + "...");
    } else if (!out.marker.empty()) {
      out.bases.push_back(out.marker + base_marker_suffix(number));
      if (!out.mark.empty()) {
        out.mark += " using " + marker_name(record, text_.sources()) + base_marker_suffix(number) +
                    " = " + text_.type(base.getType()) + ";";
      }
    } else {
      out.bases.push_back(base.getType()->isDependentType() ? text_.type(base.getType())
                                                            : text_.qualified_type(base.getType()));
    }
  }
}

void Collector::read_fields(const CXXRecordDecl& record, Record& out) {
  for (const clang::FieldDecl* field : record.fields()) {
    if (field->isUnnamedBitField() || find_annotation(*field, Annotation::transient) != nullptr) {
      continue;
    }
    Record::Field stored;
    stored.name = field->getNameAsString();
    stored.type = text_.qualified_type(field->getType());
    stored.is_bit_field = field->isBitField();
    const CXXRecordDecl* type =
        text_.context().getBaseElementType(field->getType())->getAsCXXRecordDecl();
    if (type != nullptr && is_unnamed_member(*type)) stored.type = "(unnamed)";  // else its path
    stored.place = text_.place(field->getLocation());
    if (field->isAnonymousStructOrUnion()) {
      const CXXRecordDecl* anonymous = field->getType()->getAsCXXRecordDecl();
      if (!anonymous->isUnion()) {
        read_fields(*anonymous, out);
        continue;
      }
      stored.name = "(anonymous union)";
      add_members(*anonymous, stored.overlaid);
      stored.type.clear();
      for (const std::string& member : stored.overlaid) stored.type += member + ";";
    }
    out.fields.push_back(std::move(stored));
  }
}

void Collector::read_record(const CXXRecordDecl& record) {
  if (!is_storable(record, text_)) return;
  if (needs_marker(record) && has_base_pack(record)) return;
  Record result;
  if (const clang::NamedDecl* named = name_of(record)) {
    result.name = "::" + text_.qualified_name(*named);
  }
  result.place = text_.place(record.getLocation());
  if (const auto* specialization =
          llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record)) {
    result.name = "::" + text_.qualified_type(clang::QualType(specialization->getTypeForDecl(), 0));
  }
  if (const auto* pattern = record.getDescribedClassTemplate()) {
    result.head = text_.head(*pattern->getTemplateParameters());
    result.name += "<" + text_.arguments(*pattern->getTemplateParameters()) + ">";
  }
  if (needs_marker(record)) {
    result.head.reset();
    result.name = "ray_T";
  }
  if (needs_marker(record) || has_partial_specialisations(record)) {
    const std::string name = marker_name(record, text_.sources());
    result.marker = "typename " + result.name + "::" + name;
    const clang::SourceLocation end = record.getBraceRange().getEnd();
    if (end.isValid() && end.isFileID()) {
      result.mark_place = text_.place(end);
      result.mark = " using " + name + " = " + record.getNameAsString() + ";";
      if (record.getIdentifier() == nullptr) {  // nor can it name itself
        result.mark = " auto " + name + "() -> decltype(*this);";
        result.written_marker =
            "::std::remove_reference_t<decltype(::std::declval<ray_T&>()." + name + "())>";
      }
    }
  }
  result.is_union = record.isUnion();
  result.is_internal = !record.isExternallyVisible();
  if (!is_marked(record) && record.isPolymorphic() && !record.isAbstract()) {
    add_polymorphic_bases(record, text_, result.polymorphic_bases);
  }
  read_bases(record, result);
  if (!record.isUnion()) read_fields(record, result);
  result.can_be_exception = !result.head && result.marker.empty() && !record.isUnion() &&
                            !record.hasAttr<clang::FinalAttr>() && is_certain_to_travel(record) &&
                            record.getAccess() != clang::AS_private &&
                            record.getAccess() != clang::AS_protected;
  result.is_exception = result.can_be_exception && derives_from_std_exception(record);
  unit_.records.push_back(std::move(result));
}

}  // namespace ray::compiler
