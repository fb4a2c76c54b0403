#include "compiler/driver/internal_type_names.h"

#include <vector>

#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"

namespace ray::compiler {
namespace {

bool is_internal_type_name(const llvm::GlobalVariable& variable) {
  if (!variable.getName().starts_with("_ZTS") || !variable.hasLocalLinkage()) return false;
  if (!variable.hasInitializer()) return false;
  const auto* text = llvm::dyn_cast<llvm::ConstantDataArray>(variable.getInitializer());
  // Types that are incomplete here have internal names as well, and are the same in each file.
  return text != nullptr && text->isCString() && text->getAsCString().contains("_GLOBAL__N_");
}

void mark(llvm::GlobalVariable& name) {
  llvm::Module& module = *name.getParent();
  const auto& text = llvm::cast<llvm::ConstantDataArray>(*name.getInitializer());
  llvm::Constant* marked =
      llvm::ConstantDataArray::getString(module.getContext(), "*" + text.getAsCString().str());
  auto* replaced =
      new llvm::GlobalVariable(module, marked->getType(), true, name.getLinkage(), marked);
  replaced->copyAttributesFrom(&name);
  replaced->takeName(&name);
  name.replaceAllUsesWith(replaced);
  name.eraseFromParent();
}

class MarkPass : public llvm::PassInfoMixin<MarkPass> {
 public:
  static bool isRequired() { return true; }  // without optimisations, too

  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager&) {
    std::vector<llvm::GlobalVariable*> names;
    for (llvm::GlobalVariable& variable : module.globals()) {
      if (is_internal_type_name(variable)) names.push_back(&variable);
    }
    for (llvm::GlobalVariable* name : names) mark(*name);
    return names.empty() ? llvm::PreservedAnalyses::all() : llvm::PreservedAnalyses::none();
  }
};

}  // namespace

void mark_internal_type_names(clang::CodeGenOptions& options) {
  options.PassBuilderCallbacks.emplace_back([](llvm::PassBuilder& builder) {
    builder.registerPipelineStartEPCallback(
        [](llvm::ModulePassManager& passes, llvm::OptimizationLevel) {
          passes.addPass(MarkPass());
        });
  });
}

}  // namespace ray::compiler
