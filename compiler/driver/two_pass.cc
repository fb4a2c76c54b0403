// The two processes of TwoPass: what each does at the fork, and what goes between them.
#include <set>

#include "clang/Basic/DiagnosticSema.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Sema/Sema.h"
#include "compiler/codegen/registry_writer.h"
#include "compiler/codegen/rewriter.h"
#include "compiler/diagnostics/named_report.h"
#include "compiler/driver/coverage_lines.h"
#include "compiler/driver/debug_info_filter.h"
#include "compiler/driver/forked_child.h"
#include "compiler/driver/graph_variable.h"
#include "compiler/driver/rewritten_source.h"
#include "compiler/driver/two_pass_action.h"
#include "compiler/frontend/remote_attributes.h"
#include "compiler/graph/graph_drawing.h"
#include "compiler/graph/graph_verifier.h"
#include "compiler/graph/graph_writer.h"
#include "compiler/graph/passes/pass.h"
#include "compiler/graph/reader/graph_reader.h"
#include "compiler/sema/body_reader.h"
#include "compiler/sema/collector.h"
#include "compiler/sema/macro_guard.h"
#include "compiler/sema/user_tokens.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace ray::compiler {
namespace {

// The one that `path` was found in, for #include_next to go on from.
clang::ConstSearchDirIterator search_directory(const clang::HeaderSearch& headers,
                                               llvm::StringRef path) {
  for (auto it = headers.search_dir_begin(); it != headers.search_dir_end(); ++it) {
    llvm::StringRef below = path;
    if (it->isNormalDir() && below.consume_front(it->getName()) && below.starts_with("/")) {
      return it;
    }
  }
  return nullptr;
}

std::optional<Collection> parse(const std::optional<std::string>& bytes) {
  return bytes ? parse_collection(*bytes) : std::nullopt;
}

}  // namespace

bool TwoPass::wants_first_pass(const SplitFile& file,
                               clang::SrcMgr::CharacteristicKind kind) const {
  if (file.rest.is_annotated()) return true;
  // A header without annotations is split for what may be calls.
  if (&file != &main_) return !clang::SrcMgr::isSystem(kind);
  return overlay_.has_seen_library() || file.split.rest_includes ||
         llvm::StringRef(file.original).drop_front(file.split.head_size).contains("ray");
}

void TwoPass::fork_children() {
  has_forked_ = true;
  overlay_.stop_splitting();
  std::set<std::string> unsplit;
  for (const auto& [path, file] : overlay_.annotated_files()) unsplit.insert(path);
  if (finds_late(unsplit)) return;
  for (bool is_asked_again = true; is_asked_again;) {
    const std::optional<std::string> sent = ask_child(Role::reads_declarations);
    if (is_child()) return start_first_pass();
    std::optional<Collection> collection = parse(sent);
    if (!collection) break;
    if (collection->has_errors() || !(collection->asks_calls || collection->asks_captures)) {
      return use_collection(std::move(*collection));
    }
    const std::optional<std::string> facts = ask_child(Role::reads_bodies);
    if (is_child()) return start_to_read(std::move(collection->files));
    is_asked_again = facts && learn(parse_body_facts(*facts), collection->asks_calls);
  }
  clang::DiagnosticsEngine& diagnostics = instance_.getDiagnostics();
  diagnostics.Report(diagnostics.getCustomDiagID(
      clang::DiagnosticsEngine::Error, "the pass that reads annotations has ended unexpectedly"));
  has_failed_ = true;
}

bool TwoPass::learn(std::optional<BodyFacts> found, bool asks_calls) {
  if (!found) return false;
  if (!asks_calls) {
    body_facts_.captures = std::move(found->captures);
    body_facts_.has_captures = true;
    return true;
  }
  // What follows from a call may show only where that is rewritten: asked until nothing is new.
  body_facts_.has_all_calls = true;
  const auto add = [&](std::vector<SourcePlace>& known, std::vector<SourcePlace>& places) {
    for (SourcePlace& place : places) {
      if (contains(known, place)) continue;
      known.push_back(std::move(place));
      body_facts_.has_all_calls = false;
    }
  };
  add(body_facts_.calls_of_variables, found->calls_of_variables);
  add(body_facts_.calls_of_functions, found->calls_of_functions);
  return true;
}

std::optional<std::string> TwoPass::ask_child(Role role) {
  ForkedChild child = fork_child();
  if (child.is_this()) {
    pipe_ = child.pipe;
    role_ = role;
    instance_.getDiagnostics().setSuppressAllDiagnostics(true);
  }
  return std::move(child.sent);
}

