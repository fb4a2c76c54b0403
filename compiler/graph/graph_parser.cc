#include "compiler/graph/graph_parser.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "compiler/graph/graph_syntax.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/options/string_literal.h"
#include "compiler/options/value_reader.h"

namespace ray::compiler::graph {
namespace {

using Parser = TaskGraphParser;
using Errors = std::vector<GraphError>;

// Every kind of operation by its word.
Node::Kind kind_of(std::string_view word) {
  auto kind = Node::Kind::submit;
  while (keyword(kind) != word) kind = static_cast<Node::Kind>(static_cast<int>(kind) + 1);
  return kind;
}

Function::Kind function_kind(std::string_view word) {
  auto kind = Function::Kind::task;
  while (keyword(kind) != word) kind = static_cast<Function::Kind>(static_cast<int>(kind) + 1);
  return kind;
}

// What functions and bodies share: tokens, numbers, strings, places.
class TokenReader {
 public:
  TokenReader(std::string_view text, Errors& errors) : text_(text), errors_(errors) {}

  std::string_view spelled(Span span) const { return text_.substr(span.offset, span.length); }
  std::string_view spelled(antlr4::Token& token) const { return spelled(span_of(token)); }
  std::string_view spelled(antlr4::tree::TerminalNode& node) const {
    return spelled(*node.getSymbol());
  }

  void fail(Span span, std::string message, std::string note = "") const {
    errors_.push_back({span, std::move(message), std::move(note)});
  }

  template <class Number>
  Number number(antlr4::Token& token) const {
    const std::string_view digits = spelled(token);
    Number result = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    if (error == std::errc() && end == digits.data() + digits.size()) return result;
    fail(span_of(token), "expected a whole number, not '" + std::string(digits) + "'");
    return 0;
  }

  std::string string(antlr4::Token& token) const {
    std::string result;
    const auto bad = decode_string_literal(spelled(token), result);
    if (bad) {
      const Span escape{token.getStartIndex() + bad->offset, bad->length};
      fail(escape, "invalid escape sequence '" + std::string(spelled(escape)) + "'");
    }
    return result;
  }

  std::string symbol(Parser::SymbolContext& context) const {
    if (auto* quoted = context.STRING()) return string(*quoted->getSymbol());
    return std::string(spelled(*context.SYMBOL()).substr(1));
  }

  Place place(Parser::PlaceContext* context) const {
    Place result;
    if (context == nullptr) return result;
    result.line = number<unsigned>(*context->line);
    result.column = number<unsigned>(*context->column);
    if (auto* file = context->STRING()) result.file = string(*file->getSymbol());
    if (result.line == 0) fail(span_of(*context->line), "lines are counted from 1");
    return result;
  }

 private:
  std::string_view text_;
  Errors& errors_;
};

// Reads one function's block.
class BodyReader {
 public:
  BodyReader(const TokenReader& tokens, const std::map<std::string, FunctionId>& functions,
             Function& function, FunctionSpans& spans)
      : tokens_(tokens), functions_(functions), function_(function), spans_(spans) {}

  void read(Parser::FunctionContext& context) {
    const auto parameters = context.parameter();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (auto* name = parameters[i]->VALUE()) function_.parameters[i].value = define(*name);
    }
    function_.has_body = context.block() != nullptr;
    if (!function_.has_body) return;
    define_results(*context.block());
    function_.nodes = block(*context.block());
  }

 private:
  ValueId define(antlr4::tree::TerminalNode& name) {
    const std::string spelling(tokens_.spelled(name).substr(1));
    const auto [found, is_new] =
        values_.try_emplace(spelling, static_cast<ValueId>(function_.values.size()));
    if (is_new) {
      function_.values.push_back(spelling);
    } else {
      tokens_.fail(span_of(*name.getSymbol()), "'%" + spelling + "' is defined already",
                   "each value is defined once: choose another name");
    }
    return found->second;
  }

  // In the order of the text, before any use: a loop may use what it has made the last time.
  void define_results(Parser::BlockContext& context) {
    for (Parser::StatementContext* statement : context.statement()) {
      if (auto* loop = statement->loop()) define_results(*loop->block());
      if (auto* lambda = statement->lambda()) define_results(*lambda->block());
      if (auto* branch = statement->branch()) {
        for (Parser::BlockContext* part : branch->block()) define_results(*part);
      }
      if (auto* operation = statement->operation()) {
        for (antlr4::tree::TerminalNode* name : operation->VALUE()) define(*name);
      }
    }
  }

  std::vector<Node> block(Parser::BlockContext& context) {
    std::vector<Node> result;
    for (Parser::StatementContext* child : context.statement()) result.push_back(statement(*child));
    return result;
  }

