// The part of Collector that finds annotations, and options, which nothing would act on.
#include <string>

#include "clang/AST/DeclCXX.h"
#include "clang/Basic/CharInfo.h"
#include "compiler/calls/own_codec.h"
#include "compiler/frontend/record_marker.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/sema/collector.h"

namespace ray::compiler {
namespace {

using clang::AnnotateAttr;
using clang::CXXMethodDecl;
using clang::CXXRecordDecl;
using clang::FunctionDecl;

constexpr std::size_t kRemoteLength = sizeof("remote") - 1;
constexpr std::size_t kMethodLength = sizeof("method") - 1;
constexpr std::size_t kTransientLength = sizeof("transient") - 1;

bool has_same_options(const ParsedOptions& a, const ParsedOptions& b) {
  if (render_options(a) != render_options(b)) return false;
  if (!a.num_returns || !b.num_returns) return !a.num_returns && !b.num_returns;
  const NumReturns& x = a.num_returns->value;
  const NumReturns& y = b.num_returns->value;
  return x.all == y.all && (x.all || x.count == y.count);
}

// What `field` is stored as a part of: a union, or a class that is no anonymous one.
const CXXRecordDecl& owner_of(const clang::FieldDecl& field) {
  const auto* record = llvm::cast<CXXRecordDecl>(field.getParent());
  while (!record->isUnion() && record->isAnonymousStructOrUnion()) {
    record = llvm::cast<CXXRecordDecl>(record->getParent());
  }
  return *record;
}

// Neither by itself nor as the type of a field.
bool is_unnamed(const CXXRecordDecl& record) {
  return record.getIdentifier() == nullptr && record.getTypedefNameForAnonDecl() == nullptr &&
         !is_unnamed_member(record);
}

}  // namespace

bool Collector::has_options(const AnnotateAttr& annotation) const {
  const RemoteAttribute* attribute = text_.attribute(annotation.getRange().getEnd());
  return attribute != nullptr && !llvm::StringRef(attribute->text).trim().empty();
}

// Adds it to the note that it is missing from `declaration`.
void Collector::suggest_annotation(const AnnotateAttr& annotation, const FunctionDecl& declaration,
                                   Diagnostic::Note& note) const {
  const clang::SourceLocation begin = declaration.getInnerLocStart();
  if (begin.isMacroID() || annotation.getRange().getEnd().isMacroID()) return;
  if (text_.sources().isInSystemHeader(begin)) return;
  const RemoteAttribute* attribute = text_.attribute(annotation.getRange().getEnd());
  if (attribute == nullptr) return;
  note.insertion = "[[" + annotation.getAnnotation().str();
  if (!attribute->text.empty()) note.insertion += "(" + attribute->text + ")";
  note.insertion += "]] ";
  note.insertion_place = text_.place(begin);
}

// Callers know the options of the first declaration, or of the template.
void Collector::check_redeclaration(const FunctionDecl& function, const FunctionDecl& first,
                                    const AnnotateAttr& annotation) {
  const std::string quoted = "'" + function.getNameAsString() + "'";
  if (find_annotation(first, Annotation::remote) == nullptr) {
    Diagnostic& diagnostic =
        report(DiagnosticKind::late_annotation, annotation.getRange().getEnd(), kRemoteLength,
               "'ray::remote' must be on the first declaration of " + quoted);
    diagnostic.notes.push_back({text_.place(first.getLocation()),
                                "the first declaration is here: move the attribute to it"});
    suggest_annotation(annotation, first, diagnostic.notes.back());
    return;
  }
  if (!has_options(annotation)) return;
  const ParsedOptions options = read_annotation(annotation, OptionTarget::task, function);
  const auto known = function_options_.find(&first);
  if (known == function_options_.end() || !options.errors.empty()) return;
  if (has_same_options(options, known->second)) return;
  const bool is_specialisation =
      function.getTemplateSpecializationKind() == clang::TSK_ExplicitSpecialization;
  Diagnostic& diagnostic = report(
      DiagnosticKind::repeated_option, annotation.getRange().getEnd(), kRemoteLength,
      is_specialisation ? "a specialisation of " + quoted + " has the options of its template"
                        : quoted + " has other options on its first declaration");
  diagnostic.notes.push_back({text_.place(first.getLocation()),
                              is_specialisation
                                  ? "that is here: give these with '.options({...})' at the call"
                                  : "that is here, and counts: write the options there, once"});
}

void Collector::check_forward_declaration(const CXXRecordDecl& record,
                                          const AnnotateAttr& annotation) {
  const CXXRecordDecl* definition = record.getDefinition();
  const bool is_lost =
      definition != nullptr && find_annotation(*definition, Annotation::remote) == nullptr;
  if (!is_lost && !has_options(annotation)) return;
  const std::string quoted = "'" + record.getNameAsString() + "'";
  Diagnostic& diagnostic = report(
      DiagnosticKind::misplaced_annotation, annotation.getRange().getEnd(), kRemoteLength,
      is_lost
          ? "'ray::remote' is on a forward declaration of " + quoted + ", but not on its definition"
          : "options on a forward declaration of " + quoted + " are those of no actor");
  const SourcePlace place =
      definition == nullptr ? diagnostic.place : text_.place(definition->getLocation());
  diagnostic.notes.push_back({place, is_lost ? "the definition is here: annotate it"
                                             : "they go on the definition of the class"});
}

// C++ gives attributes before a class to what is declared with it, which here is nothing.
void Collector::check_before_class(const CXXRecordDecl& record) {
  if (!record.isFreeStanding()) return;
  const clang::SourceLocation name = text_.attribute_before(record.getInnerLocStart());
  if (name.isInvalid()) return;
  const llvm::StringRef spelling =
      llvm::StringRef(text_.sources().getCharacterData(name)).take_while([](char c) {
        return clang::isAsciiIdentifierContinue(c);
      });
  const std::string key = record.getKindName().str();
  const bool is_anonymous = record.isAnonymousStructOrUnion();
  Diagnostic& diagnostic =
      report(DiagnosticKind::misplaced_annotation, name, spelling.size(),
             "'ray::" + spelling.str() + "' " +
                 (is_anonymous ? "does not apply to an anonymous " + key
                               : "before '" + key + "' does not apply to the class"));
  diagnostic.notes.push_back(
      {diagnostic.place, is_anonymous ? "C++ knows no attributes of one: give it a name"
                                      : "write '" + key + " [[ray::" + spelling.str() + "]] " +
                                            record.getNameAsString() + "'"});
}

bool Collector::VisitFieldDecl(clang::FieldDecl* field) {
  if (field->getIdentifier() != nullptr) variables_.push_back(field);
  const AnnotateAttr* annotation = find_annotation(*field, Annotation::transient);
  if (annotation == nullptr) return true;
  if (has_options(*annotation)) {
    report(DiagnosticKind::option_target, annotation->getRange().getEnd(), kTransientLength,
           "'ray::transient' takes no options");
  }
  const auto refuse = [&](const std::string& why) -> Diagnostic& {
    return report(DiagnosticKind::misplaced_annotation, annotation->getRange().getEnd(),
                  kTransientLength, "'ray::transient' " + why);
  };
  const CXXRecordDecl& owner = owner_of(*field);
  if (owner.isUnion()) {
    Diagnostic& diagnostic = refuse("does not apply to a member of a union");
    diagnostic.notes.push_back(
        {diagnostic.place, "a union travels as a whole: put it on a field that holds the union"});
  } else if (is_unnamed(owner)) {
    Diagnostic& diagnostic = refuse("means nothing here: an unnamed class cannot be sent");
    diagnostic.notes.push_back({text_.place(owner.getLocation()), "give it a name"});
  } else if (const auto codec = find_own_codec(owner);
             codec && !codec->is_conditional && codec->inherited_from == nullptr) {
    Diagnostic& diagnostic = refuse("means nothing here: '" + owner.getNameAsString() +
                                    "' is stored by its '" + codec->name + "', not by its fields");
    diagnostic.notes.push_back(
        {text_.place(codec->place), "leave '" + field->getNameAsString() + "' out here"});
  }
  return true;
}

void Collector::check_method_options() {
  for (const CXXMethodDecl* method : methods_with_options_) {
    if (methods_called_.count(method) != 0) continue;
    const CXXRecordDecl& record = *method->getParent();
    const AnnotateAttr* annotation = find_annotation(*method, Annotation::method);
    if (method->isOutOfLine()) {
      Diagnostic& diagnostic =
          report(DiagnosticKind::late_annotation, annotation->getRange().getEnd(), kMethodLength,
                 "'ray::method' must be on the declaration of '" + method->getNameAsString() +
                     "' in its class");
      diagnostic.notes.push_back({text_.place(method->getCanonicalDecl()->getLocation()),
                                  "that is here: move the attribute to it"});
      suggest_annotation(*annotation, *method->getCanonicalDecl(), diagnostic.notes.back());
      continue;
    }
    const bool is_remote = find_annotation(record, Annotation::remote) != nullptr;
    const auto place = text_.sources().getExpansionLoc(record.getLocation());
    // One in a header may be the base of a remote class elsewhere.
    if (!is_remote && !text_.sources().isInMainFile(place)) continue;
    Diagnostic& diagnostic = report(
        DiagnosticKind::misplaced_annotation, annotation->getRange().getEnd(), kMethodLength,
        "'ray::method' means nothing here: '" + method->getNameAsString() +
            (is_remote ? "' cannot be called remotely" : "' is not a method of a remote class"));
    if (is_remote) {
      diagnostic.notes.push_back(
          {text_.place(method->getLocation()), "only public, non-static methods can"});
    } else {
      diagnostic.notes.push_back(
          {text_.place(record.getLocation()),
           "annotate '" + record.getNameAsString() + "' with [[ray::remote]]"});
    }
  }
}

}  // namespace ray::compiler
