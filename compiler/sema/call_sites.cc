#include "compiler/sema/call_sites.h"

#include <optional>

#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

namespace tok = clang::tok;
using Tokens = std::vector<RawToken>;

// For the `>` at `i`, the `<` that opens it.
std::optional<std::size_t> opening_angle(const Tokens& tokens, std::size_t i) {
  int depth = 0;
  for (;; --i) {
    if (tokens[i].kind == tok::greater) ++depth;
    if (tokens[i].kind == tok::greatergreater) depth += 2;
    if (tokens[i].kind == tok::less && --depth == 0) return i;
    const bool ends = tokens[i].kind == tok::semi || tokens[i].kind == tok::l_brace ||
                      tokens[i].kind == tok::r_brace;
    if (i == 0 || ends || depth < 0) return std::nullopt;
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

}  // namespace

std::vector<CallSite> find_call_sites(const std::string& path, llvm::StringRef text,
                                      const std::set<std::string>& remote_names) {
  std::vector<CallSite> result;
  if (!text.contains("remote") && !text.contains("options")) return result;
  const Tokens tokens = raw_tokens(text);
  for (std::size_t i = 2; i + 1 < tokens.size(); ++i) {
    const bool is_call = tokens[i].is_word("remote") || tokens[i].is_word("options");
    if (!is_call || tokens[i - 1].kind != tok::period || tokens[i + 1].kind != tok::l_paren)
      continue;
    std::size_t name = i - 2;
    std::string arguments;
    if (tokens[name].kind == tok::greater || tokens[name].kind == tok::greatergreater) {
      const std::optional<std::size_t> open = opening_angle(tokens, name);
      if (!open || *open == 0) continue;
      arguments = text.slice(tokens[*open].offset, tokens[name].end()).str();
      name = *open - 1;
    }
    if (tokens[name].kind != tok::raw_identifier) continue;
    if (remote_names.count(tokens[name].spelling) == 0) continue;
    const bool is_member =
        name > 0 && (tokens[name - 1].kind == tok::period || tokens[name - 1].kind == tok::arrow);
    if (is_member) continue;
    CallSite site;
    site.place.path = path;
    site.place.offset = tokens[name].offset;
    site.length = tokens[i].end() - tokens[name].offset;
    site.text = fitted(tokens[name].spelling + "$" + tokens[i].spelling + arguments,
                       text.substr(site.place.offset, site.length));
    result.push_back(std::move(site));
  }
  return result;
}

}  // namespace ray::compiler
