#include "compiler/driver/two_pass_action.h"

#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/Pragma.h"
#include "clang/Lex/Preprocessor.h"
#include "compiler/driver/access_befriender.h"
#include "compiler/driver/derived_instances.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/mistakes/checks.h"
#include "compiler/sema/site_checker.h"

namespace ray::compiler {
namespace {

class RestPragma : public clang::PragmaHandler {
 public:
  explicit RestPragma(TwoPass& passes) : PragmaHandler(kRestPragma), passes_(passes) {}

  void HandlePragma(clang::Preprocessor& preprocessor, clang::PragmaIntroducer introducer,
                    clang::Token& first) override {
    clang::Token token = first;
    while (token.isNot(clang::tok::eod)) preprocessor.LexUnexpandedToken(token);
    passes_.enter_rest(preprocessor, introducer.Loc);
  }

 private:
  TwoPass& passes_;
};

// In the child, and once abandoned, nothing may reach code generation: what stands for an
// expression with an error would crash it.
class GateConsumer : public clang::MultiplexConsumer {
 public:
  GateConsumer(std::unique_ptr<clang::ASTConsumer> inner, TwoPass& passes)
      : MultiplexConsumer(one(std::move(inner))),
        passes_(passes),
        instances_(new DerivedInstances([&passes] {
          return passes.has_forked() && !passes.is_child() && !passes.is_abandoned();
        })) {}

  void Initialize(clang::ASTContext& context) override {
    befriender_.emplace(context);
    MultiplexConsumer::Initialize(context);
  }
  void InitializeSema(clang::Sema& sema) override {
    instances_->InitializeSema(sema);
    sema.addExternalSource(instances_.get());
    MultiplexConsumer::InitializeSema(sema);
  }
  void ForgetSema() override {
    instances_->ForgetSema();
    MultiplexConsumer::ForgetSema();
  }
  bool shouldSkipFunctionBody(clang::Decl*) override {
    return is_closed() && !passes_.reads_bodies();
  }
  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    if (passes_.has_forked()) declarations_.insert(declarations_.end(), group.begin(), group.end());
    if (is_closed()) return true;
    return MultiplexConsumer::HandleTopLevelDecl(group);
  }
  void HandleInlineFunctionDefinition(clang::FunctionDecl* function) override {
    if (!is_closed()) MultiplexConsumer::HandleInlineFunctionDefinition(function);
  }
  void HandleInterestingDecl(clang::DeclGroupRef group) override {
    if (!is_closed()) MultiplexConsumer::HandleInterestingDecl(group);
  }
  void HandleTagDeclDefinition(clang::TagDecl* declaration) override {
    befriender_->add(*declaration);
    if (is_closed()) return;
    instances_->add(*declaration);
    MultiplexConsumer::HandleTagDeclDefinition(declaration);
  }
  void HandleTagDeclRequiredDefinition(const clang::TagDecl* declaration) override {
    if (!is_closed()) MultiplexConsumer::HandleTagDeclRequiredDefinition(declaration);
  }
  void HandleCXXImplicitFunctionInstantiation(clang::FunctionDecl* function) override {
    if (!is_closed()) MultiplexConsumer::HandleCXXImplicitFunctionInstantiation(function);
  }
  void HandleCXXStaticMemberVarInstantiation(clang::VarDecl* variable) override {
    if (!is_closed()) MultiplexConsumer::HandleCXXStaticMemberVarInstantiation(variable);
  }
  void HandleVTable(clang::CXXRecordDecl* record) override {
    if (!is_closed()) MultiplexConsumer::HandleVTable(record);
  }
  void CompleteTentativeDefinition(clang::VarDecl* variable) override {
    if (!is_closed()) MultiplexConsumer::CompleteTentativeDefinition(variable);
  }
  void HandleTranslationUnit(clang::ASTContext& context) override {
    if (passes_.reads_bodies()) passes_.send_body_facts(declarations_);
    if (passes_.is_child()) passes_.send_collection();
    if (passes_.is_abandoned()) return;
    passes_.check_all_is_read();
    SiteChecker checker(context);
    for (clang::Decl* declaration : declarations_) checker.TraverseDecl(declaration);
    passes_.explain_calls(declarations_, checker.refused_lambdas());
    passes_.hide_from_debuggers(declarations_);
    if (passes_.has_forked() && !context.getDiagnostics().hasErrorOccurred()) {
      find_mistakes(context);
      if (clang::VarDecl* graph = passes_.read_graph(context, declarations_)) {
        MultiplexConsumer::HandleTopLevelDecl(clang::DeclGroupRef(graph));
      }
    }
    MultiplexConsumer::HandleTranslationUnit(context);
  }

 private:
  bool is_closed() const { return passes_.is_child() || passes_.is_abandoned(); }

  static std::vector<std::unique_ptr<clang::ASTConsumer>> one(
      std::unique_ptr<clang::ASTConsumer> consumer) {
    std::vector<std::unique_ptr<clang::ASTConsumer>> result;
    result.push_back(std::move(consumer));
    return result;
  }

  void find_mistakes(clang::ASTContext& context) {
    Program program(context, annotation_mode().remote_functions);
    for (const clang::Decl* declaration : declarations_) program.add(*declaration);
    check_mistakes(program);
    program.emit(passes_.flags());
  }

  TwoPass& passes_;
  std::optional<AccessBefriender> befriender_;
  llvm::IntrusiveRefCntPtr<DerivedInstances> instances_;
  std::vector<clang::Decl*> declarations_;  // what may call remotely
};

class TwoPassAction : public clang::WrapperFrontendAction {
 public:
  TwoPassAction(std::unique_ptr<clang::FrontendAction> inner, TwoPass& passes)
      : WrapperFrontendAction(std::move(inner)), passes_(passes) {}

 protected:
  bool BeginSourceFileAction(clang::CompilerInstance& instance) override {
    passes_.begin();
    instance.getPreprocessor().AddPragmaHandler(new RestPragma(passes_));
    return WrapperFrontendAction::BeginSourceFileAction(instance);
  }
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& instance,
                                                        llvm::StringRef file) override {
    auto inner = WrapperFrontendAction::CreateASTConsumer(instance, file);
    if (inner == nullptr) return nullptr;
    return std::make_unique<GateConsumer>(std::move(inner), passes_);
  }

 private:
  TwoPass& passes_;
};

}  // namespace

std::unique_ptr<clang::FrontendAction> make_two_pass_action(
    std::unique_ptr<clang::FrontendAction> inner, TwoPass& passes) {
  return std::make_unique<TwoPassAction>(std::move(inner), passes);
}

}  // namespace ray::compiler
