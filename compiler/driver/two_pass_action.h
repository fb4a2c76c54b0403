// TwoPassAction compiles one C++ source: whatever clang would do with it, done to the source with
// generated code in it.
//
// The file is parsed once up to the end of its leading includes, and so is each file with
// annotations that those lead to. At the first such end the process forks. The child goes on as the
// first pass: it skips bodies, ignores errors, reads the model and sends back rewritten files. The
// parent waits, and goes on with those as the second pass. Where nothing can be remote there is no
// fork, and no second pass. What `[=]` captures in a remote lambda, and whether `f` in `f.remote`
// is a variable nearer than the function, the first pass does not know: where it has to, a second
// child reads the bodies to tell, and a third makes the first pass again. Where the first pass has
// something to write into a file that had been read before the fork, unsplit, for nothing in it
// told of that (annotations that macros of another file make), the compilation is abandoned:
// another one is to be told to split that file.
//
// Threading: one thread. Ownership: lives for one CompilerInstance.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "compiler/diagnostics/warning_flags.h"
#include "compiler/driver/collection.h"
#include "compiler/driver/diagnostic_printer.h"
#include "compiler/driver/source_map.h"
#include "compiler/driver/stub_names.h"
#include "compiler/frontend/macro_expansions.h"
#include "compiler/frontend/source_overlay.h"
#include "compiler/frontend/split_file.h"
#include "compiler/sema/include_directives.h"

namespace ray::compiler {

// What to do instead of compiling.
enum class OutputMode { compile, rewrite, registry, graph, graph_dot, graph_json };

class TwoPass {
 public:
  TwoPass(clang::CompilerInstance& instance, SourceOverlay& overlay, const SplitFile& main,
          DiagnosticPrinter& printer, WarningFlags& flags, OutputMode mode)
      : instance_(instance),
        overlay_(overlay),
        main_(main),
        printer_(printer),
        flags_(flags),
        mode_(mode) {}

  ~TwoPass() { printer_.set_source_map(nullptr); }

  bool is_child() const { return role_ != Role::compiles; }
  bool reads_bodies() const { return role_ == Role::reads_bodies; }
  bool has_forked() const { return has_forked_; }
  bool is_abandoned() const { return !read_too_early_.empty(); }
  const std::set<std::string>& read_too_early() const { return read_too_early_; }
  const WarningFlags& flags() const { return flags_; }
  // Before anything is parsed.
  void begin();
  // At the end of a head, which is where `place` is.
  void enter_rest(clang::Preprocessor& preprocessor, clang::SourceLocation place);
  // In the second pass, at the end of the translation unit: prints the task graph, or gives the
  // declaration that puts it into the object file; null where there is nothing to put there.
  clang::VarDecl* read_graph(clang::ASTContext& context,
                             const std::vector<clang::Decl*>& declarations);
  // At the end of the translation unit.
  void check_all_is_read();
  // Says of calls that could not be resolved what is wrong with them, but nothing of calls of
  // `refused` lambdas.
  void explain_calls(llvm::ArrayRef<clang::Decl*> declarations,
                     const std::set<const clang::CXXRecordDecl*>& refused);
  // What generated code does has no place in debug information.
  void hide_from_debuggers(llvm::ArrayRef<clang::Decl*> declarations);
  // In a child, at the end of the translation unit: they do not return.
  [[noreturn]] void send_collection();
  [[noreturn]] void send_body_facts(llvm::ArrayRef<clang::Decl*> declarations);

 private:
  // What this process is for. Children end with the translation unit.
  enum class Role { compiles, reads_declarations, reads_bodies };

  bool wants_first_pass(const SplitFile& file, clang::SrcMgr::CharacteristicKind kind) const;
  bool wants_second_pass() const {
    return mode_ != OutputMode::rewrite && mode_ != OutputMode::registry;
  }
  // The first pass: in the parent it is over then, in a child it begins.
  void fork_children();
  // Forks a child for `role`; in the parent, what that has sent, or nothing where it failed.
  std::optional<std::string> ask_child(Role role);
  void start_first_pass();
  // What a child has found in bodies, asked for calls or for captures; false where it found
  // nothing.
  bool learn(std::optional<BodyFacts> found, bool asks_calls);
  // In the child that reads bodies: reads `files` as they are rewritten.
  void start_to_read(std::vector<RewrittenFile> files);
  void use_collection(Collection collection);
  // Whether some of these files, which have to come split, had been read before the fork.
  bool finds_late(const std::set<std::string>& paths);
  void watch_end(const clang::Token& token);
  // Of function bodies, which wait for the end of the translation unit: the first pass reads none.
  void forget_instantiations();
  void map_split(const SplitFile& file);
  // Makes a coverage mapping show what the user wrote.
  void count_coverage();
  // What clang is to read behind the head.
  std::string rest_text(const SplitFile& file) const;
  void report(const Diagnostic& diagnostic);
  SourcePlace end_of_main() const;
  void print_output(const Collection& collection);

  clang::CompilerInstance& instance_;
  SourceOverlay& overlay_;
  const SplitFile& main_;
  DiagnosticPrinter& printer_;
  WarningFlags& flags_;
  OutputMode mode_;
  bool has_forked_ = false;
  Role role_ = Role::compiles;
  bool has_failed_ = false;
  bool has_entered_main_ = false;
  std::set<std::string> read_too_early_;
  int pipe_ = -1;
  BodyFacts body_facts_;  // what is known of them
  // As far as the child has read: behind a declaration that is not finished nothing can stand.
  int open_brackets_ = 0;
  clang::tok::TokenKind last_token_ = clang::tok::semi;
  const IncludeDirectives* includes_ = nullptr;  // where they are to be replaced
  MacroExpansions expansions_;                   // in the child
  std::optional<StubNames> stub_names_;          // in the parent
  std::optional<SourceMap> map_;
};

// `inner` is what clang would have run.
std::unique_ptr<clang::FrontendAction> make_two_pass_action(
    std::unique_ptr<clang::FrontendAction> inner, TwoPass& passes);

}  // namespace ray::compiler
