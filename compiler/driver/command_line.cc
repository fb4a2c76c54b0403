#include "compiler/driver/command_line.h"

#include "clang/Driver/Options.h"
#include "clang/Driver/Types.h"
#include "compiler/driver/own_options.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace ray::compiler {
namespace {

namespace options = clang::driver::options;

bool is_header(llvm::StringRef path) {
  const auto type = clang::driver::types::lookupTypeForExtension(
      llvm::sys::path::extension(path).drop_while([](char c) { return c == '.'; }));
  return type != clang::driver::types::TY_INVALID &&
         clang::driver::types::getPrecompiledType(type) == clang::driver::types::TY_PCH;
}

// Whether clang's driver would link an executable.
bool links(const llvm::opt::InputArgList& parsed) {
  static constexpr unsigned kStops[] = {options::OPT_c,
                                        options::OPT_S,
                                        options::OPT_E,
                                        options::OPT_M,
                                        options::OPT_MM,
                                        options::OPT_fsyntax_only,
                                        options::OPT_emit_ast,
                                        options::OPT_shared,
                                        options::OPT_r,
                                        options::OPT__precompile,
                                        options::OPT_help,
                                        options::OPT__version,
                                        options::OPT__analyze,
                                        options::OPT_dM,
                                        options::OPT_rewrite_objc,
                                        options::OPT_module_file_info,
                                        options::OPT_verify_pch,
                                        options::OPT_emit_interface_stubs};
  for (const unsigned stop : kStops) {
    if (parsed.hasArg(stop)) return false;
  }
  // A header becomes a precompiled one.
  for (const llvm::opt::Arg* language : parsed.filtered(options::OPT_x)) {
    if (llvm::StringRef(language->getValue()).ends_with("-header")) return false;
  }
  const std::vector<std::string> inputs = parsed.getAllArgValues(options::OPT_INPUT);
  return !inputs.empty() && !llvm::all_of(inputs, is_header);
}

}  // namespace

CommandLine parse_command_line(llvm::ArrayRef<const char*> arguments) {
  CommandLine result;
  for (const char* argument : arguments) {
    const llvm::StringRef text = argument;
    if (const std::optional<OutputMode> mode = output_mode(text)) {
      result.mode = *mode;
    } else if (text == kReadRegistry) {
      result.reads_binaries = true;
    } else {
      result.asks_for_help |= text == "--help" || text == "-help";
      result.clang.push_back(argument);
    }
  }
  if (result.reads_binaries) {
    for (const char* argument : llvm::ArrayRef(result.clang).drop_front()) {
      result.binaries.push_back(argument);
    }
    return result;
  }
  if (result.mode != OutputMode::compile) result.clang.push_back("-fsyntax-only");

  unsigned missing_index = 0;
  unsigned missing_count = 0;
  const llvm::opt::InputArgList parsed = clang::driver::getDriverOptTable().ParseArgs(
      llvm::ArrayRef(result.clang).drop_front(), missing_index, missing_count,
      llvm::opt::Visibility(options::ClangOption));
  if (result.mode != OutputMode::compile) {
    const llvm::StringRef output = parsed.getLastArgValue(options::OPT_o);
    if (output != "-") result.output = output.str();
  }
  result.links = links(parsed);
  result.chooses_linker =
      parsed.hasArg(options::OPT_fuse_ld_EQ) || parsed.hasArg(options::OPT_ld_path_EQ);
  return result;
}

void add_runtime(const std::string& directory, llvm::StringSaver& saver, CommandLine& line) {
  const std::string main_object = directory + "/ray_main.o";
  const std::string library = directory + "/libray.a";
  if (!llvm::sys::fs::exists(main_object) || !llvm::sys::fs::exists(library)) return;
  std::vector<const char*>& arguments = line.clang;
  // The wrapper of main comes first, so that nothing else can define it.
  arguments.insert(arguments.begin() + 1, saver.save(main_object).data());
  for (const char* argument : {"-x", "none", "-Wl,--wrap=main"}) arguments.push_back(argument);
  if (!line.chooses_linker) arguments.push_back("-fuse-ld=lld");
  arguments.push_back(saver.save(library).data());
  for (const char* argument : {"-lpthread", "-ldl", "-lrt"}) arguments.push_back(argument);
}

}  // namespace ray::compiler