void TwoPass::start_first_pass() {
  annotation_mode().is_collecting = true;
  expansions_.watch(instance_.getPreprocessor());
  instance_.getPreprocessor().setPreprocessToken(false);  // coverage asks for tokens twice
  instance_.getPreprocessor().setTokenWatcher([this](const clang::Token& token) {
    expansions_.add(token, instance_.getPreprocessor());
    watch_end(token);
    if (token.is(clang::tok::eof)) forget_instantiations();
  });
}

void TwoPass::start_to_read(std::vector<RewrittenFile> files) {
  for (RewrittenFile& file : files) {
    overlay_.replace(file.path, file.text);
    map_->add_rewritten(std::move(file));
  }
}

void TwoPass::use_collection(Collection collection) {
  std::set<std::string> rewritten;
  for (const RewrittenFile& file : collection.files) rewritten.insert(file.path);
  if (wants_second_pass() && !collection.has_errors() && finds_late(rewritten)) return;
  for (const auto& [path, file] : overlay_.split_files()) map_split(file);
  for (const auto& [path, file] : overlay_.annotated_files()) {
    map_->add_original(path, path, file.original, 0);
  }
  for (const Diagnostic& diagnostic : collection.diagnostics) report(diagnostic);
  clang::IdentifierTable& identifiers = instance_.getPreprocessor().getIdentifierTable();
  if (identifiers.getExternalIdentifierLookup() == nullptr) {
    stub_names_.emplace(identifiers);
    identifiers.setExternalIdentifierLookup(&*stub_names_);
  }
  printer_.set_remote_names(collection.remote_names);
  annotation_mode().is_unfinished = collection.is_unfinished;
  has_failed_ = collection.has_errors();
  if (has_failed_) {
    // What follows is not rewritten: each call in it would be one of something unknown.
    instance_.getDiagnostics().setSuppressAllDiagnostics(true);
    return;
  }
  for (RewrittenFile& file : collection.files) overlay_.replace(file.path, file.text);
  if (!wants_second_pass()) print_output(collection);
  for (RewrittenFile& file : collection.files) {
    if (auto buffer = llvm::MemoryBuffer::getFile(file.path)) {
      map_->add_original(file.path, file.path, (*buffer)->getBuffer().str(), 0);
    }
    map_->add_rewritten(std::move(file));
  }
}

bool TwoPass::finds_late(const std::set<std::string>& paths) {
  const clang::SourceManager& sources = instance_.getSourceManager();
  for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file) {
    const std::string path = file->first.getName().str();
    if (paths.count(path) != 0) read_too_early_.insert(path);
  }
  if (is_abandoned()) instance_.getDiagnostics().setSuppressAllDiagnostics(true);
  return is_abandoned();
}

std::string TwoPass::rest_text(const SplitFile& file) const {
  if (role_ == Role::reads_declarations || !has_forked_) return file.rest.text;
  if (reads_bodies()) return overlay_.rest_of(file);
  if (is_abandoned() || (&file == &main_ && (has_failed_ || !wants_second_pass()))) return "";
  return overlay_.rest_of(file);
}

void TwoPass::enter_rest(clang::Preprocessor& preprocessor, clang::SourceLocation place) {
  clang::SourceManager& sources = preprocessor.getSourceManager();
  const clang::FileID head = sources.getFileID(place);
  const auto head_entry = sources.getFileEntryRefForID(head);
  const SplitFile* file = head_entry ? overlay_.find_split(head_entry->getName().str()) : nullptr;
  if (file == nullptr) return;  // the user's own pragma
  const clang::SrcMgr::CharacteristicKind kind = sources.getFileCharacteristic(place);
  has_entered_main_ |= file == &main_;
  if (!has_forked_ && wants_first_pass(*file, kind)) fork_children();

  clang::HeaderSearch& headers = preprocessor.getHeaderSearchInfo();
  const std::string text = rest_text(*file);
  const clang::FileEntryRef entry = preprocessor.getFileManager().getVirtualFileRef(
      file->rest_path, static_cast<off_t>(text.size()), 0);
  if (!sources.isFileOverridden(entry)) {
    sources.overrideFileContents(entry,
                                 llvm::MemoryBuffer::getMemBufferCopy(text, file->rest_path));
  }
  // Asked for by #include "..." in it.
  clang::HeaderFileInfo& info = headers.getFileInfo(entry);
  if (info.isPragmaOnce) return;
  info.DirInfo = headers.getFileInfo(*head_entry).DirInfo;
  // Included from where the head is; without such a place it counts as the main file.
  const clang::FileID rest = sources.createFileID(entry, sources.getIncludeLoc(head), kind);
  sources.AddLineNote(sources.getLocForStartOfFile(rest), file->split.rest_line + 1,
                      static_cast<int>(sources.getLineTableFilenameID(file->path)), false, false,
                      kind);
  const clang::PreprocessorLexer& lexer = *preprocessor.getCurrentLexer();
  const std::vector<clang::PPConditionalInfo> conditions(lexer.conditional_begin(),
                                                         lexer.conditional_end());
  preprocessor.EnterSourceFile(rest, search_directory(headers, head_entry->getName()),
                               clang::SourceLocation());
  preprocessor.getCurrentFileLexer()->setConditionalLevels(conditions);
}

