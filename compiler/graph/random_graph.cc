#include "compiler/graph/random_graph.h"

#include <random>

namespace ray::compiler::graph {
namespace {

using Kind = Node::Kind;

class RandomGraph {
 public:
  explicit RandomGraph(std::uint32_t seed) : random_(seed) {}

  TaskGraph make() {
    if (flip()) graph_.source = text();
    const std::size_t count = pick(6);
    for (std::size_t i = 0; i < count; ++i) graph_.functions.push_back(head(i));
    for (Function& function : graph_.functions) {
      for (Function::Parameter& parameter : function.parameters) {
        if (flip()) parameter.value = new_value(function);
      }
      function.has_body = flip();
      if (!function.has_body) continue;
      visible_.clear();
      for (const Function::Parameter& parameter : function.parameters) {
        if (parameter.value) visible_.push_back(*parameter.value);
      }
      function.nodes = block(function, 0);
      mend(function, function.nodes);
    }
    return std::move(graph_);
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  bool flip() { return pick(2) == 0; }

  // Whatever C++ names and paths may hold, and more.
  std::string text() {
    static constexpr std::string_view kAlphabet = "ab:<>(), \"\\\n\t\x01\x7f\xc3\xa9%@!&#0129";
    std::string result;
    for (std::size_t length = pick(8) + 1; length > 0; --length) {
      result += kAlphabet[pick(kAlphabet.size())];
    }
    return result;
  }

  Place place() {
    Place result;
    if (flip()) return result;
    result.line = static_cast<unsigned>(pick(100000) + 1);
    result.column = static_cast<unsigned>(pick(200));
    if (pick(4) == 0) result.file = text();
    return result;
  }

  Function head(std::size_t index) {
    Function result;
    result.kind = static_cast<Function::Kind>(pick(4));
    result.is_internal = flip();
    result.symbol = (flip() ? text() : "ns::f#") + std::to_string(index);
    for (std::size_t i = pick(4); i > 0; --i) result.parameters.push_back({text(), std::nullopt});
    if (result.kind != Function::Kind::actor) {
      for (std::size_t i = pick(3); i > 0; --i) result.results.push_back(text());
    }
    result.place = place();
    return result;
  }

  ValueId new_value(Function& function) {
    static constexpr const char* kNames[] = {"", "a", "x.", "$", "\xc3\xa9"};
    function.values.push_back(kNames[pick(5)] + std::to_string(function.values.size()));
    return static_cast<ValueId>(function.values.size() - 1);
  }

  std::vector<Node> block(Function& function, int depth) {
    std::vector<Node> result;
    const std::size_t visible = visible_.size();
    for (std::size_t i = pick(depth == 0 ? 8 : 4); i > 0; --i) {
      result.push_back(node(function, depth));
    }
    visible_.resize(visible);
    return result;
  }

  Node node(Function& function, int depth) {
    Node result;
    result.place = place();
    if (depth < 4 && pick(4) == 0) {
      result.kind = static_cast<Kind>(static_cast<int>(Kind::loop) + static_cast<int>(pick(3)));
      if (result.kind == Kind::loop && flip()) result.count = random_();
      result.nodes = block(function, depth + 1);
      if (result.kind == Kind::branch) result.otherwise = block(function, depth + 1);
      return result;
    }
    const auto kind = static_cast<Kind>(pick(static_cast<std::size_t>(Kind::loop)));
    if (kind == Kind::submit || kind == Kind::create || kind == Kind::call) {
      call(function, kind, result);
    } else {
      result.kind = kind;
      result.arguments.push_back(kind == Kind::put ? argument()
                                                   : Argument{Argument::Kind::refs, "", refs()});
      if ((kind == Kind::put || kind == Kind::escape) && flip()) result.text = text();
      if (kind == Kind::put) define(function, result, pick(2));
      if (kind == Kind::wait) define(function, result, 2 * pick(2));
    }
    if (flip()) result.facts.push_back(fact());
    return result;
  }

  void call(Function& function, Kind kind, Node& result) {
    result.kind = kind;
    if (!graph_.functions.empty()) {
      const auto callee = static_cast<FunctionId>(pick(graph_.functions.size()));
      const Function& called = graph_.functions[callee];
      const bool fits = (kind == Kind::create) == (called.kind == Function::Kind::actor);
      if (fits) result.callee = callee;
    }
    const bool is_known = result.callee != kUnknownFunction;
    std::size_t arguments = pick(3);
    if (is_known) {
      const Function& called = graph_.functions[result.callee];
      arguments = called.parameters.size();
      if (kind == Kind::submit && called.kind == Function::Kind::method) result.actor = refs();
    }
    while (arguments-- > 0) result.arguments.push_back(argument());
    const std::size_t allowed =
        kind == Kind::submit && is_known ? result_count(graph_.functions[result.callee]) : 1;
    define(function, result, flip() ? allowed : 0);
  }

  void define(Function& function, Node& node, std::size_t count) {
    while (count-- > 0) {
      node.results.push_back(new_value(function));
      made_.push_back(node.results.back());
    }
    visible_.insert(visible_.end(), made_.begin(), made_.end());
    made_.clear();
  }

  Argument argument() {
    static constexpr const char* kLiterals[] = {"3",    "-1.5e-3",  "\"a\\n\"",
                                                "true", "[1, [2]]", "0x1F"};
    Argument result;
    result.kind = static_cast<Argument::Kind>(pick(3));
    if (result.kind == Argument::Kind::literal) result.literal = kLiterals[pick(6)];
    if (result.kind == Argument::Kind::refs) result.refs = refs();
    return result;
  }

  Refs refs() {
    Refs result;
    result.shape = static_cast<Refs::Shape>(pick(3));
    result.is_itself = flip();
    std::size_t count = result.shape == Refs::Shape::one   ? 1
                        : result.shape == Refs::Shape::any ? pick(3) + 1
                                                           : pick(4);
    while (count-- > 0) {
      const bool is_known = !visible_.empty() && pick(4) != 0;
      result.values.push_back(is_known ? visible_[pick(visible_.size())] : kUnknownValue);
    }
    return result;
  }

  Fact fact() {
    if (!visible_.empty() && pick(4) == 0) {
      return {"chain", std::nullopt, visible_[pick(visible_.size())]};
    }
    static constexpr const char* kNames[] = {"unused", "local", "fan_in", "fan_out"};
    const std::size_t which = pick(4);
    Fact result{kNames[which], std::nullopt, std::nullopt};
    if (which >= 2 && flip()) result.count = random_();
    return result;
  }

  // Actors are no objects, nor objects actors: what would be misused becomes unknown.
  void mend(const Function& function, std::vector<Node>& nodes) {
    std::vector<Kind> makers(function.values.size(), Kind::call);
    collect(nodes, makers);
    mend(nodes, makers);
  }
  static void collect(const std::vector<Node>& nodes, std::vector<Kind>& makers) {
    for (const Node& node : nodes) {
      for (const ValueId value : node.results) makers[value] = node.kind;
      collect(node.nodes, makers);
      collect(node.otherwise, makers);
    }
  }
  static void mend(std::vector<Node>& nodes, const std::vector<Kind>& makers) {
    for (Node& node : nodes) {
      for (Argument& argument : node.arguments) {
        const bool takes_actors = node.is_call() && argument.refs.is_itself;
        if (node.kind == Kind::kill) {
          forget_objects(argument.refs, makers);
        } else if (!takes_actors) {
          forget_actors(argument.refs, makers);
        }
      }
      if (node.actor) forget_objects(*node.actor, makers);
      mend(node.nodes, makers);
      mend(node.otherwise, makers);
    }
  }
  static void forget_actors(Refs& refs, const std::vector<Kind>& makers) {
    for (ValueId& value : refs.values) {
      if (value != kUnknownValue && makers[value] == Kind::create) value = kUnknownValue;
    }
  }
  static void forget_objects(Refs& refs, const std::vector<Kind>& makers) {
    for (ValueId& value : refs.values) {
      if (value == kUnknownValue || makers[value] == Kind::call) continue;
      if (makers[value] != Kind::create) value = kUnknownValue;
    }
  }

  std::mt19937 random_;
  TaskGraph graph_;
  std::vector<ValueId> visible_;  // made on every way to here
  std::vector<ValueId> made_;
};

}  // namespace

TaskGraph random_graph(std::uint32_t seed) { return RandomGraph(seed).make(); }

}  // namespace ray::compiler::graph
