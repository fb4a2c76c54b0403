#include "compiler/sema/lambda_sites.h"

#include <map>
#include <optional>
#include <utility>

#include "compiler/frontend/raw_tokens.h"

namespace ray::compiler {
namespace {

namespace tok = clang::tok;
using Tokens = std::vector<RawToken>;

// Clang sees the text as the user's own.
std::string without_warnings(const std::string& text) {
  return " _Pragma(\"clang diagnostic push\")"
         " _Pragma(\"clang diagnostic ignored \\\"-Weverything\\\"\") " +
         text + " _Pragma(\"clang diagnostic pop\") ";
}

// The `number` in its file tells a lambda from others that a macro writes at the same place. In
// parentheses, so that a macro which is given it all sees no comma.
std::string here(std::size_t number) {
  return without_warnings("<::ray::internal::Here(__PRETTY_FUNCTION__, " + std::to_string(number) +
                          ")>") +
         "(";
}

struct Capture {
  std::string name;
  std::string value;
  bool is_pack = false;
  bool is_implicit = false;
  // Offsets of all of it, and of its value, where it is written.
  std::size_t begin = 0;
  std::size_t value_begin = 0;
  std::size_t value_end = 0;
  std::size_t end = 0;
};

// The tokens of a lambda, by their indices.
struct Lambda {
  std::size_t open = 0;  // of its captures
  std::size_t close = 0;
  bool copies_by_default = false;  // by `=`, which follows `open`
  std::size_t parameters = 0;      // their parenthesis; 0 where there is none
  std::size_t parameters_end = 0;
  std::size_t body = 0;
  bool is_mutable = false;
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

// The one behind the angles that open at `i`.
std::size_t behind_angles(const Tokens& tokens, std::size_t i) {
  int depth = 0;
  for (; i + 1 < tokens.size(); ++i) {
    if (tokens[i].opens()) i = closing(tokens, i);
    if (tokens[i].kind == tok::less) ++depth;
    if (tokens[i].kind == tok::greater) --depth;
    if (tokens[i].kind == tok::greatergreater) depth -= 2;
    if (depth <= 0) return i + 1;
  }
  return i;
}

// The token behind what a requires-clause asks for, which begins at `i`.
std::size_t behind_constraint(const Tokens& tokens, std::size_t i) {
  while (i + 1 < tokens.size()) {
    if (tokens[i].is_word("requires")) {
      ++i;
      if (tokens[i].kind == tok::l_paren) i = closing(tokens, i) + 1;
      if (tokens[i].kind == tok::l_brace) i = closing(tokens, i) + 1;
    } else if (tokens[i].kind == tok::l_paren) {
      i = closing(tokens, i) + 1;
    } else {
      while (tokens[i].kind == tok::raw_identifier || tokens[i].kind == tok::coloncolon) {
        ++i;
        if (tokens[i].kind == tok::less) i = behind_angles(tokens, i);
      }
    }
    if (tokens[i].kind != tok::ampamp && tokens[i].kind != tok::pipepipe) return i;
    ++i;
  }
  return i;
}

// The tokens [begin, end). None for one that is not a name's value.
std::optional<Capture> read_capture(llvm::StringRef text, const Tokens& tokens, std::size_t begin,
                                    std::size_t end) {
  Capture capture;
  if (begin < end && tokens[begin].kind == tok::ellipsis) {
    capture.is_pack = true;
    ++begin;
  } else if (end - begin == 2 && tokens[begin + 1].kind == tok::ellipsis) {
    capture.is_pack = true;
    --end;
  }
  if (begin >= end || tokens[begin].kind != tok::raw_identifier || tokens[begin].is_word("this")) {
    return std::nullopt;
  }
  capture.name = capture.value = tokens[begin].spelling;
  capture.begin = capture.value_begin = tokens[begin].offset;
  capture.end = capture.value_end = tokens[end - 1].end();
  if (end - begin == 1) return capture;
  std::size_t first = begin + 2;
  std::size_t last = end;
  if (tokens[begin + 1].kind != tok::equal) {
    if (!tokens[begin + 1].opens() || closing(tokens, begin + 1) + 1 != end) return std::nullopt;
    --last;  // n(5), n{5}
  }
  if (first >= last) return std::nullopt;
  capture.value_begin = tokens[first].offset;
  capture.value_end = tokens[last - 1].end();
  capture.value = text.slice(capture.value_begin, capture.value_end).str();
  return capture;
}

// The first token behind the default.
std::size_t first_written(const Tokens& tokens, const Lambda& lambda) {
  if (!lambda.copies_by_default) return lambda.open + 1;
  return lambda.open + (tokens[lambda.open + 2].kind == tok::comma ? 3 : 2);
}

// Those that are written, behind `captures`.
std::optional<std::vector<Capture>> read_captures(llvm::StringRef text, const Tokens& tokens,
                                                  const Lambda& lambda,
                                                  std::vector<Capture> captures) {
  std::size_t begin = first_written(tokens, lambda);
  if (begin >= lambda.close) return captures;
  for (std::size_t i = begin; i <= lambda.close; ++i) {
    if (i == lambda.close || tokens[i].kind == tok::comma) {
      std::optional<Capture> capture = read_capture(text, tokens, begin, i);
      if (!capture) return std::nullopt;
      captures.push_back(std::move(*capture));
      begin = i + 1;
    } else if (tokens[i].opens()) {
      i = closing(tokens, i);
    }
  }
  return captures;
}

// The lambda whose captures open at `open`.
std::optional<Lambda> read_lambda(const Tokens& tokens, std::size_t open) {
  Lambda lambda;
  lambda.open = open;
  lambda.close = closing(tokens, open);
  const bool is_alone = lambda.close == open + 2 || tokens[open + 2].kind == tok::comma;
  lambda.copies_by_default = tokens[open + 1].kind == tok::equal && is_alone;
  std::size_t i = lambda.close + 1;
  if (i < tokens.size() && tokens[i].kind == tok::less) {
    i = behind_angles(tokens, i);
    if (tokens[i].is_word("requires")) i = behind_constraint(tokens, i + 1);
  }
  if (i < tokens.size() && tokens[i].kind == tok::l_square) i = closing(tokens, i) + 1;
  if (i < tokens.size() && tokens[i].kind == tok::l_paren) {
    lambda.parameters = i;
    lambda.parameters_end = closing(tokens, i);
    i = lambda.parameters_end + 1;
  }
  while (i + 1 < tokens.size() && tokens[i].kind != tok::l_brace) {
    if (tokens[i].is_word("mutable")) lambda.is_mutable = true;
    if (tokens[i].closes() || tokens[i].kind == tok::semi) return std::nullopt;
    if (tokens[i].is_word("requires")) {
      i = behind_constraint(tokens, i + 1);
    } else {
      i = tokens[i].opens() ? closing(tokens, i) + 1 : i + 1;
    }
  }
  if (i + 1 >= tokens.size()) return std::nullopt;
  lambda.body = i;
  return lambda;
}

CallSite site(const std::string& path, std::size_t begin, std::size_t end, std::string text) {
  CallSite result;
  result.place.path = path;
  result.place.offset = begin;
  result.length = end - begin;
  result.text = std::move(text);
  return result;
}

void append(std::string& list, const std::string& text) {
  list += (list.empty() ? "" : ", ") + text;
}

// A lambda's captures as arguments and as parameters: a tuple of the named ones, then the packs.
struct Passed {
  explicit Passed(const std::vector<Capture>& captures, bool is_mutable) {
    std::string values;
    std::string pack_values;
    std::string packs;
    for (const Capture& capture : captures) {
      append(capture.is_pack ? pack_values : values,
             capture.value + (capture.is_pack ? "..." : ""));
      if (!capture.is_pack) {
        append(names, capture.name);
        continue;
      }
      const std::string type = "::std::decay_t<decltype(" + capture.value + ")>";
      append(packs, "[[maybe_unused]] " + (is_mutable ? type + "&&" : "const " + type + "&") +
                        "... " + capture.name);
    }
    const std::string tuple = "::ray::internal::captured(" + values + ")";
    arguments = tuple;
    parameters = without_warnings("decltype(" + tuple + ")&&" + (names.empty() ? "" : " ray_c"));
    has_packs = !packs.empty();
    if (!has_packs) return;
    append(arguments, "::ray::internal::captured(" + pack_values + ")");
    append(parameters, packs);
  }