void TwoPass::send_collection() {
  DeclarationText::Files files = overlay_.annotated_files();
  for (const auto& [path, file] : overlay_.split_files()) {
    files.try_emplace(file.rest_path,
                      SourceOverlay::AnnotatedFile{file.original_rest(), file.rest});
  }
  Collector collector(instance_.getSema(), instance_.getPreprocessor(), files, expansions_);
  collector.collect();
  TranslationUnit& unit = collector.unit();
  Collection result;
  result.diagnostics = std::move(collector.diagnostics());
  const BodyQuestions questions =
      read_user_tokens(instance_.getPreprocessor(), files, body_facts_, unit, result.diagnostics);
  result.asks_calls = questions.calls && mode_ != OutputMode::registry;
  result.asks_captures = questions.captures && mode_ != OutputMode::registry;
  check_attribute_names(files, result.diagnostics);
  result.registry = registry_text(unit);
  const std::set<std::string> names = names_of(unit.functions);
  result.remote_names.assign(names.begin(), names.end());
  std::optional<SourcePlace> end;
  const bool is_finished = last_token_ == clang::tok::semi || last_token_ == clang::tok::r_brace;
  result.is_unfinished = open_brackets_ != 0 || !is_finished;
  if (!result.is_unfinished) end = end_of_main();
  MacroGuard guard(instance_.getPreprocessor());
  const bool is_shown = includes_ != nullptr && !result.asks_calls && !result.asks_captures;
  std::map<std::string, std::vector<Edit>> all_edits =
      is_shown ? make_marked_edits(unit, end) : make_edits(unit, end);
  if (is_shown) includes_->replace(all_edits);
  for (auto& [path, edits] : all_edits) {
    for (Edit& edit : edits) {
      if (edit.is_generated) guard.protect(edit, path);
    }
    const auto annotated = files.find(path);
    std::string original;
    if (annotated != files.end()) {
      original = annotated->second.masked.text;
    } else if (auto buffer = overlay_.getBufferForFile(path)) {
      original = (*buffer)->getBuffer().str();
    } else {
      continue;
    }
    result.files.push_back(apply_edits(path, original, std::move(edits)));
  }
  send_and_exit(pipe_, serialize(result));
}

void TwoPass::send_body_facts(llvm::ArrayRef<clang::Decl*> declarations) {
  BodyReader reader([this](clang::SourceLocation place) { return map_->first_read(place); });
  for (clang::Decl* declaration : declarations) reader.TraverseDecl(declaration);
  send_and_exit(pipe_, serialize(reader.take()));
}

clang::VarDecl* TwoPass::read_graph(clang::ASTContext& context,
                                    const std::vector<clang::Decl*>& declarations) {
  graph::TaskGraph graph =
      graph::read_graph(context, declarations, main_.path,
                        [this](clang::SourceLocation place) { return map_->translate(place); });
  switch (mode_) {
    case OutputMode::graph:
      llvm::outs() << graph::write_graph(graph);
      return nullptr;
    case OutputMode::graph_dot:
      llvm::outs() << graph::write_dot(graph);
      return nullptr;
    case OutputMode::graph_json:
      llvm::outs() << graph::write_json(graph);
      return nullptr;
    default:
      break;
  }
  // What would not be read back is better left out.
  if (graph.functions.empty() || !graph::verify_graph(graph).empty()) return nullptr;
  graph::run_all_passes(graph);
  return make_graph_variable(context, graph);
}

SourcePlace TwoPass::end_of_main() const {
  SourcePlace end;
  end.path = main_.rest_path;
  end.offset = main_.rest.text.size();
  end.shown_file = main_.path;
  end.line = main_.split.rest_line;
  return end;
}

void TwoPass::print_output(const Collection& collection) {
  if (mode_ == OutputMode::registry) {
    llvm::outs() << collection.registry;
    return;
  }
  std::map<std::string, std::string> texts;
  for (const RewrittenFile& file : collection.files) texts[file.path] = file.text;
  texts.try_emplace(main_.rest_path, main_.rest.text);
  RewrittenSource(texts, llvm::outs()).write(main_.rest_path, main_.path);
}

void TwoPass::map_split(const SplitFile& file) {
  map_->add_original(file.path, file.path, file.original, 0);
  map_->add_original(file.rest_path, file.path, file.original, file.split.head_size);
  // The end of the head, where clang sees the end of the file, is the end of the file.
  const std::size_t last = file.original.size() - (file.original.ends_with('\n') ? 1 : 0);
  RewrittenFile head;
  head.path = file.path;
  head.segments = {{0, file.split.head_size, 0, true, ""},
                   {file.split.head_size, file.head.size() + 1, last, false, ""}};
  map_->add_rewritten(std::move(head));
}

