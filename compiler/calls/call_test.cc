#include "compiler/calls/call.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "clang/Frontend/ASTUnit.h"
#include "clang/Tooling/Tooling.h"

namespace ray::compiler {
namespace {

// The shapes of the library and of generated code that are recognised, and nothing else of them.
constexpr char kLibrary[] = R"(
namespace ray { inline namespace v1 {
template <class T> struct ObjectRef { T get() const; };
template <class C> struct ActorHandle : C::ray$methods {};
struct Options {};
namespace internal {
template <class S> struct TaskWithOptions { ObjectRef<int> remote(int); };
template <class S> struct MethodWithOptions { ObjectRef<int> remote(); };
}
template <class T> T get(const ObjectRef<T>&);
template <class T> ObjectRef<T> put(const T&);
template <class T> int view(const ObjectRef<T>&);
template <class T> void cancel(const ObjectRef<T>&);
template <class C> void kill(const ActorHandle<C>&);
struct PlainTask { PlainTask options(Options); ObjectRef<int> remote(int); };
struct PlainMethod { ObjectRef<int> remote(); };
struct LambdaTask { LambdaTask options(Options) const; ObjectRef<int> remote(int) const; };
PlainTask task(int (*)(int));
template <class C> PlainMethod task(const ActorHandle<C>&, int (C::*)());
LambdaTask remote(int);
void init();
} }
struct Set {};
struct C {
  struct m$proxy {
    ray::ObjectRef<int> remote() const;
    ray::internal::MethodWithOptions<Set> options(ray::Options) const;
  };
  struct ray$methods { union { int ray$cell; m$proxy m; }; };
  static ray::ActorHandle<C> remote();
  int m();
};
int f(int);
ray::ObjectRef<int> f$remote(int);
ray::internal::TaskWithOptions<Set> f$options(ray::Options);
namespace other { int get(int); struct Radio { void remote(); }; }
)";

class CallTest : public testing::Test {
 protected:
  // Parses `statements` into a body; the calls in it, inner ones first.
  std::vector<Call> calls_in(const std::string& statements) {
    const std::string code = kLibrary +
                             std::string(
                                 "void body(ray::ActorHandle<C> h, ray::ObjectRef<int> r, "
                                 "ray::LambdaTask kept) { ") +
                             statements + " }";
    unit_ = clang::tooling::buildASTFromCodeWithArgs(
        code, {"-std=c++20", "-fdollars-in-identifiers", "-Wno-everything"});
    std::vector<Call> result;
    for (const clang::Decl* declaration :
         unit_->getASTContext().getTranslationUnitDecl()->decls()) {
      const auto* function = llvm::dyn_cast<clang::FunctionDecl>(declaration);
      if (function == nullptr || function->getNameAsString() != "body") continue;
      collect(*function->getBody(), result);
    }
    return result;
  }
  CallKind kind_of(const std::string& expression) {
    const std::vector<Call> calls = calls_in(expression + ";");
    return calls.empty() ? CallKind::other : calls.back().kind;
  }

 private:
  static void collect(const clang::Stmt& statement, std::vector<Call>& out) {
    for (const clang::Stmt* child : statement.children()) {
      if (child != nullptr) collect(*child, out);
    }
    if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&statement)) {
      out.push_back(classify_call(*call));
    }
  }

  std::unique_ptr<clang::ASTUnit> unit_;
};

TEST_F(CallTest, RemoteCallsInAllSpellings) {
  EXPECT_EQ(kind_of("f$remote(1)"), CallKind::task);
  EXPECT_EQ(kind_of("f$options({}).remote(1)"), CallKind::task);
  EXPECT_EQ(kind_of("ray::task(f).remote(1)"), CallKind::task);
  EXPECT_EQ(kind_of("ray::task(f).options({}).remote(1)"), CallKind::task);
  EXPECT_EQ(kind_of("ray::remote(1).remote(1)"), CallKind::task);
  EXPECT_EQ(kind_of("kept.options({}).remote(1)"), CallKind::task);
  EXPECT_EQ(kind_of("C::remote()"), CallKind::actor);
  EXPECT_EQ(kind_of("h.m.remote()"), CallKind::method);
  EXPECT_EQ(kind_of("h.m.options({}).remote()"), CallKind::method);
  EXPECT_EQ(kind_of("ray::task(h, &C::m).remote()"), CallKind::method);
}

TEST_F(CallTest, WhatIsDoneWithRefs) {
  EXPECT_EQ(kind_of("ray::get(r)"), CallKind::get);
  EXPECT_EQ(kind_of("r.get()"), CallKind::get);
  EXPECT_EQ(kind_of("ray::view(r)"), CallKind::view);
  EXPECT_EQ(kind_of("ray::put(1)"), CallKind::put);
  EXPECT_EQ(kind_of("ray::cancel(r)"), CallKind::cancel);
  EXPECT_EQ(kind_of("ray::kill(h)"), CallKind::kill);
}

TEST_F(CallTest, NothingElseIsTakenForThem) {
  EXPECT_EQ(kind_of("other::get(1)"), CallKind::other);
  EXPECT_EQ(kind_of("other::Radio().remote()"), CallKind::other);
  EXPECT_EQ(kind_of("f(1)"), CallKind::other);
  EXPECT_EQ(kind_of("ray::init()"), CallKind::neutral);
  EXPECT_EQ(kind_of("ray::remote(1)"), CallKind::neutral);
  EXPECT_EQ(kind_of("f$options({})"), CallKind::neutral);
}

TEST_F(CallTest, NamesHandlesAndWhatIsCalled) {
  EXPECT_EQ(calls_in("f$remote(1);").back().name(), "f");
  EXPECT_EQ(calls_in("h.m.remote();").back().name(), "m");
  for (const char* call : {"h.m.remote();", "h.m.options({}).remote();", "(&h)->m.remote();",
                           "ray::task(h, &C::m).remote();"}) {
    const clang::Expr* handle = calls_in(call).back().handle();
    ASSERT_NE(handle, nullptr) << call;
    clang::QualType type = handle->getType();
    if (type->isPointerType()) type = type->getPointeeType();
    EXPECT_NE(actor_class(type), nullptr) << call;
  }
  EXPECT_NE(calls_in("ray::task(f).options({}).remote(1);").back().plain_callee(), nullptr);
  EXPECT_EQ(calls_in("f$remote(1);").back().plain_callee(), nullptr);
  const clang::Expr* task = calls_in("kept.options({}).remote(1);").back().lambda_task();
  ASSERT_NE(task, nullptr);
  EXPECT_EQ(named_variable(task)->getName(), "kept");
  EXPECT_NE(calls_in("ray::get(r);").back().subject(), nullptr);
}

}  // namespace
}  // namespace ray::compiler
