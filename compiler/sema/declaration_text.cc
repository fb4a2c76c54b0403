#include "compiler/sema/declaration_text.h"

#include <cctype>

#include "clang/AST/DeclCXX.h"
#include "clang/Lex/Lexer.h"
#include "compiler/calls/library.h"
#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

namespace tok = clang::tok;

clang::PrintingPolicy written_policy(const clang::LangOptions& language) {
  clang::PrintingPolicy policy(language);
  policy.SuppressUnwrittenScope = true;
  policy.SplitTemplateClosers = false;
  return policy;
}

clang::PrintingPolicy qualified_policy(const clang::LangOptions& language) {
  clang::PrintingPolicy policy = written_policy(language);
  policy.FullyQualifiedName = true;
  policy.PrintCanonicalTypes = true;
  return policy;
}

// The text of one template parameter without its default argument.
std::string without_default(const clang::NamedDecl& parameter, const std::string& text) {
  bool has_default = false;
  if (const auto* type = llvm::dyn_cast<clang::TemplateTypeParmDecl>(&parameter)) {
    has_default = type->hasDefaultArgument();
  } else if (const auto* value = llvm::dyn_cast<clang::NonTypeTemplateParmDecl>(&parameter)) {
    has_default = value->hasDefaultArgument();
  } else if (const auto* tmpl = llvm::dyn_cast<clang::TemplateTemplateParmDecl>(&parameter)) {
    has_default = tmpl->hasDefaultArgument();
  }
  if (!has_default) return text;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<' || text[i] == '(') ++depth;
    if (text[i] == '>' || text[i] == ')') --depth;
    if (text[i] == '=' && depth == 0) return text.substr(0, i);
  }
  return text;
}

// Without the second half of a `>>` that ends the list as well.
std::string balanced(std::string text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<') ++depth;
    if (text[i] == '>' && (i == 0 || text[i - 1] != '-')) --depth;
  }
  if (depth < 0 && text.ends_with('>')) text.pop_back();
  return text;
}

const clang::TypeConstraint* type_constraint(const clang::NamedDecl& parameter) {
  const auto* type = llvm::dyn_cast<clang::TemplateTypeParmDecl>(&parameter);
  return type == nullptr ? nullptr : type->getTypeConstraint();
}

// "std::integral", "n::convertible_to<int>".
clang::SourceRange range_of(const clang::TypeConstraint& constraint) {
  const clang::NestedNameSpecifierLoc scope = constraint.getNestedNameSpecifierLoc();
  const auto* arguments = constraint.getTemplateArgsAsWritten();
  const bool has_arguments = arguments != nullptr && arguments->getRAngleLoc().isValid();
  return {scope ? scope.getBeginLoc() : constraint.getConceptNameLoc(),
          has_arguments ? arguments->getRAngleLoc() : constraint.getConceptNameLoc()};
}

}  // namespace

DeclarationText::DeclarationText(clang::ASTContext& context, const Files& files,
                                 const MacroExpansions& expansions)
    : context_(context),
      sources_(context.getSourceManager()),
      files_(files),
      expansions_(expansions),
      written_(written_policy(context.getLangOpts())),
      qualified_(qualified_policy(context.getLangOpts())) {}

bool DeclarationText::is_foreign(const clang::Decl& declaration) const {
  return sources_.isInSystemHeader(declaration.getLocation()) ||
         outermost_namespace(declaration) == "Eigen";
}

bool DeclarationText::is_unannotated_system(const clang::Decl& declaration) const {
  const clang::SourceLocation location = declaration.getLocation();
  return sources_.isInSystemHeader(location) &&
         masked(sources_.getFileID(sources_.getExpansionLoc(location))) == nullptr;
}

SourcePlace DeclarationText::place(clang::SourceLocation location) const {
  const clang::SourceLocation file_location = sources_.getExpansionLoc(location);
  const auto [file, offset] = sources_.getDecomposedLoc(file_location);
  const clang::PresumedLoc presumed = sources_.getPresumedLoc(file_location);
  SourcePlace result;
  if (const auto entry = sources_.getFileEntryRefForID(file)) result.path = entry->getName().str();
  result.offset = offset;
  if (presumed.isValid()) {
    result.shown_file = presumed.getFilename();
    result.line = presumed.getLine();
  }
  return result;
}

DeclarationText::Range DeclarationText::range(clang::SourceLocation begin,
                                              clang::SourceLocation end) const {
  const auto [file, first] = sources_.getDecomposedLoc(sources_.getExpansionLoc(begin));
  const clang::SourceLocation last = sources_.getExpansionRange(end).getEnd();
  const auto [end_file, end_offset] = sources_.getDecomposedLoc(last);
  if (file != end_file || end_offset < first) return {file, first, first};
  return {file, first,
          end_offset + clang::Lexer::MeasureTokenLength(last, sources_, context_.getLangOpts())};
}

