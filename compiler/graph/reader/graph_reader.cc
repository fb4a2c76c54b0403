#include "compiler/graph/reader/graph_reader.h"

#include <map>
#include <set>
#include <utility>

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "compiler/graph/graph_walk.h"
#include "compiler/graph/reader/body_reader.h"

namespace ray::compiler::graph {
namespace {

using clang::CXXRecordDecl;
using clang::Decl;
using clang::FunctionDecl;

// Finds the user's function bodies, and the identities that generated code has.
class BodyFinder {
 public:
  explicit BodyFinder(const RefTypes& types) : types_(types) {}

  void visit(Decl* declaration) {
    if (declaration == nullptr || !seen_.insert(declaration).second) return;
    if (auto* function = llvm::dyn_cast<FunctionDecl>(declaration)) {
      add(*function);
    } else if (auto* pattern = llvm::dyn_cast<clang::FunctionTemplateDecl>(declaration)) {
      for (FunctionDecl* instance : pattern->specializations()) add(*instance);
    } else if (auto* pattern = llvm::dyn_cast<clang::ClassTemplateDecl>(declaration)) {
      for (auto* instance : pattern->specializations()) visit(instance);
    } else if (auto* record = llvm::dyn_cast<CXXRecordDecl>(declaration)) {
      if (record->isDependentContext()) return;
      if (FunctionTable::is_identity(*record)) {
        identities.push_back(record);
      } else {
        visit_all(*record);
      }
    } else if (auto* space = llvm::dyn_cast<clang::NamespaceDecl>(declaration)) {
      visit_all(*space);
    } else if (auto* linkage = llvm::dyn_cast<clang::LinkageSpecDecl>(declaration)) {
      visit_all(*linkage);
    }
  }

  std::vector<const FunctionDecl*> bodies;
  std::vector<const CXXRecordDecl*> identities;

 private:
  void visit_all(clang::DeclContext& context) {
    for (Decl* each : context.decls()) visit(each);
  }

  void add(FunctionDecl& function) {
    if (function.isDependentContext() || !function.doesThisDeclarationHaveABody()) return;
    if (function.isImplicit() || function.isDefaulted()) return;
    if (types_.is_of_system(function) || is_of_library(function)) return;
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
    if (method != nullptr && method->getParent()->isLambda()) return;  // in what is around it
    if (method != nullptr && is_generated(*method->getParent())) return;
    if (is_generated(function)) return;
    if (taken_.insert(&function).second) bodies.push_back(&function);
  }
  static bool is_generated(const clang::NamedDecl& declaration) {
    // Both stand in names that nobody can write.
    if (declaration.getIdentifier() != nullptr &&
        declaration.getName().find_first_of("$.") != llvm::StringRef::npos) {
      return true;
    }
    const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(&declaration);
    if (method == nullptr || !method->isStatic() || method->getIdentifier() == nullptr)
      return false;
    if (method->getName() != "remote" && method->getName() != "options") return false;
    for (const Decl* member : method->getParent()->decls()) {
      const auto* named = llvm::dyn_cast<clang::NamedDecl>(member);
      if (named != nullptr && named->getIdentifier() != nullptr &&
          named->getName() == "ray$methods") {
        return true;
      }
    }
    return false;
  }

  const RefTypes& types_;
  std::set<const Decl*> seen_;
  std::set<const FunctionDecl*> taken_;
};

// Whether a body does something remote itself, and which functions it calls.
class BodyScan : public clang::RecursiveASTVisitor<BodyScan> {
 public:
  BodyScan(RefTypes& types, RemoteCalls& calls) : types_(types), calls_(calls) {}

  bool shouldVisitImplicitCode() const { return true; }
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool VisitCallExpr(clang::CallExpr* call) {
    const RemoteCall remote = calls_.recognise(*call);
    is_remote |= remote.kind == RemoteCall::Kind::submit ||
                 remote.kind == RemoteCall::Kind::create ||
                 remote.kind == RemoteCall::Kind::operation;
    if (const FunctionDecl* callee = call->getDirectCallee()) {
      called.insert(callee->getCanonicalDecl());
    }
    return true;
  }
  bool VisitCoawaitExpr(clang::CoawaitExpr* awaited) {
    is_remote |= types_.holds_refs(awaited->getOperand()->getType());
    return true;
  }

