#include "compiler/graph/graph_syntax.h"

#include <string>
#include <vector>

namespace ray::compiler::graph {
namespace {

using Parser = TaskGraphParser;

constexpr std::size_t kTextBytesMax = 16 << 20;
constexpr int kNestingMax = 64;

// What may stand there, in words; more than this many are told by the rule they belong to.
constexpr std::size_t kExpectedMax = 4;

std::string in_words(const Parser& parser, std::size_t token) {
  switch (token) {
    case antlr4::Token::EOF:
      return "the end";
    case Parser::NUMBER:
      return "a number";
    case Parser::STRING:
      return "a string";
    case Parser::VALUE:
      return "a value such as '%a'";
    case Parser::SYMBOL:
      return "a name such as '@f'";
    case Parser::FACT:
      return "a fact such as '!local'";
    default:
      return parser.getVocabulary().getLiteralName(token);
  }
}

// Where a rule as a whole is missing.
std::string expected_by_rule(const Parser& parser, std::size_t rule) {
  switch (rule) {
    case Parser::RuleGraph:
    case Parser::RuleFunction:
      return "a function, such as 'task @f(\"int\") -> \"int\"'";
    case Parser::RuleArgument:
    case Parser::RuleCall:
    case Parser::RulePut:
      return "an argument: '_', a literal, or refs such as '%a'";
    case Parser::RuleRefs:
    case Parser::RuleUse:
    case Parser::RuleEscape:
      return "refs such as '%a', '{%a, %b}' or '[%a]'";
    case Parser::RuleLiteral:
      return "a literal";
    default:
      return "an operation such as '%a = submit @f()', or '}'";
  }
}

std::string expected_here(const Parser& parser, const antlr4::misc::IntervalSet& tokens,
                          std::size_t rule) {
  std::vector<std::string> words;
  for (const auto token : tokens.toList()) {
    // Facts and places may follow nearly everything; '@' is the other way to begin a name.
    const auto type = static_cast<std::size_t>(token);
    const std::string literal = parser.getVocabulary().getLiteralName(type);
    if (type == Parser::FACT || literal == "'at'" || literal == "'@'") continue;
    words.push_back(in_words(parser, type));
  }
  if (words.empty() || words.size() > kExpectedMax) return expected_by_rule(parser, rule);
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    result += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return result;
}

// Keeps the first syntax error; what ANTLR reports after it is a consequence.
class FirstError : public antlr4::BaseErrorListener {
 public:
  FirstError(std::string_view text, std::optional<GraphError>& error)
      : text_(text), error_(error) {}

  void syntaxError(antlr4::Recognizer* recognizer, antlr4::Token* found, std::size_t, std::size_t,
                   const std::string&, std::exception_ptr) override {
    if (error_) return;
    auto& parser = static_cast<Parser&>(*recognizer);
    const Span span = span_of(*found);
    const std::size_t rule = parser.getContext()->getRuleIndex();
    std::string message;
    if (text_.substr(span.offset, span.length) == "\"") {
      message = "missing terminating '\"' character";
    } else {
      message = "expected " + expected_here(parser, parser.getExpectedTokens(), rule);
      if (span.length > 0) {
        message += ", not '" + std::string(text_.substr(span.offset, span.length)) + "'";
      }
    }
    error_ = GraphError{span, std::move(message), ""};
  }

 private:
  std::string_view text_;
  std::optional<GraphError>& error_;
};

}  // namespace

Span span_of(antlr4::Token& token) {
  const std::size_t begin = token.getStartIndex();
  if (token.getType() == antlr4::Token::EOF) return {begin, 0};
  return {begin, token.getStopIndex() + 1 - begin};
}

Span span_of(antlr4::ParserRuleContext& context) {
  const std::size_t begin = context.getStart()->getStartIndex();
  return {begin, context.getStop()->getStopIndex() + 1 - begin};
}

GraphSyntax::GraphSyntax(std::string_view text)
    : bytes_(text.size() > kTextBytesMax ? std::string_view() : text),
      lexer_(&bytes_),
      tokens_(&lexer_),
      parser_(&tokens_) {
  if (text.size() > kTextBytesMax) {
    error_ = GraphError{{}, "the graph is longer than 16 MiB", ""};
    return;
  }
  tokens_.fill();
  if (is_nested_too_deeply()) return;
  FirstError listener(text, error_);
  parser_.removeErrorListeners();
  parser_.addErrorListener(&listener);
  TaskGraphParser::GraphContext* tree = parser_.graph();
  parser_.removeErrorListeners();
  if (!error_) tree_ = tree;
}

// The parser recurses once a bracket.
bool GraphSyntax::is_nested_too_deeply() {
  int depth = 0;
  for (antlr4::Token* token : tokens_.getTokens()) {
    const std::string text = token->getText();
    if (text == "{" || text == "[") ++depth;
    if (text == "}" || text == "]") --depth;
    if (depth <= kNestingMax) continue;
    error_ = GraphError{span_of(*token), "blocks are nested too deeply", ""};
    return true;
  }
  return false;
}

}  // namespace ray::compiler::graph
