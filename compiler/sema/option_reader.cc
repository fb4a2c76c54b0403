#include "compiler/sema/option_reader.h"

#include <algorithm>
#include <set>

#include "clang/AST/DeclCXX.h"
#include "clang/Lex/MacroInfo.h"
#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

// The text after macro expansion, and for each of its bytes (and its end) where that came from.
struct ExpandedText {
  std::string text;
  std::vector<std::size_t> origins;

  void append(llvm::StringRef piece, std::size_t origin, bool is_verbatim) {
    for (std::size_t i = 0; i < piece.size(); ++i) {
      origins.push_back(is_verbatim ? origin + i : origin);
    }
    text += piece;
  }
};

std::string definition(const clang::MacroInfo& macro, const clang::Preprocessor& preprocessor) {
  std::string result;
  for (const clang::Token& token : macro.tokens()) {
    if (token.hasLeadingSpace() && !result.empty()) result += ' ';
    result += preprocessor.getSpelling(token);
  }
  return result;
}

void expand(llvm::StringRef text, std::size_t origin, bool is_verbatim,
            clang::Preprocessor& preprocessor, std::set<std::string>& active, ExpandedText& out) {
  std::size_t done = 0;
  const std::string copy = text.str();
  for (const RawToken& token : raw_tokens(copy)) {
    if (token.kind != clang::tok::raw_identifier) continue;
    const clang::MacroInfo* macro =
        preprocessor.getMacroInfo(preprocessor.getIdentifierInfo(token.spelling));
    if (macro == nullptr || !macro->isObjectLike() || macro->isBuiltinMacro()) continue;
    if (!active.insert(token.spelling).second) continue;
    out.append(text.slice(done, token.offset), is_verbatim ? origin + done : origin, is_verbatim);
    expand(definition(*macro, preprocessor), is_verbatim ? origin + token.offset : origin, false,
           preprocessor, active, out);
    active.erase(token.spelling);
    done = token.end();
  }
  out.append(text.substr(done), is_verbatim ? origin + done : origin, is_verbatim);
}

// Whether `name` is declared in `context`, in what it uses, or in a base.
const clang::NamedDecl* look_up_in(const clang::DeclContext& context, clang::DeclarationName name,
                                   std::set<const clang::DeclContext*>& seen) {
  if (!seen.insert(context.getPrimaryContext()).second) return nullptr;
  for (const clang::NamedDecl* found : context.getPrimaryContext()->lookup(name)) return found;
  for (const clang::UsingDirectiveDecl* directive :
       context.getPrimaryContext()->using_directives()) {
    if (const auto* found = look_up_in(*directive->getNominatedNamespace(), name, seen))
      return found;
  }
  const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(&context);
  if (record == nullptr || !record->hasDefinition()) return nullptr;
  for (const clang::CXXBaseSpecifier& base : record->bases()) {
    const clang::CXXRecordDecl* definition = base.getType()->getAsCXXRecordDecl();
    if (definition == nullptr) continue;
    if (const auto* found = look_up_in(*definition, name, seen)) return found;
  }
  return nullptr;
}

const clang::DeclContext* inside(const clang::NamedDecl* declaration) {
  if (const auto* alias = llvm::dyn_cast<clang::NamespaceAliasDecl>(declaration)) {
    return alias->getNamespace();
  }
  if (const auto* typedef_name = llvm::dyn_cast<clang::TypedefNameDecl>(declaration)) {
    return typedef_name->getUnderlyingType()->getAsCXXRecordDecl();
  }
  return llvm::dyn_cast<clang::DeclContext>(declaration);
}

// Whether "ns::Timeout" names something, as far as that can be told.
bool is_declared(llvm::StringRef spelling, const OptionScope& scope) {
  const clang::DeclContext* context = nullptr;
  if (spelling.consume_front("::")) context = scope.ast.getTranslationUnitDecl();
  while (!spelling.empty()) {
    const auto [first, rest] = spelling.split("::");
    const clang::DeclarationName name(&scope.ast.Idents.get(first.trim()));
    const clang::NamedDecl* found = nullptr;
    std::set<const clang::DeclContext*> seen;
    if (context != nullptr) {
      found = look_up_in(*context, name, seen);
    } else {
      for (context = &scope.context; context != nullptr && found == nullptr;
           context = context->getParent()) {
        if (context->isDependentContext()) return true;
        found = look_up_in(*context, name, seen);
      }
    }
    if (found == nullptr) return false;
    if (const auto* shadow = llvm::dyn_cast<clang::UsingShadowDecl>(found)) {
      found = shadow->getTargetDecl();
    }
    context = inside(found);
    if (context == nullptr) return rest.empty();
    spelling = rest;
  }
  return true;
}

constexpr unsigned kTypoDistanceMax = 2;

void check_group(ParsedOptions& options, const Counts& groups) {
  const auto& [group, name_range, range] = *options.concurrency_group;
  std::string nearest;
  unsigned least = kTypoDistanceMax + 1;
  for (const auto& [known, size] : groups) {
    const unsigned distance = llvm::StringRef(known).edit_distance(group, true, least);
    if (distance == 0) return;
    if (distance >= least) continue;
    least = distance;
    nearest = known;
  }
  std::string message = "the class has no concurrency group '" + group + "'";
  if (!nearest.empty()) message += "; did you mean '" + nearest + "'?";
  options.errors.push_back({range.offset, range.length, message,
                            "the groups are those of the class's annotation: concurrency_groups = "
                            "{" +
                                group + ": 1}",
                            "", DiagnosticKind::unknown_group});
}

// What the parser cannot know: whether exception types and concurrency groups exist.
void check_names(ParsedOptions& options, const OptionScope& scope) {
  if (options.concurrency_group && scope.groups != nullptr) check_group(options, *scope.groups);
  if (!options.retry_exceptions) return;
  for (const TypeName& type : options.retry_exceptions->value.types) {
    if (is_declared(type.spelling, scope)) continue;
    options.errors.push_back({type.range.offset, type.range.length,
                              "'" + type.spelling + "' is not a type that is declared here",
                              "declare it above, or write its name with its namespace", "",
                              DiagnosticKind::option_value});
  }
}

}  // namespace

ParsedOptions read_options(const std::string& text, const SourcePlace& place, OptionTarget target,
                           const OptionScope& scope, clang::Preprocessor& preprocessor,
                           std::vector<Diagnostic>& diagnostics) {
  ExpandedText expanded;
  std::set<std::string> active;
  expand(text, 0, true, preprocessor, active, expanded);
  expanded.origins.push_back(text.size());

  ParsedOptions result = parse_options(expanded.text, target);
  check_names(result, scope);
  for (const OptionError& error : result.errors) {
    const std::size_t last = expanded.origins.size() - 1;
    const std::size_t begin = expanded.origins[std::min(error.offset, last)];
    const std::size_t end = expanded.origins[std::min(error.offset + error.length, last)];
    Diagnostic diagnostic(error.kind);
    diagnostic.place = place;
    diagnostic.place.offset += begin;
    diagnostic.length = end > begin ? end - begin : 0;
    diagnostic.message = error.message;
    if (expanded.text == text) diagnostic.fixit = error.fixit;
    if (!error.note.empty()) diagnostic.notes.push_back({diagnostic.place, error.note});
    diagnostics.push_back(std::move(diagnostic));
  }
  return result;
}

}  // namespace ray::compiler
