#include "compiler/sema/call_sites.h"

#include <optional>

#include "compiler/frontend/raw_tokens.h"
#include "llvm/ADT/STLExtras.h"

namespace ray::compiler {
namespace {

namespace tok = clang::tok;
using Tokens = std::vector<RawToken>;

// For the `>` at `i`, the `<` that opens it.
std::optional<std::size_t> opening_angle(const Tokens& tokens, std::size_t i) {
  int angles = 0;
  int brackets = 0;
  for (;; --i) {
    if (tokens[i].closes()) ++brackets;
    if (tokens[i].opens()) --brackets;
    const bool is_between = brackets > 0;
    if (!is_between && tokens[i].kind == tok::greater) ++angles;
    if (!is_between && tokens[i].kind == tok::greatergreater) angles += 2;
    if (!is_between && tokens[i].kind == tok::less && --angles == 0) return i;
    const bool ends = !is_between && tokens[i].kind == tok::semi;
    if (i == 0 || ends || angles < 0 || brackets < 0) return std::nullopt;
  }
}

// `text` in at least the width of `old`, with its newlines.
std::string fitted(std::string text, llvm::StringRef old) {
  const std::size_t newline = old.find('\n');
  if (newline != llvm::StringRef::npos) {
    for (const char c : old.substr(newline)) text += c == '\n' ? '\n' : ' ';
  }
  if (text.size() < old.size()) text.append(old.size() - text.size(), ' ');
  return text;
}

// Where the name and the template arguments of what is called stand; tokens[end] follows them.
struct Callee {
  std::size_t name = 0;
  std::size_t end = 0;
  std::string arguments;  // "<int>"
};

// What ends before tokens[end].
std::optional<Callee> callee_before(llvm::StringRef text, const Tokens& tokens, std::size_t end) {
  if (end == 0) return std::nullopt;
  Callee result{end - 1, end, ""};
  const tok::TokenKind last = tokens[result.name].kind;
  if (last == tok::greater || last == tok::greatergreater) {
    const std::optional<std::size_t> open = opening_angle(tokens, result.name);
    if (!open || *open == 0) return std::nullopt;
    result.arguments = text.slice(tokens[*open].offset, tokens[result.name].end()).str();
    result.name = *open - 1;
  }
  if (tokens[result.name].kind != tok::raw_identifier) return std::nullopt;
  return result;
}

bool is_member(const Tokens& tokens, std::size_t i) {
  return i > 0 && (tokens[i - 1].kind == tok::period || tokens[i - 1].kind == tok::arrow);
}

CallSite site(const std::string& path, llvm::StringRef text, std::size_t begin, std::size_t end,
              std::string by) {
  CallSite result;
  result.place.path = path;
  result.place.offset = begin;
  result.length = end - begin;
  result.text = fitted(std::move(by), text.substr(begin, end - begin));
  return result;
}

// At `remote` or `options`; `locals` are the functions' names that have been declared otherwise.
std::optional<CallSite> find_call(const std::string& path, llvm::StringRef text,
                                  const Tokens& tokens, std::size_t i, const RemoteNames& names,
                                  const std::set<std::string>& locals) {
  const bool is_call = tokens[i].is_word("remote") || tokens[i].is_word("options");
  if (!is_call || tokens[i - 1].kind != tok::period || tokens[i + 1].kind != tok::l_paren) {
    return std::nullopt;
  }
  const std::optional<Callee> callee = callee_before(text, tokens, i - 1);
  if (!callee) return std::nullopt;
  RawToken name = tokens[callee->name];
  const auto macro = names.macros.find(name.spelling);
  if (macro != names.macros.end()) name.spelling = macro->second;
  const bool is_method = is_member(tokens, callee->name);
  if (is_method &&
      (callee->arguments.empty() || names.method_templates.count(name.spelling) == 0)) {
    return std::nullopt;
  }
  if (!is_method && names.functions.count(name.spelling) == 0) return std::nullopt;
  const std::string joint = is_method ? "." : "$";
  CallSite result = site(path, text, name.offset, tokens[i].end(),
                         name.spelling + joint + tokens[i].spelling + callee->arguments);
  const bool is_qualified = callee->name > 0 && tokens[callee->name - 1].kind == tok::coloncolon;
  const bool is_local = !is_qualified && locals.contains(name.spelling);
  result.is_doubtful = !is_method && (is_local || names.variable_names.contains(name.spelling));
  return result;
}

// At `task`: of a template's instance nothing but the call tells that it has to be listed.
std::optional<CallSite> find_task(const std::string& path, llvm::StringRef text,
                                  const Tokens& tokens, std::size_t i, const RemoteNames& names) {
  if (!tokens[i].is_word("task") || tokens[i + 1].kind != tok::l_paren) return std::nullopt;
  std::size_t close = i + 1;
  for (int depth = 0; close < tokens.size(); ++close) {
    if (tokens[close].kind == tok::l_paren) ++depth;
    if (tokens[close].kind == tok::r_paren && --depth == 0) break;
  }
  const std::optional<Callee> callee = callee_before(text, tokens, close);
  if (!callee || callee->arguments.empty() || is_member(tokens, callee->name)) return std::nullopt;
  const RawToken& name = tokens[callee->name];
  if (callee->name <= i || names.function_templates.count(name.spelling) == 0) return std::nullopt;
  return site(path, text, name.offset, tokens[close - 1].end(),
              name.spelling + "$task" + callee->arguments + "()");
}

// Knows of each `{` in turn whether it opens a namespace or something else.
class Braces {
 public:
  void read(const Tokens& tokens, std::size_t i) {
    const RawToken& token = tokens[i];
    if (token.kind == tok::l_brace) are_namespaces_.push_back(is_namespace_);
    if (token.kind == tok::r_brace && !are_namespaces_.empty()) are_namespaces_.pop_back();
    const bool is_between = token.opens() || token.closes() || token.kind == tok::semi;
    const bool is_linkage =
        token.kind == tok::string_literal && i > 0 && tokens[i - 1].is_word("extern");
    is_namespace_ = !is_between && (is_namespace_ || token.is_word("namespace") || is_linkage);
  }
  bool is_in_body() const {
    return llvm::any_of(are_namespaces_, [](bool is_namespace) { return !is_namespace; });
  }

