#include "compiler/driver/driver.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Driver/Compilation.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Tool.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "compiler/diagnostics/warning_flags.h"
#include "compiler/driver/cc1.h"
#include "compiler/driver/command_line.h"
#include "compiler/driver/linker_output.h"
#include "compiler/driver/own_options.h"
#include "compiler/driver/registry_reader.h"
#include "compiler/driver/workflow_inputs.h"
#include "compiler/graph/graph_record.h"
#include "compiler/graph/graph_writer.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

namespace ray::compiler {
namespace {

using Arguments = llvm::SmallVectorImpl<const char*>;

int print_registries(const std::vector<std::string>& binaries) {
  if (binaries.empty()) {
    llvm::errs() << "ray-cc: error: --registry needs a binary: ray-cc --registry ./app\n";
    return 1;
  }
  for (const std::string& path : binaries) {
    auto lines = read_registry(path);
    if (!lines) {
      llvm::errs() << "ray-cc: error: " << path << ": " << llvm::toString(lines.takeError())
                   << "\n";
      return 1;
    }
    const graph::BinaryGraph binary = graph::read_binary_graph(path);
    if (!binary.error.empty()) {
      llvm::errs() << "ray-cc: error: " << path << ": " << binary.error << "\n";
      return 1;
    }
    for (const std::string& line : *lines) llvm::outs() << shown_columns(line) << "\n";
    if (!binary.graph.functions.empty()) llvm::outs() << "\n" << graph::write_graph(binary.graph);
  }
  return 0;
}

// The assembler's front end is not in clang's libraries: clang's own binary does that.
int run_assembler(llvm::ArrayRef<const char*> arguments, const DriverOptions& options) {
  std::vector<char*> copy;
  for (const char* argument : arguments) copy.push_back(const_cast<char*>(argument));
  copy.push_back(nullptr);
  ::execv(options.clang_program.c_str(), copy.data());
  llvm::errs() << "ray-cc: error: cannot run " << options.clang_program << ": "
               << std::strerror(errno) << "\n";
  return 1;
}

int run_cc1_tool(llvm::ArrayRef<const char*> arguments, OutputMode mode, const SourceTexts& texts,
                 const DriverOptions& options) {
  if (llvm::StringRef(arguments[1]) == "-cc1as") return run_assembler(arguments, options);
  return run_cc1(arguments, {mode, options.include_dir, texts});
}

int run_clang(const CommandLine& line, const SourceTexts& texts, const DriverOptions& options) {
  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> diagnostic_options =
      clang::CreateAndPopulateDiagOpts(line.clang);
  auto* printer = new clang::TextDiagnosticPrinter(llvm::errs(), &*diagnostic_options);
  printer->setPrefix("ray-cc");
  clang::DiagnosticsEngine diagnostics(new clang::DiagnosticIDs, diagnostic_options, printer);
  const WarningFlags ours(diagnostic_options->Warnings);  // -cc1 reads them
  clang::ProcessWarningOptions(diagnostics, *diagnostic_options, false);

  clang::driver::Driver driver(options.program, llvm::sys::getDefaultTargetTriple(), diagnostics,
                               "ray-cc");
  driver.ResourceDir = options.resource_dir;
  // Clang's own tools, lld among them, stand beside clang, and need not be on the PATH.
  driver.PrefixDirs.push_back(llvm::sys::path::parent_path(options.clang_program).str());
  // A function_ref: it must have a name to live long enough.
  auto run_in_process = [&](Arguments& arguments) {
    return run_cc1_tool(arguments, line.mode, texts, options);
  };
  driver.CC1Main = run_in_process;
  llvm::CrashRecoveryContext::Enable();

  const std::unique_ptr<clang::driver::Compilation> compilation(
      driver.BuildCompilation(line.clang));
  if (compilation == nullptr || compilation->containsError()) return 1;
  if (line.mode != OutputMode::compile ||
      !texts.empty()) {  // which another process would not know of
    for (clang::driver::Command& job : compilation->getJobs()) job.InProcess = true;
  }
  const LinkerOutput linker(*compilation);
  llvm::SmallVector<std::pair<int, const clang::driver::Command*>, 4> failing;
  int result = driver.ExecuteCompilation(*compilation, failing);
  for (const auto& [status, command] : failing) {
    if (result == 0) result = status;
  }
  return result < 0 ? 1 : result;
}

// Where what is printed goes, in place of standard output: a file beside `path`, which replaces it
// once all is written; `path` itself where that is no file.
class PrintedFile {
 public:
  explicit PrintedFile(const std::string& path) : path_(path) {
    const bool is_special = llvm::sys::fs::exists(path) && !llvm::sys::fs::is_regular_file(path);
    int file = -1;
    std::error_code error;
    if (is_special) {
      error = llvm::sys::fs::openFileForWrite(path, file);
    } else {
      error = llvm::sys::fs::createUniqueFile(path + "-%%%%%%%%", file, written_);
    }
    is_open_ = !error && ::dup2(file, STDOUT_FILENO) >= 0;
    if (!error) ::close(file);
    if (!written_.empty()) llvm::sys::RemoveFileOnSignal(written_);
    if (!is_open_) report(error ? error : std::error_code(errno, std::generic_category()));
  }

