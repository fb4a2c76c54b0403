#include "compiler/frontend/source_split.h"

#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

namespace tok = clang::tok;

bool is_directive(const std::vector<RawToken>& tokens, std::size_t i) {
  return tokens[i].kind == tok::hash && tokens[i].starts_line && i + 1 < tokens.size();
}

bool is_include(const RawToken& word) {
  return word.is_word("include") || word.is_word("include_next") || word.is_word("import");
}

// The offset behind the line on which the directive at `i` ends; `i` becomes the next directive or
// token.
std::size_t skip_directive(llvm::StringRef text, const std::vector<RawToken>& tokens,
                           std::size_t& i) {
  do {
    ++i;
  } while (tokens[i].kind != tok::eof && !tokens[i].starts_line);
  const std::size_t last_end = tokens[i - 1].end();
  const std::size_t newline = text.find('\n', last_end);
  return newline == llvm::StringRef::npos ? text.size() : newline + 1;
}

}  // namespace

SourceSplit split_source(llvm::StringRef text) {
  const std::vector<RawToken> tokens = raw_tokens(text);
  SourceSplit result;
  int depth = 0;
  std::size_t i = 0;
  while (is_directive(tokens, i)) {
    const RawToken& word = tokens[i + 1];
    if (word.is_word("if") || word.is_word("ifdef") || word.is_word("ifndef")) ++depth;
    if (word.is_word("endif")) --depth;
    const bool is_cut = depth == 0 && (is_include(word) || word.is_word("endif"));
    const std::size_t end = skip_directive(text, tokens, i);
    // A comment may go on behind the line: then the cut waits for the next directive.
    if (is_cut && (tokens[i].kind == tok::eof || tokens[i].offset >= end)) {
      const llvm::StringRef between = text.slice(tokens[i - 1].end(), end);
      if (!between.contains("/*")) result.head_size = end;
    }
  }
  result.rest_line = 1 + static_cast<unsigned>(text.take_front(result.head_size).count('\n'));
  for (i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].offset < result.head_size) continue;
    if (is_directive(tokens, i) && is_include(tokens[i + 1])) result.rest_includes = true;
  }
  return result;
}

}  // namespace ray::compiler
