#include "compiler/sema/lambda_sites.h"

#include <optional>

#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

namespace tok = clang::tok;
using Tokens = std::vector<RawToken>;

// The `number` in its file tells a lambda from others that a macro writes at the same place. In
// parentheses, so that a macro which is given it all sees no comma.
std::string here(std::size_t number) {
  return "<::ray::internal::Here(__PRETTY_FUNCTION__, " + std::to_string(number) + ")>(";
}

struct Captures {
  std::string names;   // "n, t"
  std::string values;  // "n, f()"
};

// The token that closes what the one at `i` opens, or the last.
std::size_t closing(const Tokens& tokens, std::size_t i) {
  int depth = 0;
  for (; i + 1 < tokens.size(); ++i) {
    if (tokens[i].opens()) ++depth;
    if (tokens[i].closes() && --depth == 0) return i;
  }
  return i;
}

// One capture, the tokens [begin, end). False for one that is not a name's value.
bool add_capture(llvm::StringRef text, const Tokens& tokens, std::size_t begin, std::size_t end,
                 Captures& captures) {
  if (begin >= end || tokens[begin].kind != tok::raw_identifier || tokens[begin].is_word("this")) {
    return false;
  }
  const std::string& name = tokens[begin].spelling;
  std::string value = name;
  if (end - begin > 2 && tokens[begin + 1].kind == tok::equal) {
    value = text.slice(tokens[begin + 2].offset, tokens[end - 1].end()).str();
  } else if (end - begin != 1) {
    return false;
  }
  const char* comma = captures.names.empty() ? "" : ", ";
  captures.names += comma + name;
  captures.values += comma + value;
  return true;
}

// Those between the brackets at `open` and `close`.
std::optional<Captures> read_captures(llvm::StringRef text, const Tokens& tokens, std::size_t open,
                                      std::size_t close) {
  Captures captures;
  if (close == open + 1) return captures;
  std::size_t begin = open + 1;
  int depth = 0;
  for (std::size_t i = begin; i <= close; ++i) {
    const bool ends = i == close || (tokens[i].kind == tok::comma && depth == 0);
    if (ends && !add_capture(text, tokens, begin, i, captures)) return std::nullopt;
    if (ends) begin = i + 1;
    if (tokens[i].opens()) ++depth;
    if (tokens[i].closes()) --depth;
  }
  return captures;
}

// The beginning of a lambda's body behind tokens[i], or 0.
std::size_t find_body(const Tokens& tokens, std::size_t i, bool& is_mutable) {
  for (; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind == tok::l_brace) return i;
    if (tokens[i].is_word("mutable")) is_mutable = true;
    if (tokens[i].closes() || tokens[i].kind == tok::semi) return 0;
    if (tokens[i].opens()) i = closing(tokens, i);
  }
  return 0;
}

CallSite site(const std::string& path, std::size_t begin, std::size_t end, std::string text) {
  CallSite result;
  result.place.path = path;
  result.place.offset = begin;
  result.length = end - begin;
  result.text = std::move(text);
  return result;
}

// Of `remote` at `i`, where it is given a lambda.
void add_sites(const std::string& path, llvm::StringRef text, const Tokens& tokens, std::size_t i,
               std::size_t number, std::vector<CallSite>& out) {
  const std::size_t open = i + 2;
  const std::size_t close = closing(tokens, open);
  const std::optional<Captures> captures = read_captures(text, tokens, open, close);
  if (!captures || close + 1 >= tokens.size()) return;
  const bool has_parameters = tokens[close + 1].kind == tok::l_paren;
  bool is_mutable = false;
  const std::size_t after = has_parameters ? closing(tokens, close + 1) + 1 : close + 1;
  if (tokens[close + 1].kind == tok::less) return;
  const std::size_t body = find_body(tokens, after, is_mutable);
  if (body == 0) return;
  if (captures->names.empty()) {
    out.push_back(site(path, tokens[i + 1].offset, tokens[i + 1].end(), here(number)));
    return;
  }
  const std::string values = "::ray::internal::captured(" + captures->values + ")";
  const std::string parameter = "decltype(" + values + ")&& ray_c";
  out.push_back(
      site(path, tokens[i + 1].offset, tokens[close].end(), here(number) + values + ", []"));
  if (has_parameters) {
    const bool is_only = after == close + 3;
    out.push_back(site(path, tokens[close + 1].end(), tokens[close + 1].end(),
                       parameter + (is_only ? "" : ", ")));
  } else {
    out.push_back(site(path, tokens[close].end(), tokens[close].end(), "(" + parameter + ")"));
  }
  // The names hide those that they were copied from, as captures do.
  out.push_back(site(path, tokens[body].end(), tokens[body].end(),
                     " _Pragma(\"clang diagnostic push\")"
                     " _Pragma(\"clang diagnostic ignored \\\"-Wshadow\\\"\")"
                     " [[maybe_unused]] " +
                         std::string(is_mutable ? "" : "const ") + "auto& [" + captures->names +
                         "] = ray_c; _Pragma(\"clang diagnostic pop\")"));
}

}  // namespace

std::vector<CallSite> find_lambda_sites(const std::string& path, llvm::StringRef text) {
  std::vector<CallSite> result;
  if (!text.contains("remote")) return result;
  const Tokens tokens = raw_tokens(text);
  std::size_t count = 0;
  for (std::size_t i = 2; i + 4 < tokens.size(); ++i) {
    if (!tokens[i].is_word("remote") || tokens[i + 1].kind != tok::l_paren) continue;
    const bool is_ours = tokens[i - 1].kind == tok::coloncolon && tokens[i - 2].is_word("ray");
    const bool is_lambda =
        tokens[i + 2].kind == tok::l_square && tokens[i + 3].kind != tok::l_square;
    if (is_ours && is_lambda) add_sites(path, text, tokens, i, count++, result);
  }
  return result;
}

}  // namespace ray::compiler