std::string DeclarationText::text(clang::SourceLocation begin, clang::SourceLocation end) const {
  const Range range = this->range(begin, end);
  return expansions_.text(range.file, range.begin, range.end, begin, end, sources_);
}

std::size_t DeclarationText::length(clang::SourceRange tokens) const {
  const Range range = this->range(tokens.getBegin(), tokens.getEnd());
  return range.end - range.begin;
}

bool DeclarationText::has_macros(clang::SourceLocation begin, clang::SourceLocation end) const {
  const Range range = this->range(begin, end);
  return expansions_.any(range.file, range.begin, range.end);
}

std::string DeclarationText::type(clang::QualType type) const { return type.getAsString(written_); }

std::string DeclarationText::qualified_type(clang::QualType type) const {
  return type.getCanonicalType().getAsString(qualified_);
}

std::string DeclarationText::value_type(clang::QualType type) const {
  return value_type_name(type, context_.getLangOpts());
}

std::string DeclarationText::qualified_name(const clang::NamedDecl& declaration) const {
  std::string result;
  llvm::raw_string_ostream stream(result);
  declaration.printQualifiedName(stream, written_);
  return result;
}

const MaskedSource* DeclarationText::masked(clang::FileID file) const {
  const auto entry = sources_.getFileEntryRefForID(file);
  if (!entry) return nullptr;
  const auto found = files_.find(entry->getName().str());
  return found == files_.end() ? nullptr : &found->second.masked;
}

const RemoteAttribute* DeclarationText::attribute(clang::SourceLocation name) const {
  const auto [file, offset] = sources_.getDecomposedLoc(sources_.getSpellingLoc(name));
  const MaskedSource* source = masked(file);
  return source == nullptr ? nullptr : source->find(offset);
}

clang::SourceLocation DeclarationText::attribute_before(clang::SourceLocation begin) const {
  const auto [file, begin_offset] = sources_.getDecomposedLoc(sources_.getExpansionLoc(begin));
  const MaskedSource* source = masked(file);
  if (source == nullptr) return {};
  std::size_t offset = begin_offset;
  for (auto group = source->groups.rbegin(); group != source->groups.rend(); ++group) {
    if (group->end > offset) continue;
    if (source->text.find_first_not_of(" \t\r\n", group->end) < offset) return {};
    for (const RemoteAttribute& attribute : source->attributes) {
      if (attribute.name < group->begin || attribute.name >= group->end) continue;
      return sources_.getLocForStartOfFile(file).getLocWithOffset(static_cast<int>(attribute.name));
    }
    offset = group->begin;
  }
  return {};
}

clang::SourceLocation DeclarationText::begin(const clang::Decl& declaration,
                                             clang::SourceLocation annotation) const {
  clang::SourceLocation first = declaration.getBeginLoc();
  if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(&declaration)) {
    first = function->getOuterLocStart();
    if (const auto* pattern = function->getDescribedFunctionTemplate()) {
      const clang::SourceLocation head = pattern->getTemplateParameters()->getTemplateLoc();
      if (head.isValid()) first = head;
    }
    const auto* linkage = llvm::dyn_cast<clang::LinkageSpecDecl>(function->getLexicalDeclContext());
    if (linkage != nullptr && !linkage->hasBraces()) first = linkage->getBeginLoc();
  }
  first = sources_.getExpansionLoc(first);
  const auto [file, first_offset] = sources_.getDecomposedLoc(first);
  std::size_t offset = first_offset;
  const auto [mark_file, mark] = sources_.getDecomposedLoc(sources_.getExpansionLoc(annotation));
  if (mark_file == file && mark < offset) offset = mark;

  const MaskedSource* source = masked(file);
  if (source != nullptr) {
    const std::string& text = source->text;
    for (auto group = source->groups.rbegin(); group != source->groups.rend(); ++group) {
      if (group->begin >= offset) continue;
      const bool is_inside = offset < group->end;
      const bool touches = !is_inside && text.find_first_not_of(" \t\r\n", group->end) >= offset;
      if (is_inside || touches) offset = group->begin;
    }
  }
  return sources_.getLocForStartOfFile(file).getLocWithOffset(static_cast<int>(offset));
}

