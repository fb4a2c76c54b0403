#include "compiler/options/option_syntax.h"

#include <RemoteOptionsLexer.h>
#include <RemoteOptionsParser.h>
#include <antlr4-runtime.h>

#include <optional>

#include "compiler/options/string_literal.h"

namespace ray::compiler {
namespace {

using Parser = RemoteOptionsParser;

constexpr std::size_t kTextBytesMax = 64 * 1024;
constexpr int kNestingMax = 16;

// ANTLR's streams hold code points; one per byte keeps its positions those of our text.
class ByteStream : public antlr4::ANTLRInputStream {
 public:
  explicit ByteStream(std::string_view text) {
    for (const char c : text) _data += static_cast<unsigned char>(c);
  }
};

std::string in_quotes(std::string_view spelling) { return "'" + std::string(spelling) + "'"; }

// Says in a reader's words what is wrong where the parser stopped. ANTLR's own messages list every
// token that could stand there.
class SyntaxErrorWriter {
 public:
  SyntaxErrorWriter(std::string_view text, const Parser& parser, const antlr4::Token& found,
                    const antlr4::Token* previous)
      : text_(text),
        found_(range_of(found)),
        previous_(previous != nullptr ? range_of(*previous) : TextRange{}),
        found_type_(found.getType()),
        expected_(const_cast<Parser&>(parser).getExpectedTokens()) {}

  OptionError write() const {
    if (spelling(found_) == "\"") return at_found("missing terminating '\"' character");
    if (may_follow(Parser::NUMBER)) return expected_value();
    if (follows("::")) return at_found("expected a name after '::'");
    const bool in_brackets = expects("'}'") || expects("']'") || may_follow(Parser::STRING);
    if (previous_.length == 0 || (follows(",") && !in_brackets)) {
      OptionError error = at_found("expected the name of an option");
      error.note = "an option is written 'name = value'";
      return error;
    }
    if (follows(",") && expects("']'")) return expected_value();
    if (follows(",") || follows("{")) {
      return at_found("expected a name or a string, the key of an entry");
    }
    if (expects("'='")) return expected_separator("=", {":", "=="});
    if (expects("':'")) return expected_separator(":", {"=", ","});
    return unexpected_after_value();
  }

 private:
  static TextRange range_of(const antlr4::Token& token) {
    const std::size_t begin = token.getStartIndex();
    if (token.getType() == antlr4::Token::EOF) return {begin, 0};
    return {begin, token.getStopIndex() + 1 - begin};
  }

  std::string_view spelling(TextRange range) const {
    return text_.substr(range.offset, range.length);
  }
  bool follows(std::string_view token) const { return spelling(previous_) == token; }
  bool may_follow(std::size_t type) const { return expected_.contains(type); }
  bool expects(std::string_view literal) const {
    for (const auto type : expected_.toList()) {
      if (vocabulary().getLiteralName(type) == literal) return true;
    }
    return false;
  }
  static const antlr4::dfa::Vocabulary& vocabulary() {
    static const RemoteOptionsLexer lexer(nullptr);
    return lexer.getVocabulary();
  }

  OptionError at_found(std::string message) const {
    return {found_.offset, found_.length, std::move(message), "", ""};
  }

  OptionError after_previous(std::string message, std::string insertion) const {
    return {previous_.offset + previous_.length, 0, std::move(message), "", std::move(insertion)};
  }

  OptionError expected_value() const {
    if (follows("-")) return at_found("expected a number after '-'");
    return at_found("expected a value after " + in_quotes(spelling(previous_)));
  }

  OptionError expected_separator(std::string_view separator,
                                 std::initializer_list<std::string_view> near) const {
    const std::string message =
        "expected '" + std::string(separator) + "' after " + in_quotes(spelling(previous_));
    for (const std::string_view other : near) {
      if (spelling(found_) != other) continue;
      OptionError error = at_found(message);
      error.fixit = separator;
      return error;
    }
    return at_found(message);
  }

  // A value, a map or a list is complete, and neither a ',' nor the end follows.
  OptionError unexpected_after_value() const {
    const std::string_view found = spelling(found_);
    if (found_type_ == antlr4::Token::EOF) {
      return at_found(expects("'}'")   ? "expected '}'"
                      : expects("']'") ? "expected ']'"
                                       : "expected ')'");
    }
    const bool starts_something = found_type_ == Parser::IDENTIFIER ||
                                  found_type_ == Parser::STRING || found_type_ == Parser::NUMBER;
    if (starts_something && !follows("(")) {
      return after_previous("expected ',' after " + in_quotes(spelling(previous_)), ",");
    }
    OptionError error =
        at_found("unexpected " + in_quotes(found) + " after " + in_quotes(spelling(previous_)));
    if (found == "<") {
      error.note = "give the template's specialisation a name of its own with 'using'";
    } else if (std::string_view("+-*/%|&^?.").find(found) != std::string_view::npos) {
      error.note = "a value is a literal or a macro, not an expression";
    } else if (found == ";") {
      error.fixit = ",";
    }
    return error;
  }

  std::string_view text_;
  TextRange found_;
  TextRange previous_;
  std::size_t found_type_;
  antlr4::misc::IntervalSet expected_;
};

// Keeps the first syntax error; what ANTLR reports after it is a consequence.
class FirstError : public antlr4::BaseErrorListener {
 public:
  explicit FirstError(std::string_view text) : text_(text) {}