  bool is_open() const { return is_open_; }
  // Returns the status that the process is to end with.
  int finish(int status) {
    llvm::outs().flush();
    if (written_.empty()) return status;
    if (status == 0) {
      if (const std::error_code error = llvm::sys::fs::rename(written_, path_)) {
        report(error);
        status = 1;
      }
    }
    if (status != 0) llvm::sys::fs::remove(written_);
    llvm::sys::DontRemoveFileOnSignal(written_);
    return status;
  }

 private:
  void report(std::error_code error) const {
    llvm::errs() << "ray-cc: error: cannot write " << path_ << ": " << std::strerror(error.value())
                 << "\n";
  }

  std::string path_;
  llvm::SmallString<128> written_;  // empty where there is no such file
  bool is_open_ = false;
};

int run_compilation(CommandLine& line, llvm::StringSaver& saver, const DriverOptions& options) {
  SourceTexts texts;
  if (names_workflow(line.clang)) {
    WorkflowInputs workflows = read_workflow_inputs(line);
    if (workflows.is_done) return workflows.status;
    texts = std::move(workflows.programs);
  }
  if (line.links) add_runtime(options.library_dir, saver, line);
  llvm::StringSet<> overrides;
  if (!options.overrides.empty()) {
    llvm::SmallVector<const char*, 256> edited(line.clang.begin(), line.clang.end());
    clang::driver::applyOverrideOptions(edited, options.overrides.c_str(), overrides,
                                        &llvm::errs());
    line.clang.assign(edited.begin(), edited.end());
  }
  line.clang.insert(line.clang.begin() + 1, "--driver-mode=g++");
  return run_clang(line, texts, options);
}

}  // namespace

int run_driver(llvm::ArrayRef<const char*> arguments, const DriverOptions& options) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char*, 256> all(arguments.begin(), arguments.end());
  if (llvm::Error error = clang::driver::expandResponseFiles(all, false, allocator)) {
    llvm::errs() << "ray-cc: error: " << llvm::toString(std::move(error)) << "\n";
    return 1;
  }
  if (all.size() > 2 && llvm::StringRef(all[1]) == kInsteadOf) {
    all.erase(all.begin() + 1, all.begin() + 3);
  }
  if (all.size() > 1 && llvm::StringRef(all[1]).starts_with("-cc1")) {
    return run_cc1_tool(all, OutputMode::compile, {}, options);
  }
  CommandLine line = parse_command_line(all);
  if (line.reads_binaries) return print_registries(line.binaries);
  if (line.asks_for_help) {
    llvm::outs() << own_help() << "OPTIONS OF CLANG:\n";
    llvm::outs().flush();
  }
  if (line.output.empty()) return run_compilation(line, saver, options);
  PrintedFile printed(line.output);
  return printed.is_open() ? printed.finish(run_compilation(line, saver, options)) : 1;
}

}  // namespace ray::compiler
