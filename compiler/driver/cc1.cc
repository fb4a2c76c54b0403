#include "compiler/driver/cc1.h"

#include <unistd.h>

#include <optional>
#include <set>
#include <string>

#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendDiagnostic.h"
#include "clang/Frontend/TextDiagnosticBuffer.h"
#include "clang/Frontend/Utils.h"
#include "clang/FrontendTool/Utils.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "compiler/diagnostics/warning_flags.h"
#include "compiler/driver/internal_type_names.h"
#include "compiler/frontend/remote_attributes.h"
#include "llvm/Support/BuryPointer.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/TargetSelect.h"

namespace ray::compiler {
namespace {

using clang::CompilerInstance;
using clang::CompilerInvocation;

void initialize_targets() {
  static const bool done = [] {
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    return true;
  }();
  (void)done;
}

// The dependency file names what the user has, not the rests of split files.
class DependencyFile : public clang::DependencyFileGenerator {
 public:
  using DependencyFileGenerator::DependencyFileGenerator;

  void maybeAddDependency(llvm::StringRef file, bool from_module, bool is_system,
                          bool is_module_file, bool is_missing) override {
    if (names_rest(file)) return;
    DependencyFileGenerator::maybeAddDependency(file, from_module, is_system, is_module_file,
                                                is_missing);
  }
};

// What one attempt to compile leaves for the next.
struct Attempt {
  bool is_abandoned = false;
  std::set<std::string> split;       // files that have to come split
  std::optional<std::string> input;  // what came from standard input
};

bool compiles(clang::frontend::ActionKind action) {
  switch (action) {
    case clang::frontend::EmitObj:
    case clang::frontend::EmitAssembly:
    case clang::frontend::EmitBC:
    case clang::frontend::EmitLLVM:
    case clang::frontend::EmitLLVMOnly:
    case clang::frontend::EmitCodeGenOnly:
    case clang::frontend::ParseSyntaxOnly:
    case clang::frontend::ASTDump:
    case clang::frontend::ASTPrint:
    case clang::frontend::ASTDeclList:
    case clang::frontend::ASTView:
      return true;
    default:
      return false;
  }
}

bool takes_two_passes(const clang::FrontendOptions& options) {
  return options.Inputs.size() == 1 && options.Inputs[0].isFile() &&
         options.Inputs[0].getKind().getLanguage() == clang::Language::CXX &&
         options.Inputs[0].getKind().getFormat() == clang::InputKind::Source &&
         compiles(options.ProgramAction) && !options.ShowHelp && !options.ShowVersion;
}

// -mllvm options, as ExecuteCompilerInvocation passes them on.
void parse_llvm_arguments(const clang::FrontendOptions& options) {
  if (options.LLVMArgs.empty()) return;
  std::vector<const char*> arguments = {"clang (LLVM option parsing)"};
  for (const std::string& argument : options.LLVMArgs) arguments.push_back(argument.c_str());
  arguments.push_back(nullptr);
  llvm::cl::ParseCommandLineOptions(static_cast<int>(arguments.size()) - 1, arguments.data());
}

// Both passes read it, and code generation asks a main file for its name: it becomes a file.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> with_standard_input(
    llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> below, const llvm::MemoryBuffer& text,
    clang::FrontendOptions& frontend) {
  constexpr const char* kName = "<stdin>";
  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memory(new llvm::vfs::InMemoryFileSystem);
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> both(
      new llvm::vfs::OverlayFileSystem(std::move(below)));
  both->pushOverlay(memory);
  memory->addFile(kName, 0, llvm::MemoryBuffer::getMemBufferCopy(text.getBuffer(), kName));
  frontend.Inputs[0] = clang::FrontendInputFile(kName, frontend.Inputs[0].getKind());
  return both;
}

// `attempt` gets what another one is to know, where this one was abandoned.
bool compile_in_two_passes(CompilerInstance& instance, DiagnosticPrinter& printer,
                           WarningFlags& flags, const Cc1Options& options, Attempt& attempt) {
  clang::FrontendOptions& frontend = instance.getFrontendOpts();
  const bool is_stdin = frontend.Inputs[0].getFile() == "-";
  const std::string path = is_stdin ? "<stdin>" : frontend.Inputs[0].getFile().str();
  auto real = llvm::vfs::getRealFileSystem();
  const auto text = options.texts.find(path);
  auto buffer = text != options.texts.end() ? llvm::MemoryBuffer::getMemBuffer(text->second, path)
                : attempt.input             ? llvm::MemoryBuffer::getMemBuffer(*attempt.input)
                : is_stdin                  ? llvm::MemoryBuffer::getSTDIN()
                                            : llvm::MemoryBuffer::getFile(path);
  auto below = clang::createVFSFromCompilerInvocation(instance.getInvocation(),
                                                      instance.getDiagnostics(), real);
  if (!buffer) {
    instance.createFileManager(below);
    return clang::ExecuteCompilerInvocation(&instance);  // says what is wrong
  }
  if (is_stdin) below = with_standard_input(std::move(below), **buffer, frontend);
  llvm::IntrusiveRefCntPtr<SourceOverlay> overlay(new SourceOverlay(below));
  overlay->split_always(attempt.split);
  printer.set_files(overlay);
  // Headers may be read as parts of modules, which are compiled as they are.
  if (instance.getHeaderSearchOpts().ImplicitModuleMaps) overlay->split_asked_only();
  // Where the two parts would show, all is read twice.
  const bool has_head =
      !instance.getCodeGenOpts().CoverageMapping && options.mode != OutputMode::rewrite;
  const SplitFile& main = overlay->split(path, (*buffer)->getBuffer().str(), has_head);

  if (clang::DependencyOutputOptions& dependencies = instance.getDependencyOutputOpts();
      !dependencies.OutputFile.empty()) {
    instance.addDependencyCollector(std::make_shared<DependencyFile>(dependencies));
    dependencies.OutputFile.clear();
  }
  // Names of generated code hold one.
  instance.getDiagnostics().setSeverityForGroup(clang::diag::Flavor::WarningOrError,
                                                "dollar-in-identifier-extension",
                                                clang::diag::Severity::Ignored);
  frontend.SkipFunctionBodies = true;  // asked of the action for each function
  instance.createFileManager(overlay);
  parse_llvm_arguments(frontend);

  auto inner = clang::CreateFrontendAction(instance);
  if (inner == nullptr) return false;
  TwoPass passes(instance, *overlay, main, printer, flags, options.mode);
  auto action = make_two_pass_action(std::move(inner), passes);
  const bool is_fine = instance.ExecuteAction(*action);
  attempt.is_abandoned = passes.is_abandoned();
  attempt.split.insert(passes.read_too_early().begin(), passes.read_too_early().end());
  if (is_stdin) attempt.input = main.original;
  return is_fine;
}

bool precompiles(clang::frontend::ActionKind action) {
  switch (action) {
    case clang::frontend::GeneratePCH:
    case clang::frontend::GenerateModule:
    case clang::frontend::GenerateModuleInterface:
    case clang::frontend::GenerateReducedModuleInterface:
    case clang::frontend::GenerateHeaderUnit:
      return true;
    default:
      return false;
  }
}

// What others read instead of the text: nothing in it may be annotated.
bool precompile(CompilerInstance& instance, DiagnosticPrinter& printer) {
  llvm::IntrusiveRefCntPtr<SourceOverlay> overlay(
      new SourceOverlay(clang::createVFSFromCompilerInvocation(
          instance.getInvocation(), instance.getDiagnostics(), llvm::vfs::getRealFileSystem())));
  overlay->stop_splitting();
  printer.set_files(overlay);
  instance.createFileManager(overlay);
  annotation_mode().is_precompiling = true;
  return clang::ExecuteCompilerInvocation(&instance);
}

bool compile_as_clang(CompilerInstance& instance, const Cc1Options& options) {
  for (const auto& [path, text] : options.texts) {
    instance.getPreprocessorOpts().addRemappedFile(
        path, llvm::MemoryBuffer::getMemBufferCopy(text, path).release());
  }
  return clang::ExecuteCompilerInvocation(&instance);
}

// C++20 where nothing else is asked for.
void add_default_standard(std::vector<const char*>& arguments) {
  bool is_cxx = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const llvm::StringRef argument = arguments[i];
    if (argument.starts_with("-std=")) return;
    if (argument == "-x" && i + 1 < arguments.size()) {
      is_cxx = llvm::StringRef(arguments[i + 1]).starts_with("c++");
    }
  }
  if (is_cxx) arguments.insert(arguments.begin(), "-std=c++20");
}