void TwoPass::watch_end(const clang::Token& token) {
  if (token.isOneOf(clang::tok::l_brace, clang::tok::l_paren, clang::tok::l_square)) {
    ++open_brackets_;
  }
  if (token.isOneOf(clang::tok::r_brace, clang::tok::r_paren, clang::tok::r_square)) {
    --open_brackets_;
  }
  if (token.isNot(clang::tok::eof) && !token.isAnnotation()) last_token_ = token.getKind();
}

void TwoPass::forget_instantiations() {
  clang::Sema& sema = instance_.getSema();
  sema.PendingInstantiations.clear();
  sema.VTableUses.clear();
}

void TwoPass::begin() {
  flags_.watch(instance_.getPreprocessor());
  // Generated code asks for a remote lambda's function, also where it is in none.
  instance_.getDiagnostics().setSeverity(clang::diag::ext_predef_outside_function,
                                         clang::diag::Severity::Ignored, {});
  instance_.getPreprocessor().setTokenWatcher(
      [this](const clang::Token& token) { watch_end(token); });
  map_.emplace(instance_.getSourceManager());
  map_split(main_);
  count_coverage();
  if (mode_ == OutputMode::rewrite) {
    auto includes = std::make_unique<IncludeDirectives>(instance_.getSourceManager());
    includes_ = includes.get();
    instance_.getPreprocessor().addPPCallbacks(std::move(includes));
  }
  printer_.set_source_map(&*map_);
}

void TwoPass::count_coverage() {
  clang::CodeGenOptions& options = instance_.getCodeGenOpts();
  if (!options.CoverageMapping) return;
  llvm::SmallString<256> shown(main_.path);
  for (const auto& [from, to] : llvm::reverse(options.CoveragePrefixMap)) {
    if (llvm::sys::path::replace_path_prefix(shown, from, to)) break;
  }
  options.CoveragePrefixMap.emplace_back(main_.rest_path, shown.str());
  instance_.getPreprocessor().addPPCallbacks(
      std::make_unique<CoverageLines>(instance_.getSourceManager(), *map_));
}

void TwoPass::check_all_is_read() {
  clang::DiagnosticsEngine& diagnostics = instance_.getDiagnostics();
  if (has_entered_main_ || diagnostics.hasErrorOccurred()) return;
  diagnostics.Report(diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Error,
                                                 "what follows the leading includes was not read"));
}

void TwoPass::explain_calls(llvm::ArrayRef<clang::Decl*> declarations,
                            const std::set<const clang::CXXRecordDecl*>& refused) {
  if (!printer_.is_waiting()) return;
  CallExplainer explainer(instance_.getSema(), annotation_mode().remote_functions, refused);
  for (clang::Decl* declaration : declarations) explainer.add(*declaration);
  printer_.print_waiting(explainer.explanations());
}

void TwoPass::hide_from_debuggers(llvm::ArrayRef<clang::Decl*> declarations) {
  if (instance_.getCodeGenOpts().getDebugInfo() <= llvm::codegenoptions::NoDebugInfo) return;
  DebugInfoFilter filter(instance_.getASTContext(), [this](clang::SourceLocation location) {
    return map_->is_generated(location);
  });
  for (clang::Decl* declaration : declarations) filter.TraverseDecl(declaration);
}

void TwoPass::report(const Diagnostic& diagnostic) {
  clang::DiagnosticsEngine& engine = instance_.getDiagnostics();
  const clang::SourceLocation begin = map_->original(diagnostic.place);
  {
    auto builder = compiler::report(engine, begin, diagnostic.kind, diagnostic.message);
    if (diagnostic.length > 0 && begin.isValid()) {
      const auto range = clang::CharSourceRange::getCharRange(
          begin, begin.getLocWithOffset(static_cast<int>(diagnostic.length)));
      builder << range;
      if (!diagnostic.fixit.empty()) {
        builder << clang::FixItHint::CreateReplacement(range, diagnostic.fixit);
      }
    } else if (!diagnostic.fixit.empty() && begin.isValid()) {
      builder << clang::FixItHint::CreateInsertion(begin, diagnostic.fixit);
    }
  }
  for (const Diagnostic::Note& note : diagnostic.notes) {
    auto builder = report_note(engine, map_->original(note.place), note.message);
    if (note.insertion.empty()) continue;
    builder << clang::FixItHint::CreateInsertion(map_->original(note.insertion_place),
                                                 note.insertion);
  }
}

}  // namespace ray::compiler