  void syntaxError(antlr4::Recognizer* recognizer, antlr4::Token* found, std::size_t, std::size_t,
                   const std::string&, std::exception_ptr) override {
    if (error) return;
    auto& parser = static_cast<Parser&>(*recognizer);
    const std::size_t index = found->getTokenIndex();
    const antlr4::Token* previous = index == 0 ? nullptr : parser.getTokenStream()->get(index - 1);
    error = SyntaxErrorWriter(text_, parser, *found, previous).write();
    for (auto* rule = parser.getContext(); rule != nullptr;
         rule = static_cast<antlr4::ParserRuleContext*>(rule->parent)) {
      if (rule->getRuleIndex() == Parser::RuleOption) broken_option = rule;
    }
    offset = found->getStartIndex();
  }

  std::optional<OptionError> error;
  const antlr4::ParserRuleContext* broken_option = nullptr;  // the error is in it
  std::size_t offset = std::string_view::npos;               // of the token that is wrong

 private:
  std::string_view text_;
};

// Turns ANTLR's tree into ours.
class SyntaxReader {
 public:
  SyntaxReader(std::string_view text, OptionSyntax& out) : text_(text), out_(out) {}

  // Takes the options before the first error.
  void read(Parser::AnnotationContext& annotation, const FirstError& first) {
    for (Parser::OptionContext* option : annotation.option()) {
      if (option == first.broken_option || option->getStart()->getStartIndex() >= first.offset) {
        return;
      }
      out_.options.push_back(
          {spelled(*option->name), range_of(*option->name), value(*option->value())});
    }
  }

 private:
  static TextRange range_of(antlr4::Token& token) {
    return {token.getStartIndex(), token.getStopIndex() + 1 - token.getStartIndex()};
  }
  static TextRange range_of(antlr4::ParserRuleContext& context) {
    const std::size_t begin = context.getStart()->getStartIndex();
    return {begin, context.getStop()->getStopIndex() + 1 - begin};
  }

  // ANTLR's getText() would encode our bytes as UTF-8 once more.
  std::string spelled(antlr4::Token& token) const {
    const TextRange range = range_of(token);
    return std::string(text_.substr(range.offset, range.length));
  }
  std::string spelled(antlr4::ParserRuleContext& context) const {
    std::string result;
    for (antlr4::tree::ParseTree* child : context.children) {
      result += spelled(*static_cast<antlr4::tree::TerminalNode*>(child)->getSymbol());
    }
    return result;
  }

  SyntaxValue value(Parser::ValueContext& context) {
    SyntaxValue result;
    result.range = range_of(context);
    if (auto* number = context.number()) {
      result.kind = SyntaxValue::Kind::number;
      result.text = spelled(*number);
    } else if (auto* text = context.text()) {
      result.kind = SyntaxValue::Kind::text;
      for (antlr4::tree::TerminalNode* literal : text->STRING()) {
        result.text += decoded(*literal->getSymbol());
      }
    } else if (auto* name = context.typeName()) {
      result.kind = SyntaxValue::Kind::name;
      result.text = spelled(*name);
    } else if (auto* call = context.call()) {
      result.kind = SyntaxValue::Kind::call;
      result.text = spelled(*call->IDENTIFIER()->getSymbol());
      for (Parser::ValueContext* item : call->value()) result.items.push_back(value(*item));
    } else if (auto* list = context.list()) {
      result.kind = SyntaxValue::Kind::list;
      for (Parser::ValueContext* item : list->value()) result.items.push_back(value(*item));
    } else if (auto* map = context.map()) {
      result.kind = SyntaxValue::Kind::map;
      for (Parser::EntryContext* entry : map->entry()) {
        const bool is_text = entry->key->getType() == Parser::STRING;
        result.entries.push_back({is_text ? decoded(*entry->key) : spelled(*entry->key),
                                  range_of(*entry->key), value(*entry->value())});
      }
    }
    return result;
  }

  std::string decoded(antlr4::Token& literal) {
    const std::string spelling = spelled(literal);
    std::string result;
    if (const auto bad = decode_string_literal(spelling, result)) {
      out_.errors.push_back(
          {literal.getStartIndex() + bad->offset, bad->length,
           "invalid escape sequence " + in_quotes(spelling.substr(bad->offset, bad->length)), "",
           ""});
    }
    return result;
  }

  std::string_view text_;
  OptionSyntax& out_;
};

// The parser recurses once a bracket.
std::optional<OptionError> find_deep_nesting(const std::vector<antlr4::Token*>& tokens) {
  int depth = 0;
  for (const antlr4::Token* token : tokens) {
    const std::string text = token->getText();
    if (text == "{" || text == "[" || text == "(") ++depth;
    if (text == "}" || text == "]" || text == ")") --depth;
    if (depth > kNestingMax) {
      return OptionError{token->getStartIndex(), 1, "brackets are nested too deeply", "", ""};
    }
  }
  return std::nullopt;
}

}  // namespace

OptionSyntax read_option_syntax(std::string_view text) {
  OptionSyntax syntax;
  if (text.size() > kTextBytesMax) {
    syntax.errors.push_back({0, 0, "the options are longer than 64 KiB", "", ""});
    return syntax;
  }
  ByteStream bytes(text);
  RemoteOptionsLexer lexer(&bytes);
  antlr4::CommonTokenStream tokens(&lexer);
  tokens.fill();
  if (auto error = find_deep_nesting(tokens.getTokens())) {
    syntax.errors.push_back(std::move(*error));
    return syntax;
  }
  Parser parser(&tokens);
  FirstError listener(text);
  parser.removeErrorListeners();
  parser.addErrorListener(&listener);
  Parser::AnnotationContext* annotation = parser.annotation();
  SyntaxReader(text, syntax).read(*annotation, listener);
  if (listener.error) syntax.errors.push_back(std::move(*listener.error));
  return syntax;
}

}  // namespace ray::compiler