  std::string names;  // of those in the tuple: "n, t"
  bool has_packs = false;
  std::string arguments;
  std::string parameters;
};

// The names hide those that they were copied from, as captures do.
std::string unpacking(const std::string& names, bool is_mutable) {
  return without_warnings("[[maybe_unused]] " + std::string(is_mutable ? "" : "const ") +
                          "auto& [" + names + "] = ray_c;");
}

// In place of `=` and the comma behind it, if any.
CallSite implicit_values(const std::string& path, const Tokens& tokens, const Lambda& lambda,
                         const std::vector<Capture>& captures) {
  std::string names;
  for (const Capture& capture : captures) {
    if (capture.is_implicit) append(names, capture.name);
  }
  const std::size_t next = first_written(tokens, lambda);
  if (!names.empty() && next < lambda.close) names += ",";
  return site(path, tokens[lambda.open + 1].offset, tokens[next - 1].end(), names);
}

// The values stay where they are: so do messages about them.
void add_values(const std::string& path, const Tokens& tokens, std::size_t begin,
                const std::string& start, const Lambda& lambda,
                const std::vector<Capture>& captures, std::vector<CallSite>& out) {
  out.push_back(site(path, begin, tokens[lambda.open].end(), start + "::ray::internal::captured("));
  if (lambda.copies_by_default) out.push_back(implicit_values(path, tokens, lambda, captures));
  for (const Capture& capture : captures) {
    if (capture.is_implicit) continue;
    out.push_back(site(path, capture.begin, capture.value_begin, ""));
    out.push_back(site(path, capture.value_end, capture.end, ""));
  }
  const RawToken& close = tokens[lambda.close];
  out.push_back(site(path, close.offset, close.end(), "), []"));
}

// Of the lambda of the call that opens at tokens[call], with what it captures by `=`.
void add_sites(const std::string& path, llvm::StringRef text, const Tokens& tokens,
               std::size_t call, std::size_t number, const Lambda& lambda,
               std::vector<Capture> implicit, std::vector<CallSite>& out) {
  const auto captures = read_captures(text, tokens, lambda, std::move(implicit));
  if (!captures) return;
  const std::size_t begin = tokens[call].offset;
  if (captures->empty()) {
    out.push_back(site(path, begin, tokens[call].end(), here(number)));
    if (lambda.copies_by_default) out.push_back(implicit_values(path, tokens, lambda, {}));
    return;
  }
  const Passed passed(*captures, lambda.is_mutable);
  const std::size_t end = tokens[lambda.close].end();
  if (passed.has_packs) {
    out.push_back(site(path, begin, end, here(number) + passed.arguments + ", []"));
  } else {
    add_values(path, tokens, begin, here(number), lambda, *captures, out);
  }
  if (lambda.parameters == 0) {
    out.push_back(site(path, end, end, "(" + passed.parameters + ")"));
  } else {
    const std::size_t first = tokens[lambda.parameters].end();
    const bool is_only = lambda.parameters_end == lambda.parameters + 1;
    out.push_back(site(path, first, first, passed.parameters + (is_only ? "" : ", ")));
  }
  if (passed.names.empty()) return;
  const std::size_t body = tokens[lambda.body].end();
  out.push_back(site(path, body, body, unpacking(passed.names, lambda.is_mutable)));
}

std::vector<Capture> implicit_captures(const ImplicitCaptures& known) {
  std::vector<Capture> result;
  for (const ImplicitCaptures::Name& name : known.names) {
    Capture& capture = result.emplace_back();
    capture.name = capture.value = name.name;
    capture.is_pack = name.is_pack;
    capture.is_implicit = true;
  }
  return result;
}

}  // namespace

LambdaSites find_lambda_sites(const std::string& path, llvm::StringRef text,
                              const std::vector<ImplicitCaptures>& known) {
  LambdaSites result;
  if (!text.contains("remote")) return result;
  std::map<std::size_t, const ImplicitCaptures*> known_here;
  for (const ImplicitCaptures& captures : known) {
    if (captures.place.path == path) known_here[captures.place.offset] = &captures;
  }
  const Tokens tokens = raw_tokens(text);
  std::size_t count = 0;
  for (std::size_t i = 2; i + 4 < tokens.size(); ++i) {
    if (!tokens[i].is_word("remote") || tokens[i + 1].kind != tok::l_paren) continue;
    const bool is_ours = tokens[i - 1].kind == tok::coloncolon && tokens[i - 2].is_word("ray");
    const bool is_lambda =
        tokens[i + 2].kind == tok::l_square && tokens[i + 3].kind != tok::l_square;
    if (!is_ours || !is_lambda) continue;
    const std::size_t number = count++;
    const std::optional<Lambda> lambda = read_lambda(tokens, i + 2);
    if (!lambda) continue;
    const auto captures = known_here.find(tokens[i + 2].offset);
    if (!lambda->copies_by_default) {
      add_sites(path, text, tokens, i + 1, number, *lambda, {}, result.sites);
    } else if (captures == known_here.end()) {
      result.asks_captures = true;
      const RawToken& call = tokens[i + 1];
      result.sites.push_back(site(path, call.offset, call.end(), here(number)));
    } else if (captures->second->has_this) {
      result.refused.push_back(*captures->second);
    } else {
      add_sites(path, text, tokens, i + 1, number, *lambda, implicit_captures(*captures->second),
                result.sites);
    }
  }
  return result;
}

}  // namespace ray::compiler