bool attempt_to_compile(llvm::ArrayRef<const char*> arguments, const Cc1Options& options,
                        Attempt& attempt) {
  std::vector<const char*> rest(arguments.begin() + 2, arguments.end());
  add_default_standard(rest);
  const auto invocation = std::make_shared<CompilerInvocation>();
  auto* buffered = new clang::TextDiagnosticBuffer;
  clang::DiagnosticsEngine early(new clang::DiagnosticIDs, new clang::DiagnosticOptions, buffered);
  const bool is_understood =
      CompilerInvocation::CreateFromArgs(*invocation, rest, early, arguments[0]);

  auto owner = std::make_unique<CompilerInstance>();
  CompilerInstance& instance = *owner;
  instance.setInvocation(invocation);
  mark_internal_type_names(instance.getCodeGenOpts());
  if (instance.getDiagnosticOpts().getFormat() == clang::DiagnosticOptions::SARIF) {
    llvm::errs() << "ray-cc: error: -fdiagnostics-format=sarif is not supported: leave it out\n";
    return false;
  }
  WarningFlags flags(instance.getDiagnosticOpts().Warnings);
  auto* printer = new DiagnosticPrinter(instance.getDiagnosticOpts());
  instance.createDiagnostics(printer, true);
  if (!instance.hasDiagnostics()) return false;
  // The printer counts: what is generated has errors that nobody sees.
  instance.getDiagnostics().setErrorLimit(0);
  flags.report_unknown(instance.getDiagnostics());
  buffered->FlushDiagnostics(instance.getDiagnostics());
  if (!is_understood) return false;

  const clang::FrontendOptions& frontend = instance.getFrontendOpts();
  if (!options.include_dir.empty()) {
    instance.getHeaderSearchOpts().AddPath(options.include_dir, clang::frontend::System, false,
                                           true);
  }
  const bool is_fine = takes_two_passes(frontend)
                           ? compile_in_two_passes(instance, *printer, flags, options, attempt)
                       : precompiles(frontend.ProgramAction) ? precompile(instance, *printer)
                                                             : compile_as_clang(instance, options);
  if (frontend.DisableFree) llvm::BuryPointer(std::move(owner));
  return is_fine;
}

}  // namespace

int run_cc1(llvm::ArrayRef<const char*> arguments, const Cc1Options& options) {
  initialize_targets();
  Attempt attempt;
  for (;;) {
    const std::size_t known = attempt.split.size();
    const bool is_fine = attempt_to_compile(arguments, options, attempt);
    if (!attempt.is_abandoned) return is_fine ? 0 : 1;
    if (attempt.split.size() == known) {
      llvm::errs() << "ray-cc: error: " << *attempt.split.begin()
                   << " cannot be read in two parts\n";
      return 1;
    }
    annotation_mode() = {};
    llvm::cl::ResetAllOptionOccurrences();
  }
}

}  // namespace ray::compiler