  Node statement(Parser::StatementContext& context) {
    const std::size_t index = spans_.nodes.size();
    spans_.nodes.emplace_back();
    Node node;
    if (auto* loop = context.loop()) {
      node.kind = Node::Kind::loop;
      if (auto* count = loop->NUMBER()) {
        node.count = tokens_.number<std::uint64_t>(*count->getSymbol());
      }
      node.place = tokens_.place(loop->place());
      spans_.nodes[index].operation = span_of(*loop->getStart());
      node.nodes = block(*loop->block());
    } else if (auto* branch = context.branch()) {
      node.kind = Node::Kind::branch;
      node.place = tokens_.place(branch->place());
      spans_.nodes[index].operation = span_of(*branch->getStart());
      node.nodes = block(*branch->block(0));
      if (branch->block().size() > 1) node.otherwise = block(*branch->block(1));
    } else if (auto* lambda = context.lambda()) {
      node.kind = Node::Kind::lambda;
      node.place = tokens_.place(lambda->place());
      spans_.nodes[index].operation = span_of(*lambda->getStart());
      node.nodes = block(*lambda->block());
    } else {
      operation(*context.operation(), node, spans_.nodes[index]);
    }
    return node;
  }

  void operation(Parser::OperationContext& context, Node& node, NodeSpans& spans) {
    for (antlr4::tree::TerminalNode* name : context.VALUE()) {
      node.results.push_back(values_.at(std::string(tokens_.spelled(*name).substr(1))));
    }
    if (auto* how = context.call()) {
      call(*how, node, spans);
    } else if (auto* how = context.put()) {
      node.kind = Node::Kind::put;
      spans.operation = span_of(*how->getStart());
      node.arguments.push_back(argument(*how->argument()));
      spans.arguments.push_back(span_of(*how->argument()));
      if (auto* type = how->STRING()) node.text = tokens_.string(*type->getSymbol());
    } else if (auto* how = context.use()) {
      node.kind = kind_of(tokens_.spelled(*how->how));
      spans.operation = span_of(*how->how);
      use(*how->refs(), node, spans);
    } else if (auto* how = context.escape()) {
      node.kind = Node::Kind::escape;
      spans.operation = span_of(*how->getStart());
      use(*how->refs(), node, spans);
      if (auto* where = how->STRING()) node.text = tokens_.string(*where->getSymbol());
    }
    node.place = tokens_.place(context.place());
    for (Parser::FactContext* fact : context.fact()) node.facts.push_back(read_fact(*fact));
  }

  void call(Parser::CallContext& context, Node& node, NodeSpans& spans) {
    node.kind = kind_of(tokens_.spelled(*context.how));
    spans.operation = span_of(*context.how);
    spans.callee = span_of(*context.callee());
    if (auto* symbol = context.callee()->symbol()) node.callee = callee(*symbol);
    for (Parser::ArgumentContext* each : context.argument()) {
      node.arguments.push_back(argument(*each));
      spans.arguments.push_back(span_of(*each));
    }
    if (auto* actor = context.refs()) {
      node.actor = refs(*actor);
      spans.actor = span_of(*actor);
    }
  }

  void use(Parser::RefsContext& context, Node& node, NodeSpans& spans) {
    Argument argument;
    argument.kind = Argument::Kind::refs;
    argument.refs = refs(context);
    node.arguments.push_back(std::move(argument));
    spans.arguments.push_back(span_of(context));
  }

  FunctionId callee(Parser::SymbolContext& context) const {
    const std::string name = tokens_.symbol(context);
    const auto found = functions_.find(name);
    if (found != functions_.end()) return found->second;
    std::vector<std::string_view> names;
    for (const auto& [known, id] : functions_) names.push_back(known);
    tokens_.fail(span_of(context),
                 "there is no function '@" + name + "'" + did_you_mean(nearest_name(name, names)));
    return kUnknownFunction;
  }

  Argument argument(Parser::ArgumentContext& context) const {
    Argument result;
    if (auto* held = context.refs()) {
      result.kind = Argument::Kind::refs;
      result.refs = refs(*held);
    } else if (auto* written = context.literal()) {
      result.kind = Argument::Kind::literal;
      result.literal = literal(*written);
    }
    return result;
  }

  std::string literal(Parser::LiteralContext& context) const {
    const auto items = context.literal();
    if (items.empty()) return std::string(tokens_.spelled(*context.getStart()));
    std::string result;
    for (Parser::LiteralContext* item : items) {
      result += (result.empty() ? "[" : ", ") + literal(*item);
    }
    return result + "]";
  }

  Refs refs(Parser::RefsContext& context) const {
    Refs result;
    for (antlr4::tree::ParseTree* child : context.children) {
      auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(child);
      if (terminal == nullptr) continue;
      const std::string_view token = tokens_.spelled(*terminal);
      if (token == "&") result.is_itself = true;
      if (token == "{") result.shape = Refs::Shape::any;
      if (token == "[") result.shape = Refs::Shape::list;
    }
    for (Parser::OriginContext* origin : context.origin()) {
      auto* name = origin->VALUE();
      result.values.push_back(name == nullptr ? kUnknownValue : value(*name));
    }
    return result;
  }

