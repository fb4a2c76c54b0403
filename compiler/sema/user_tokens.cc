#include "compiler/sema/user_tokens.h"

#include <map>

#include "clang/Lex/MacroInfo.h"
#include "compiler/sema/call_sites.h"
#include "compiler/sema/exception_types.h"
#include "compiler/sema/lambda_sites.h"
#include "llvm/ADT/STLExtras.h"

namespace ray::compiler {
namespace {

std::string unqualified(const std::string& name) { return name.substr(name.rfind(':') + 1); }

// A function `name` of `scope`, with the last name around it, "" for the global namespace; of an
// inline namespace, also with the name of what that stands in.
void add_qualified(const Scope& scope, const std::string& name, std::set<std::string>& out) {
  std::vector<std::string> around = {""};
  for (const Scope::Level& level : scope.levels) {
    if (level.kind == Scope::Level::Kind::anonymous_namespace) continue;
    if (level.kind != Scope::Level::Kind::inline_namespace) around.clear();
    around.push_back(level.name);
  }
  for (const std::string& last : around) out.insert(last + "::" + name);
}

// Macros that are nothing but one of `names`.
std::map<std::string, std::string> macros_for(const std::set<std::string>& names,
                                              clang::Preprocessor& preprocessor) {
  // Asking for a macro of a precompiled header changes what is iterated over.
  std::vector<const clang::IdentifierInfo*> identifiers;
  for (const auto& [identifier, state] : preprocessor.macros()) identifiers.push_back(identifier);
  std::map<std::string, std::string> result;
  for (const clang::IdentifierInfo* identifier : identifiers) {
    const clang::MacroInfo* macro = preprocessor.getMacroInfo(identifier);
    if (macro == nullptr || !macro->isObjectLike() || macro->getNumTokens() != 1) continue;
    const clang::IdentifierInfo* meant = macro->getReplacementToken(0).getIdentifierInfo();
    if (meant == nullptr || names.count(meant->getName().str()) == 0) continue;
    result.emplace(identifier->getName().str(), meant->getName().str());
  }
  return result;
}

Diagnostic capture_of_this(const ImplicitCaptures& captures) {
  Diagnostic diagnostic(DiagnosticKind::wrong_argument);
  diagnostic.place = captures.use_of_this;
  diagnostic.message =
      "this remote lambda captures 'this', which cannot reach into another process";
  diagnostic.notes.push_back({captures.place,
                              "capture what it needs by name, as in [size = this->size], or a copy "
                              "of the object: [self = *this]"});
  return diagnostic;
}

}  // namespace

std::set<std::string> names_of(const std::vector<Callable>& functions) {
  std::set<std::string> result;
  for (const Callable& function : functions) result.insert(function.name);
  return result;
}

BodyQuestions read_user_tokens(clang::Preprocessor& preprocessor,
                               const DeclarationText::Files& files, const BodyFacts& facts,
                               TranslationUnit& unit, std::vector<Diagnostic>& diagnostics) {
  const clang::SourceManager& sources = preprocessor.getSourceManager();
  RemoteNames names{names_of(unit.functions), unit.function_templates, unit.method_templates};
  names.variable_names = unit.variable_names;
  names.macros = macros_for(names.functions, preprocessor);
  names.aliases = unit.namespace_aliases;
  for (const Callable& function : unit.functions) {
    add_qualified(function.scope, function.name, names.qualified);
  }
  for (const UsingDeclaration& used : unit.usings) {
    add_qualified(used.scope, used.unqualified, names.qualified);
  }
  // Asking for the text of a precompiled header's file changes what is iterated over.
  std::vector<clang::FileEntryRef> entries;
  for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file) {
    entries.push_back(file->first);
  }
  std::set<std::string> thrown;
  BodyQuestions questions;
  for (const clang::FileEntryRef entry : entries) {
    const std::string path = entry.getName().str();
    const clang::FileID id = sources.translateFile(entry);
    if (id.isInvalid()) continue;
    const bool is_system = sources.isInSystemHeader(sources.getLocForStartOfFile(id));
    const auto known = files.find(path);
    const bool is_annotated = known != files.end() && known->second.masked.is_annotated();
    if (is_system && !is_annotated) continue;
    thrown.merge(find_thrown_names(sources.getBufferData(id)));
    LambdaSites lambdas = find_lambda_sites(path, sources.getBufferData(id), facts.captures);
    questions.captures |= lambdas.asks_captures && !facts.has_captures;
    for (const ImplicitCaptures& refused : lambdas.refused) {
      diagnostics.push_back(capture_of_this(refused));
    }
    for (CallSite& site : lambdas.sites) unit.sites.push_back(std::move(site));
    if (names.functions.empty() && names.method_templates.empty()) continue;
    for (CallSite& site : find_call_sites(path, sources.getBufferData(id), names)) {
      if (site.is_doubtful && contains(facts.calls_of_variables, site.place)) continue;
      const bool is_known = !site.is_doubtful || facts.has_all_calls ||
                            contains(facts.calls_of_functions, site.place);
      questions.calls |= !is_known;
      if (!is_known) continue;
      unit.sites.push_back(std::move(site));
    }
  }
  for (Record& record : unit.records) {
    if (record.can_be_exception && thrown.count(unqualified(record.name)) != 0) {
      record.is_exception = true;
    }
  }
  return questions;
}

void check_attribute_names(const DeclarationText::Files& files,
                           std::vector<Diagnostic>& diagnostics) {
  for (const auto& [path, file] : files) {
    for (const UnknownAttribute& attribute : file.masked.unknown) {
      Diagnostic diagnostic(DiagnosticKind::unknown_annotation);
      diagnostic.place.path = path;
      diagnostic.place.offset = attribute.name;
      diagnostic.length = attribute.spelling.size();
      diagnostic.message = "unknown attribute 'ray::" + attribute.spelling + "'";
      for (const char* name : {"remote", "method", "transient"}) {
        if (llvm::StringRef(name).edit_distance(attribute.spelling) > 2) continue;
        diagnostic.message += std::string("; did you mean 'ray::") + name + "'?";
        diagnostic.fixit = name;
      }
      diagnostics.push_back(std::move(diagnostic));
    }
  }
}

}  // namespace ray::compiler
