// TaskGraph is the static graph of a program's remote calls: which body submits what, and which
// results may arrive at which parameter. Its textual form is grammar/TaskGraph.g4.
//
// A *value* is the ref (or actor handle) that an operation makes, one for each time that the
// operation runs. An operand names the values whose refs may arrive there, whatever variables and
// containers they went through on the way: that is decided before a graph is made, and it errs on
// the side of too many.
//
// Limits: pure data; no clang is included here or by anything that reads it but graph_reader.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ray::compiler::graph {

// An empty file is that of what is around: a function's is the graph's source, an operation's is
// its function's. Line 0: not known.
struct Place {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

using ValueId = std::uint32_t;                       // index into Function::values
inline constexpr ValueId kUnknownValue = ~0u;        // a ref that came from somewhere else: '?'
using FunctionId = std::uint32_t;                    // index into TaskGraph::functions
inline constexpr FunctionId kUnknownFunction = ~0u;  // called through a pointer: '?'

// The refs that may arrive at one place.
struct Refs {
  enum class Shape {
    one,   // %a    the ref that this value is at this time
    any,   // {%a}  one ref, of one of these values
    list,  // [%a]  a collection of refs of these values
  };
  Shape shape = Shape::one;
  bool is_itself = false;  // &%a: the ref is handed over, instead of awaited for its value
  std::vector<ValueId> values;

  friend bool operator==(const Refs&, const Refs&) = default;
};

struct Argument {
  enum class Kind { computed, literal, refs };  // computed: anything that holds no ref
  Kind kind = Kind::computed;
  std::string literal;  // as C++ spells it
  Refs refs;

  friend bool operator==(const Argument&, const Argument&) = default;
};

// What a pass has proved of an operation.
struct Fact {
  std::string name;
  std::optional<std::uint64_t> count;
  std::optional<ValueId> value;

  friend bool operator==(const Fact&, const Fact&) = default;
};

struct Node {
  enum class Kind {
    submit,  // of a task, or of a method `on` an actor
    create,  // of an actor
    put,
    call,  // plainly, of a function that takes part in the graph
    get,
    view,
    await,
    print,  // the value is read and written down: of workflows
    wait,   // its results are the refs that are ready, and the rest
    cancel,
    kill,
    give_back,  // `return`
    escape,     // to where the graph does not look
    loop,       // of `nodes`, any number of times or `count` times
    branch,     // `nodes` or `otherwise`, either of which may be empty
    lambda,     // `nodes`, whenever it is called
  };
  Kind kind = Kind::get;
  std::vector<ValueId> results;
  FunctionId callee = kUnknownFunction;  // of submit, create and call
  std::vector<Argument> arguments;       // of those; of put and of what uses refs exactly one
  std::optional<Refs> actor;             // of a method
  std::string text;                      // put: the type; escape: where to
  std::optional<std::uint64_t> count;
  std::vector<Node> nodes;
  std::vector<Node> otherwise;
  Place place;
  std::vector<Fact> facts;

  bool is_region() const { return kind >= Kind::loop; }
  bool is_call() const {
    return kind == Kind::submit || kind == Kind::create || kind == Kind::call;
  }
  friend bool operator==(const Node&, const Node&) = default;
};

struct Function {
  enum class Kind { task, actor, method, plain };
  struct Parameter {
    std::string type;              // without reference and const
    std::optional<ValueId> value;  // where the body may see refs in it
    friend bool operator==(const Parameter&, const Parameter&) = default;
  };
  Kind kind = Kind::task;
  bool is_internal = false;  // each source file has its own of that name
  std::string symbol;        // unique in the graph; an actor's is its class
  std::vector<Parameter> parameters;
  std::vector<std::string> results;  // types; none: void
  Place place;
  bool has_body = false;
  std::vector<std::string> values;  // names, each once
  std::vector<Node> nodes;

  friend bool operator==(const Function&, const Function&) = default;
};

struct TaskGraph {
  std::string source;
  std::vector<Function> functions;

  friend bool operator==(const TaskGraph&, const TaskGraph&) = default;
};

// How many refs a submission of `function` gives.
inline std::size_t result_count(const Function& function) {
  return function.results.empty() ? 1 : function.results.size();
}

}  // namespace ray::compiler::graph
