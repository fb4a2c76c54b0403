// The part of Collector that reads the classes whose fields can be stored.
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/sema/collector.h"
#include "compiler/sema/exception_types.h"

namespace ray::compiler {
namespace {

using clang::CXXRecordDecl;

bool is_storable(const CXXRecordDecl& record, const clang::SourceManager& sources) {
  if (record.getIdentifier() == nullptr || record.isUnion() || record.isLambda()) return false;
  if (record.getParentFunctionOrMethod() != nullptr || record.isInvalidDecl()) return false;
  if (sources.isInSystemHeader(record.getLocation()) || record.isAbstract()) return false;
  // A partial specialisation of an enclosing template could not name it.
  for (const clang::DeclContext* outer = record.getParent(); outer != nullptr;
       outer = outer->getParent()) {
    const auto* around = llvm::dyn_cast<CXXRecordDecl>(outer);
    if (around != nullptr && around->isDependentContext()) return false;
  }
  return !llvm::isa<clang::ClassTemplatePartialSpecializationDecl>(record);
}

}  // namespace

void Collector::read_record(const CXXRecordDecl& record) {
  if (!is_storable(record, text_.sources())) return;
  Record result;
  result.name = "::" + text_.qualified_name(record);
  result.place = text_.place(record.getLocation());
  if (const auto* specialization =
          llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record)) {
    result.name = "::" + text_.qualified_type(clang::QualType(specialization->getTypeForDecl(), 0));
  }
  if (const auto* pattern = record.getDescribedClassTemplate()) {
    result.head = text_.head(*pattern->getTemplateParameters());
    result.name += '<';
    for (std::size_t i = 0; i < result.head->arguments.size(); ++i) {
      result.name += (i == 0 ? "" : ", ") + result.head->arguments[i];
    }
    result.name += '>';
  }
  for (const clang::CXXBaseSpecifier& base : record.bases()) {
    const CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition != nullptr && definition->hasDefinition() && definition->isEmpty()) continue;
    result.bases.push_back(base.getType()->isDependentType()
                               ? text_.type(base.getType())
                               : text_.qualified_type(base.getType()));
  }
  for (const clang::FieldDecl* field : record.fields()) {
    if (field->isUnnamedBitField() || find_annotation(*field, Annotation::transient) != nullptr) {
      continue;
    }
    Record::Field stored;
    stored.name = field->getNameAsString();
    stored.type = text_.qualified_type(field->getType());
    stored.is_bit_field = field->isBitField();
    stored.place = text_.place(field->getLocation());
    result.fields.push_back(std::move(stored));
  }
  result.can_be_exception =
      !result.head && !record.hasAttr<clang::FinalAttr>() && is_certain_to_travel(record) &&
      record.getAccess() != clang::AS_private && record.getAccess() != clang::AS_protected;
  result.is_exception = result.can_be_exception && derives_from_std_exception(record);
  unit_.records.push_back(std::move(result));
}

}  // namespace ray::compiler