  bool is_remote = false;
  std::set<const FunctionDecl*> called;

 private:
  RefTypes& types_;
  RemoteCalls& calls_;
};

bool handles_refs(const FunctionDecl& function, RefTypes& types) {
  if (types.holds_refs(function.getReturnType())) return true;
  for (const clang::ParmVarDecl* parameter : function.parameters()) {
    if (types.holds_refs(parameter->getType())) return true;
  }
  return false;
}

// The functions that take part: what is remote or handles refs, and what calls those.
std::set<const FunctionDecl*> find_parts(const std::vector<const FunctionDecl*>& bodies,
                                         RefTypes& types, RemoteCalls& calls) {
  std::set<const FunctionDecl*> parts;
  std::map<const FunctionDecl*, std::set<const FunctionDecl*>> called;
  for (const FunctionDecl* body : bodies) {
    BodyScan scan(types, calls);
    scan.TraverseDecl(const_cast<FunctionDecl*>(body));
    called[body->getCanonicalDecl()] = std::move(scan.called);
    if (scan.is_remote || handles_refs(*body, types)) parts.insert(body->getCanonicalDecl());
  }
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (const auto& [caller, callees] : called) {
      if (parts.count(caller) != 0) continue;
      for (const FunctionDecl* callee : callees) {
        if (parts.count(callee) == 0) continue;
        parts.insert(caller);
        has_changed = true;
        break;
      }
    }
  }
  return parts;
}

// What a header declares and this file neither defines nor calls.
void leave_out_unused(TaskGraph& graph, std::set<FunctionId> used) {
  for (const Function& function : graph.functions) {
    for_each_node(function, [&used](const Node& node, const RegionPath&) {
      if (node.is_call()) used.insert(node.callee);
    });
  }
  std::vector<FunctionId> ids;
  std::vector<Function> kept;
  for (FunctionId id = 0; id < graph.functions.size(); ++id) {
    ids.push_back(static_cast<FunctionId>(kept.size()));
    if (used.count(id) != 0) kept.push_back(std::move(graph.functions[id]));
  }
  for (Function& function : kept) {
    for_each_node(function, [&ids](Node& node, const RegionPath&) {
      if (node.is_call() && node.callee != kUnknownFunction) node.callee = ids[node.callee];
    });
  }
  graph.functions = std::move(kept);
}

}  // namespace

TaskGraph read_graph(clang::ASTContext& context, const std::vector<Decl*>& declarations,
                     const std::string& source, OriginalPlaces original) {
  TaskGraph graph;
  graph.source = source;
  RefTypes types(context);
  RemoteCalls calls;
  BodyFinder finder(types);
  for (Decl* declaration : declarations) finder.visit(declaration);

  FunctionTable table(context, types, graph, std::move(original));
  const std::set<const FunctionDecl*> parts = find_parts(finder.bodies, types, calls);
  for (const FunctionDecl* part : parts) table.take_part(*part);
  for (const CXXRecordDecl* identity : finder.identities) table.enter_identity(*identity);
  std::set<FunctionId> defined;
  for (const FunctionDecl* body : finder.bodies) {
    const bool takes_part = parts.count(body->getCanonicalDecl()) != 0;
    const std::optional<FunctionId> id =
        takes_part ? std::optional(table.enter_function(*body)) : table.find_entered(*body);
    if (!id) continue;
    defined.insert(*id);
    if (!takes_part || graph.functions[*id].has_body) continue;
    Function function = graph.functions[*id];
    BodyReader(context, types, calls, table).read(*body, source, function);
    graph.functions[*id] = std::move(function);
  }
  leave_out_unused(graph, defined);
  return graph;
}

}  // namespace ray::compiler::graph
