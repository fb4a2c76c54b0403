#include "compiler/frontend/source_split.h"

#include <algorithm>

#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

namespace tok = clang::tok;
using Tokens = std::vector<RawToken>;

bool is_directive(const Tokens& tokens, std::size_t i) {
  return tokens[i].kind == tok::hash && tokens[i].starts_line && i + 1 < tokens.size();
}

bool is_include(const RawToken& word) {
  return word.is_word("include") || word.is_word("include_next") || word.is_word("import");
}

bool begins_condition(const RawToken& word) {
  return word.is_word("if") || word.is_word("ifdef") || word.is_word("ifndef");
}

bool is_alternative(const RawToken& word) {
  return word.is_word("else") || word.is_word("elif") || word.is_word("elifdef") ||
         word.is_word("elifndef");
}

// The directive or token that follows the directive at `i`.
std::size_t after_directive(const Tokens& tokens, std::size_t i) {
  do {
    ++i;
  } while (tokens[i].kind != tok::eof && !tokens[i].starts_line);
  return i;
}

// The offset behind the line that ends with the token before `next`.
std::size_t end_of_line(llvm::StringRef text, const Tokens& tokens, std::size_t next) {
  const std::size_t newline = text.find('\n', tokens[next - 1].end());
  return newline == llvm::StringRef::npos ? text.size() : newline + 1;
}

// `#ifndef NAME`, `#define NAME` and an #endif of theirs behind everything else.
bool has_include_guard(const Tokens& tokens) {
  if (!is_directive(tokens, 0) || !tokens[1].is_word("ifndef")) return false;
  std::size_t i = after_directive(tokens, 0);
  if (i != 3 || !is_directive(tokens, i) || !tokens[i + 1].is_word("define") ||
      !tokens[i + 2].is_word(tokens[2].spelling) || after_directive(tokens, i) != i + 3) {
    return false;
  }
  int depth = 1;
  for (; i < tokens.size(); ++i) {
    if (!is_directive(tokens, i)) continue;
    const RawToken& word = tokens[i + 1];
    if (begins_condition(word)) ++depth;
    if (is_alternative(word) && depth == 1) return false;
    if (word.is_word("endif") && --depth == 0) {
      return tokens[after_directive(tokens, i)].kind == tok::eof;
    }
  }
  return false;
}

bool is_pragma(const Tokens& tokens, std::size_t i, llvm::StringRef name) {
  return tokens[i + 1].is_word("pragma") && tokens[i + 2].is_word(name);
}

// What the rest would not go on with, or be warned of as if it were another file.
bool has_lasting_effect(const Tokens& tokens, std::size_t i) {
  const RawToken& word = tokens[i + 1];
  if (word.is_word("pragma")) {
    return !is_pragma(tokens, i, "once") && !is_pragma(tokens, i, "GCC") &&
           !is_pragma(tokens, i, "clang");
  }
  return word.is_word("line") || word.kind == tok::numeric_constant;
}

// What calls remotely has to be read with stubs in place.
bool defines_remote_call(const Tokens& tokens, std::size_t begin, std::size_t end) {
  return tokens[begin + 1].is_word("define") &&
         std::any_of(&tokens[begin], &tokens[end], [](const RawToken& token) {
           return token.is_word("remote") || token.is_word("options");
         });
}

}  // namespace

SourceSplit split_source(llvm::StringRef text) {
  const Tokens tokens = raw_tokens(text);
  SourceSplit result;
  const bool has_guard = has_include_guard(tokens);
  const int outermost = has_guard ? 1 : 0;
  int depth = 0;
  std::size_t i = 0;
  while (is_directive(tokens, i)) {
    const std::size_t next = after_directive(tokens, i);
    if (defines_remote_call(tokens, i, next) || has_lasting_effect(tokens, i)) break;
    const RawToken& word = tokens[i + 1];
    if (begins_condition(word)) ++depth;
    if (word.is_word("endif")) --depth;
    const bool begins_guard = has_guard && i == 3;
    const bool is_cut = depth == outermost && (is_include(word) || word.is_word("endif") ||
                                               begins_guard || is_pragma(tokens, i, "once"));
    const std::size_t end = end_of_line(text, tokens, next);
    // A comment or the line may go on behind it: then the cut waits for the next directive.
    if (is_cut && (tokens[next].kind == tok::eof || tokens[next].offset >= end)) {
      const llvm::StringRef between = text.slice(tokens[next - 1].end(), end);
      if (!between.contains("/*") && !between.contains('\\')) result.head_size = end;
    }
    i = next;
  }
  result.is_guarded = has_guard && result.head_size > 0;
  result.rest_line = 1 + static_cast<unsigned>(text.take_front(result.head_size).count('\n'));
  for (i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].offset < result.head_size) continue;
    if (is_directive(tokens, i) && is_include(tokens[i + 1])) result.rest_includes = true;
  }
  return result;
}

bool may_call_remotely(llvm::StringRef text) {
  if (!text.contains("remote") && !text.contains("options")) return false;
  const Tokens tokens = raw_tokens(text);
  for (std::size_t i = 1; i + 2 < tokens.size(); ++i) {
    if (tokens[i + 1].kind != tok::l_paren) continue;
    const bool is_remote = tokens[i].is_word("remote");
    if (is_remote && tokens[i + 2].kind == tok::l_square) return true;
    if (tokens[i - 1].kind == tok::period && (is_remote || tokens[i].is_word("options"))) {
      return true;
    }
  }
  return false;
}

}  // namespace ray::compiler
