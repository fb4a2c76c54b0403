#include "compiler/frontend/option_mask.h"

#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

namespace tok = clang::tok;
using Tokens = std::vector<RawToken>;

bool is_our_name(const RawToken& token) {
  return token.is_word("remote") || token.is_word("method") || token.is_word("transient");
}

// The token after the one that closes what `open` at `i` opens, or tokens.size().
std::size_t skip_balanced(const Tokens& tokens, std::size_t i, tok::TokenKind open,
                          tok::TokenKind close) {
  int depth = 0;
  for (; i < tokens.size(); ++i) {
    if (tokens[i].kind == open) ++depth;
    if (tokens[i].kind == close && --depth == 0) return i + 1;
  }
  return i;
}

bool is_splice(llvm::StringRef text, std::size_t i) {
  return text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\n' || text[i + 1] == '\r');
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (text[i] != '\n' && text[i] != '\r' && !is_splice(text, i)) text[i] = ' ';
  }
}

// Reads the group that begins at `i` ("[" "["), and returns the token after it.
std::size_t read_group(llvm::StringRef source, const Tokens& tokens, std::size_t i,
                       MaskedSource& out) {
  const std::size_t begin = tokens[i].offset;
  i += 2;
  const bool uses_ray = i + 2 < tokens.size() && tokens[i].is_word("using") &&
                        tokens[i + 1].is_word("ray") && tokens[i + 2].kind == tok::colon;
  if (uses_ray) i += 3;
  while (i < tokens.size() && tokens[i].kind != tok::r_square) {
    std::size_t name = i;
    bool is_ours = uses_ray && is_our_name(tokens[i]);
    const bool is_scoped = i + 2 < tokens.size() && tokens[i].is_word("ray") &&
                           tokens[i + 1].kind == tok::coloncolon &&
                           tokens[i + 2].kind == tok::raw_identifier;
    if (is_scoped) {
      name = i + 2;
      is_ours = is_our_name(tokens[name]);
      if (!is_ours) {
        out.unknown.push_back({tokens[name].offset, tokens[name].spelling});
        i = name + 1;
        continue;
      }
    } else if (uses_ray && !is_ours && tokens[i].kind == tok::raw_identifier) {
      out.unknown.push_back({tokens[i].offset, tokens[i].spelling});
      ++i;
      continue;
    }
    if (is_ours) {
      RemoteAttribute attribute;
      attribute.name = tokens[name].offset;
      i = name + 1;
      if (i < tokens.size() && tokens[i].kind == tok::l_paren) {
        const std::size_t after = skip_balanced(tokens, i, tok::l_paren, tok::r_paren);
        if (tokens[after - 1].kind != tok::r_paren) return tokens.size();
        attribute.options = tokens[i].end();
        attribute.text = source.slice(attribute.options, tokens[after - 1].offset).str();
        blank(out.text, tokens[i].offset, tokens[after - 1].end());
        i = after;
      }
      out.attributes.push_back(std::move(attribute));
    } else if (tokens[i].kind == tok::l_paren) {
      i = skip_balanced(tokens, i, tok::l_paren, tok::r_paren);
    } else if (tokens[i].kind == tok::l_square) {
      i = skip_balanced(tokens, i, tok::l_square, tok::r_square);
    } else {
      ++i;
    }
  }
  if (i + 1 < tokens.size() && tokens[i + 1].kind == tok::r_square) {
    out.groups.push_back({begin, tokens[i + 1].end()});
    return i + 2;
  }
  return i;
}

}  // namespace

const RemoteAttribute* MaskedSource::find(std::size_t name_offset) const {
  for (const RemoteAttribute& attribute : attributes) {
    if (attribute.name == name_offset) return &attribute;
  }
  return nullptr;
}

bool may_be_annotated(llvm::StringRef text) {
  if (!text.contains("[[") || !text.contains("ray")) return false;
  // A name that is misspelt is to be found as well.
  return text.contains("ray::") || text.contains("using ray") || text.contains("remote") ||
         text.contains("method") || text.contains("transient");
}

MaskedSource mask_options(llvm::StringRef text) {
  MaskedSource result;
  result.text = text.str();
  if (!may_be_annotated(text)) return result;
  const Tokens tokens = raw_tokens(result.text);
  for (std::size_t i = 0; i + 1 < tokens.size();) {
    const bool opens = tokens[i].kind == tok::l_square && tokens[i + 1].kind == tok::l_square;
    i = opens ? read_group(text, tokens, i, result) : i + 1;
  }
  return result;
}

}  // namespace ray::compiler