  ValueId value(antlr4::tree::TerminalNode& name) const {
    const std::string spelling(tokens_.spelled(name).substr(1));
    const auto found = values_.find(spelling);
    if (found != values_.end()) return found->second;
    std::vector<std::string_view> names(function_.values.begin(), function_.values.end());
    tokens_.fail(span_of(*name.getSymbol()), "no operation here defines '%" + spelling + "'" +
                                                 did_you_mean(nearest_name(spelling, names)));
    return kUnknownValue;
  }

  Fact read_fact(Parser::FactContext& context) const {
    Fact fact;
    fact.name = tokens_.spelled(*context.FACT()).substr(1);
    if (auto* count = context.NUMBER()) {
      fact.count = tokens_.number<std::uint64_t>(*count->getSymbol());
    }
    if (auto* name = context.VALUE()) fact.value = value(*name);
    return fact;
  }

  const TokenReader& tokens_;
  const std::map<std::string, FunctionId>& functions_;
  Function& function_;
  FunctionSpans& spans_;
  std::map<std::string, ValueId> values_;
};

Function read_head(const TokenReader& tokens, Parser::FunctionContext& context) {
  Function result;
  result.is_internal = context.internal != nullptr;
  result.kind = function_kind(tokens.spelled(*context.kind));
  result.symbol = tokens.symbol(*context.symbol());
  for (Parser::ParameterContext* parameter : context.parameter()) {
    result.parameters.push_back({tokens.string(*parameter->type), std::nullopt});
  }
  for (antlr4::tree::TerminalNode* type : context.STRING()) {
    result.results.push_back(tokens.string(*type->getSymbol()));
  }
  result.place = tokens.place(context.place());
  return result;
}

void read_graph(std::string_view text, Parser::GraphContext& tree,
                const std::vector<Function>& known, ParsedGraph& result) {
  const TokenReader tokens(text, result.errors);
  const auto version = tokens.number<unsigned>(*tree.version);
  if (version != kGraphVersion) {
    tokens.fail(span_of(*tree.version), "this is version " + std::to_string(version) +
                                            " of the form; version " +
                                            std::to_string(kGraphVersion) + " is understood");
    return;
  }
  if (tree.source != nullptr) result.graph.source = tokens.string(*tree.source);

  std::map<std::string, FunctionId> functions;
  for (Parser::FunctionContext* context : tree.function()) {
    const auto id = static_cast<FunctionId>(result.graph.functions.size());
    result.graph.functions.push_back(read_head(tokens, *context));
    result.spans.emplace_back().symbol = span_of(*context->symbol());
    const std::string& symbol = result.graph.functions.back().symbol;
    if (!functions.emplace(symbol, id).second) {
      tokens.fail(result.spans.back().symbol, "'@" + symbol + "' is declared already",
                  "overloads are told apart by a suffix: '@" + symbol + "#2'");
    }
  }
  const std::size_t declared = result.graph.functions.size();
  for (const Function& function : known) {
    const auto id = static_cast<FunctionId>(result.graph.functions.size());
    if (!functions.emplace(function.symbol, id).second) continue;
    result.graph.functions.push_back(function);
    result.spans.emplace_back();
  }
  for (FunctionId id = 0; id < declared; ++id) {
    BodyReader(tokens, functions, result.graph.functions[id], result.spans[id])
        .read(*tree.function(id));
  }
}

}  // namespace

ParsedGraph parse_graph(std::string_view text, const std::vector<Function>& known) {
  ParsedGraph result;
  const GraphSyntax syntax(text);
  if (syntax.error()) {
    result.errors.push_back(*syntax.error());
  } else {
    read_graph(text, *syntax.tree(), known, result);
  }
  std::sort(result.errors.begin(), result.errors.end(),
            [](const GraphError& a, const GraphError& b) {
              return std::tie(a.span.offset, a.message) < std::tie(b.span.offset, b.message);
            });
  return result;
}

std::string render_errors(const std::string& path, std::string_view text, const Errors& errors) {
  std::string result;
  for (const GraphError& error : errors) {
    const std::size_t offset = std::min(error.span.offset, text.size());
    const std::string_view before = text.substr(0, offset);
    const std::size_t start = before.rfind('\n') + 1;
    const std::size_t line =
        static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::string_view shown = text.substr(start, text.find('\n', start) - start);
    const std::string place =
        path + ":" + std::to_string(line + 1) + ":" + std::to_string(offset - start + 1) + ": ";
    result += place + "error: " + error.message + "\n";
    result.append(shown).append("\n");
    for (std::size_t i = start; i < offset; ++i) result += text[i] == '\t' ? '\t' : ' ';
    const std::size_t length = std::min(error.span.length, start + shown.size() - offset);
    result += '^' + std::string(length > 1 ? length - 1 : 0, '~') + "\n";
    if (!error.note.empty()) result += place + "note: " + error.note + "\n";
  }
  return result;
}

}  // namespace ray::compiler::graph
