#include "compiler/workflow/flow_order.h"

#include <algorithm>
#include <string>

#include "compiler/graph/graph_walk.h"
#include "compiler/graph/graph_writer.h"

namespace ray::compiler::workflow {
namespace {

using graph::Argument;
using graph::GraphError;
using graph::Node;
using graph::NodeSpans;
using graph::Refs;
using graph::RegionPath;
using graph::Span;
using graph::ValueId;

class OrderChecker {
 public:
  OrderChecker(const graph::Function& flow, std::vector<GraphError>& errors)
      : flow_(flow),
        errors_(errors),
        makers_(flow.values.size()),
        is_in_cycle_(flow.values.size()) {
    for_each_node(flow, [this](const Node& node, const RegionPath& path) {
      for (const ValueId value : node.results) makers_[value] = {&node, path};
    });
  }

  void check(const graph::FunctionSpans& spans) {
    std::vector<bool> is_made(flow_.values.size());
    for (const auto& parameter : flow_.parameters) {
      if (parameter.value) is_made[*parameter.value] = true;
    }
    std::size_t index = 0;
    for_each_node(flow_, [&](const Node& node, const RegionPath& path) {
      const NodeSpans& at = spans.nodes[index++];
      check_kind(node, path, at);
      for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        const Argument& argument = node.arguments[i];
        if (argument.kind == Argument::Kind::computed) {
          fail(at.arguments[i], "'_' stands for a value that is not written down",
               "give a literal, or the result of a call");
        } else if (argument.kind == Argument::Kind::refs) {
          check_refs(argument.refs, at.arguments[i], node, path, is_made);
        }
      }
      if (node.actor) check_refs(*node.actor, at.actor, node, path, is_made);
      for (const ValueId value : node.results) is_made[value] = true;
    });
  }

 private:
  struct Maker {
    const Node* node = nullptr;  // null for a parameter
    RegionPath path;
  };

  void fail(Span span, std::string message, std::string note = "") {
    errors_.push_back({span, std::move(message), std::move(note)});
  }
  std::string name(ValueId value) const { return "'" + graph::value_text(flow_, value) + "'"; }

  void check_kind(const Node& node, const RegionPath& path, const NodeSpans& at) {
    const std::string word = "'" + std::string(graph::keyword(node.kind)) + "'";
    switch (node.kind) {
      case Node::Kind::branch:
      case Node::Kind::lambda:
      case Node::Kind::call:
      case Node::Kind::wait:
      case Node::Kind::escape:
        fail(at.operation, word + " is for the graphs of C++ programs: a workflow cannot run it");
        return;
      case Node::Kind::loop:
        if (!node.count) fail(at.operation, "how often is not said", "write 'loop 8 { ... }'");
        if (!path.empty()) fail(at.operation, "a workflow's loops do not stand in loops");
        return;
      default:
        if (node.is_call() && node.callee == graph::kUnknownFunction) {
          fail(at.callee, "'?' is no function that could be called");
        }
    }
  }

  void check_refs(const Refs& refs, Span span, const Node& node, const RegionPath& path,
                  const std::vector<bool>& is_made) {
    if (refs.shape == Refs::Shape::any) {
      fail(span, "which of these is meant is not said", "write one value, or all: '[%a, %b]'");
      return;
    }
    for (const ValueId value : refs.values) {
      if (value == graph::kUnknownValue) {
        fail(span, "'?' is no value that could be passed on");
      } else if (!is_made[value]) {
        check_cycle(value, span, node);
      } else if (refs.shape == Refs::Shape::one && !is_around(makers_[value].path, path)) {
        fail(span, name(value) + " is made in a loop, each time anew",
             "for all of them write '[" + graph::value_text(flow_, value) + "]'");
      }
    }
  }

  static bool is_around(const RegionPath& outer, const RegionPath& inner) {
    return outer.size() <= inner.size() && std::equal(outer.begin(), outer.end(), inner.begin());
  }

  // `node` uses what is made further down.
  void check_cycle(ValueId value, Span span, const Node& node) {
    std::vector<ValueId> way;
    std::vector<bool> is_seen(flow_.values.size());
    if (is_in_cycle_[value]) return;  // told where it was met first
    if (!node.results.empty() && leads_to(value, node, way, is_seen)) {
      is_in_cycle_[value] = true;
      for (const ValueId next : way) is_in_cycle_[next] = true;
      std::string message = "a cycle: " + name(node.results.front()) + " needs " + name(value);
      for (const ValueId next : way) message += ", which needs " + name(next);
      fail(span, std::move(message));
    } else {
      fail(span, name(value) + " is made only further down", "move that line above this one");
    }
  }

  // Whether `value` is made of a result of `target`; `way` is then what lies between, and that.
  bool leads_to(ValueId value, const Node& target, std::vector<ValueId>& way,
                std::vector<bool>& is_seen) {
    if (is_seen[value] || makers_[value].node == nullptr) return false;
    is_seen[value] = true;
    if (makers_[value].node == &target) return true;
    const auto leads = [&](const Refs& refs) {
      for (const ValueId next : refs.values) {
        if (next == graph::kUnknownValue) continue;
        way.push_back(next);
        if (leads_to(next, target, way, is_seen)) return true;
        way.pop_back();
      }
      return false;
    };
    const Node& maker = *makers_[value].node;
    for (const Argument& argument : maker.arguments) {
      if (argument.kind == Argument::Kind::refs && leads(argument.refs)) return true;
    }
    return maker.actor && leads(*maker.actor);
  }

  const graph::Function& flow_;
  std::vector<GraphError>& errors_;
  std::vector<Maker> makers_;
  std::vector<bool> is_in_cycle_;  // that was reported
};

}  // namespace

void check_order(const graph::Function& flow, const graph::FunctionSpans& spans,
                 std::vector<GraphError>& errors) {
  OrderChecker(flow, errors).check(spans);
}

}  // namespace ray::compiler::workflow