clang::SourceLocation DeclarationText::end(const clang::FunctionDecl& function) const {
  // Bodies are skipped in the first pass, so the end is looked for in the tokens.
  const clang::SourceLocation start =
      sources_.getExpansionLoc(function.getFunctionTypeLoc().getRParenLoc());
  const auto [file, offset] = sources_.getDecomposedLoc(start);
  int depth = 0;
  for (const RawToken& token : raw_tokens(sources_.getBufferData(file).substr(offset))) {
    if (token.kind == tok::l_brace) ++depth;
    const bool closes = token.kind == tok::r_brace && --depth == 0;
    if (closes || (token.kind == tok::semi && depth == 0)) {
      return start.getLocWithOffset(static_cast<int>(token.end()));
    }
  }
  return start;
}

TemplateHead DeclarationText::head(const clang::TemplateParameterList& parameters) const {
  TemplateHead result;
  unsigned unnamed = 0;
  const std::string invented = "ray_T" + std::to_string(parameters.getDepth()) + "_";
  for (const clang::NamedDecl* parameter : parameters) {
    TemplateParameter written;
    written.is_pack = parameter->isParameterPack();
    written.is_type = llvm::isa<clang::TemplateTypeParmDecl>(parameter);
    std::string name = parameter->getNameAsString();
    clang::SourceLocation begin = parameter->getBeginLoc();
    if (const clang::TypeConstraint* constraint = type_constraint(*parameter)) {
      const clang::SourceRange range = range_of(*constraint);
      written.constraint = text(range.getBegin(), range.getEnd());
      begin = range.getBegin();  // `std::integral T` begins at `std`, where clang says `integral`
    }
    written.declaration = balanced(text(begin, parameter->getEndLoc()));
    written.without_default = without_default(*parameter, written.declaration);
    if (parameter->isImplicit()) {  // of `auto x`
      written.is_invented = true;
      name = invented + std::to_string(unnamed++);
      written.declaration = (written.constraint.empty() ? "class" : written.constraint) +
                            (written.is_pack ? "... " : " ") + name;
      written.without_default = written.declaration;
    } else if (name.empty()) {
      name = invented + std::to_string(unnamed++);
      const std::string value = written.declaration.substr(written.without_default.size());
      const bool lacks_dots = written.is_pack && !written.without_default.ends_with("...");
      written.without_default += (lacks_dots ? "... " : " ") + name;
      written.declaration = written.without_default + " " + value;
    }
    written.argument = name + (written.is_pack ? "..." : "");
    written.unconstrained = written.constraint.empty()
                                ? written.without_default
                                : (written.is_pack ? "class... " : "class ") + name;
    result.parameters.push_back(std::move(written));
  }
  if (const clang::Expr* clause = parameters.getRequiresClause()) {
    result.constraint = "requires " + text(clause->getBeginLoc(), clause->getEndLoc());
  }
  return result;
}

std::string DeclarationText::arguments(const clang::TemplateParameterList& parameters) const {
  std::string result;
  for (const TemplateParameter& parameter : head(parameters).parameters) {
    result += (result.empty() ? "" : ", ") + parameter.argument;
  }
  return result;
}

std::string DeclarationText::record_name(const clang::CXXRecordDecl& record) const {
  std::string name = record.getNameAsString();
  const auto* specialisation = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
  if (llvm::isa<clang::ClassTemplatePartialSpecializationDecl>(record)) {
    const auto& written = *specialisation->getTemplateArgsAsWritten();
    return name + balanced(text(written.getLAngleLoc(), written.getRAngleLoc()));
  }
  if (specialisation != nullptr) {
    llvm::raw_string_ostream stream(name);
    clang::printTemplateArgumentList(stream, specialisation->getTemplateArgs().asArray(),
                                     qualified_);
    return name;
  }
  const clang::ClassTemplateDecl* pattern = record.getDescribedClassTemplate();
  if (pattern == nullptr) return name;
  return name + "<" + arguments(*pattern->getTemplateParameters()) + ">";
}

Scope DeclarationText::scope(const clang::DeclContext& inside) const {
  Scope result;
  for (const clang::DeclContext* context = &inside; context != nullptr;
       context = context->getParent()) {
    Scope::Level level;
    if (const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(context)) {
      level.name = space->getNameAsString();
      level.kind = space->isAnonymousNamespace() ? Scope::Level::Kind::anonymous_namespace
                   : space->isInline()           ? Scope::Level::Kind::inline_namespace
                                                 : Scope::Level::Kind::named_namespace;
    } else if (const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(context)) {
      level.kind = Scope::Level::Kind::record;
      level.name = record_name(*record);
      if (const clang::TemplateParameterList* parameters = record->getDescribedTemplateParams()) {
        level.head = head(*parameters);
      }
    } else {
      continue;
    }
    result.levels.insert(result.levels.begin(), std::move(level));
  }
  return result;
}

}  // namespace ray::compiler