 private:
  std::vector<bool> are_namespaces_;
  bool is_namespace_ = false;  // what a `{` would open now
};

// Behind a name of a `using` that stands in a body, which the first pass does not read.
std::optional<CallSite> find_used_name(const std::string& path, llvm::StringRef text,
                                       const Tokens& tokens, std::size_t begin, std::size_t end,
                                       const RemoteNames& names) {
  if (end < begin + 2) return std::nullopt;
  const RawToken& name = tokens[end - 1];
  const bool has_scope = end > begin + 2 && tokens[end - 3].kind == tok::raw_identifier;
  std::string scope = has_scope ? tokens[end - 3].spelling : "";
  std::set<std::string> seen;
  for (auto alias = names.aliases.find(scope);
       alias != names.aliases.end() && seen.insert(scope).second &&
       names.qualified.count(scope + "::" + name.spelling) == 0;
       alias = names.aliases.find(scope)) {
    scope = alias->second;
  }
  if (names.qualified.count(scope + "::" + name.spelling) == 0) return std::nullopt;
  const std::string written = text.slice(tokens[begin].offset, name.end()).str();
  CallSite result;
  result.place.path = path;
  result.place.offset = name.end();
  for (const char* stub : {"$remote", "$sel", "$options"}) result.text += ", " + written + stub;
  return result;
}

// At `namespace`, of an alias: to `aliases`.
void add_alias(const Tokens& tokens, std::size_t i, std::map<std::string, std::string>& aliases) {
  if (i + 3 >= tokens.size() || tokens[i + 2].kind != tok::equal) return;
  std::size_t end = i + 3;
  while (end < tokens.size() && tokens[end].kind != tok::semi) ++end;
  if (tokens[end - 1].kind == tok::raw_identifier) {
    aliases.insert_or_assign(tokens[i + 1].spelling, tokens[end - 1].spelling);
  }
}

// At such a `using`.
void add_used_names(const std::string& path, llvm::StringRef text, const Tokens& tokens,
                    std::size_t i, const RemoteNames& names, std::vector<CallSite>& out) {
  for (std::size_t begin = i + 1, end = begin; end < tokens.size(); ++end) {
    const tok::TokenKind kind = tokens[end].kind;
    if (kind == tok::raw_identifier || kind == tok::coloncolon) continue;
    if (kind != tok::comma && kind != tok::semi) return;  // an alias
    if (auto name = find_used_name(path, text, tokens, begin, end, names)) {
      out.push_back(std::move(*name));
    }
    if (kind == tok::semi) return;
    begin = end + 1;
  }
}

bool is_word_before_value(const RawToken& token) {
  constexpr llvm::StringRef kWords[] = {"return", "co_return", "co_yield", "co_await",
                                        "throw",  "else",      "case",     "goto"};
  return token.kind == tok::raw_identifier && llvm::is_contained(kWords, token.spelling);
}

// Whether tokens[i], a name, looks like that of a variable or a parameter where it is declared;
// what looks so by chance costs time only.
bool declares_variable(const Tokens& tokens, std::size_t i, bool is_in_body) {
  std::size_t before = i - 1;
  while (before > 0 && (tokens[before].kind == tok::amp || tokens[before].kind == tok::ampamp ||
                        tokens[before].kind == tok::star || tokens[before].kind == tok::ellipsis)) {
    --before;
  }
  const RawToken& type = tokens[before];
  const tok::TokenKind next = tokens[i + 1].kind;
  const bool ends = next == tok::semi || next == tok::equal || next == tok::l_brace;
  // Parts of a binding, captures, variables of one type.
  if (type.kind == tok::l_square || type.kind == tok::comma) {
    return ends || next == tok::r_square || next == tok::comma;
  }
  const bool has_type = type.kind == tok::greater || type.kind == tok::greatergreater ||
                        type.kind == tok::r_brace || type.kind == tok::r_paren ||
                        (type.kind == tok::raw_identifier && !is_word_before_value(type));
  return has_type &&
         (ends || next == tok::comma || next == tok::colon || next == tok::r_paren ||
          next == tok::l_square || next == tok::greater || (next == tok::l_paren && is_in_body));
}

// Those of `functions` that seem to be variables' names somewhere, too.
std::set<std::string> local_names(const Tokens& tokens, const std::set<std::string>& functions) {
  std::set<std::string> result;
  Braces braces;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    braces.read(tokens, i);
    if (i < 2 || tokens[i].kind != tok::raw_identifier) continue;
    if (!functions.contains(tokens[i].spelling)) continue;
    if (declares_variable(tokens, i, braces.is_in_body())) result.insert(tokens[i].spelling);
  }
  return result;
}

}  // namespace

std::vector<CallSite> find_call_sites(const std::string& path, llvm::StringRef text,
                                      const RemoteNames& known) {
  std::vector<CallSite> result;
  const bool has_tasks = !known.function_templates.empty() && text.contains("task");
  if (!has_tasks && !text.contains("remote") && !text.contains("options")) return result;
  const Tokens tokens = raw_tokens(text);
  RemoteNames names = known;  // and the aliases that bodies declare
  Braces braces;
  const std::set<std::string> locals = local_names(tokens, names.functions);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    braces.read(tokens, i);
    if (i < 2 || tokens[i].kind != tok::raw_identifier) continue;
    if (tokens[i].is_word("namespace")) add_alias(tokens, i, names.aliases);
    if (tokens[i].is_word("using") && braces.is_in_body()) {
      add_used_names(path, text, tokens, i, names, result);
    }
    if (auto call = find_call(path, text, tokens, i, names, locals))
      result.push_back(std::move(*call));
    if (auto task = find_task(path, text, tokens, i, names)) result.push_back(std::move(*task));
  }
  return result;
}

}  // namespace ray::compiler
