// FunctionTable is the functions of a graph while it is made from a syntax tree: identities in
// generated code and the user's own declarations lead to one entry.
//
// Threading: one thread; once a translation unit.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clang/AST/ASTContext.h"
#include "compiler/graph/reader/body_reader.h"
#include "compiler/graph/task_graph.h"

namespace ray::compiler::graph {

// Where the user wrote what stands at a place.
using OriginalPlaces = std::function<clang::SourceLocation(clang::SourceLocation)>;

class FunctionTable : public CalleeTable {
 public:
  FunctionTable(clang::ASTContext& context, RefTypes& types, TaskGraph& graph,
                OriginalPlaces original)
      : context_(context), types_(types), graph_(graph), original_(std::move(original)) {}

  // The annotated callable that generated code describes by `identity`, a "f$0d2c".
  FunctionId enter_identity(const clang::CXXRecordDecl& identity);
  // Whether it looks like one.
  static bool is_identity(const clang::CXXRecordDecl& record);

  // A function whose body takes part in the graph, annotated or not.
  FunctionId enter_function(const clang::FunctionDecl& function);
  // The same where it was entered before; it says where its definition is.
  std::optional<FunctionId> find_entered(const clang::FunctionDecl& function);
  void take_part(const clang::FunctionDecl& function) {
    taking_part_.insert(function.getCanonicalDecl());
  }
  // Without a file where that is the graph's source.
  Place place_of(clang::SourceLocation location) const;

  Place shown_place(clang::SourceLocation location) const override;
  FunctionId find(const RemoteCall& call) override;
  std::optional<FunctionId> find_plain(const clang::FunctionDecl& function) override;
  bool takes_ref(const RemoteCall& call, std::size_t argument) override;
  std::size_t parameter_count(FunctionId function) const override {
    return graph_.functions[function].parameters.size();
  }
  std::size_t result_count(FunctionId function) const override {
    return graph::result_count(graph_.functions[function]);
  }

 private:
  // The same for an identity and for the declaration that it was made of.
  std::string key(const clang::DeclContext& context, llvm::StringRef name,
                  llvm::ArrayRef<clang::QualType> parameters) const;
  std::string key(const clang::FunctionDecl& function) const;
  // Of the function or class that the identity was made for; its own where that is a template.
  clang::SourceLocation declaration_of(const clang::CXXRecordDecl& identity, llvm::StringRef name,
                                       const std::string& known) const;
  FunctionId add(const std::string& key, Function function);
  std::string unique(const std::string& symbol);

  clang::ASTContext& context_;
  RefTypes& types_;
  TaskGraph& graph_;
  OriginalPlaces original_;
  std::map<std::string, FunctionId> ids_;
  std::set<std::string> symbols_;
  std::set<const clang::FunctionDecl*> taking_part_;
  std::map<FunctionId, std::vector<bool>> ref_parameters_;  // of annotated ones
};

}  // namespace ray::compiler::graph
