#include "compiler/driver/linker_output.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <set>
#include <vector>

#include "clang/Driver/Action.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Job.h"
#include "compiler/driver/user_messages.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/raw_ostream.h"

namespace ray::compiler {
namespace {

using clang::driver::Command;

bool is_word(char c) { return llvm::isAlnum(c) || c == '_'; }

// Where the qualified name that ends at `end` begins: of "auto n::Box<int>::get", before "n".
std::size_t name_begin(llvm::StringRef text, std::size_t end) {
  int depth = 0;
  std::size_t at = end;
  for (; at > 0; --at) {
    const char c = text[at - 1];
    if (c == '>') ++depth;
    if (c == '<' && --depth < 0) break;
    if (depth == 0 && c != '>' && c != '<' && c != ':' && !is_word(c)) break;
  }
  return at;
}

// "n::f.remote" of a function that is generated for it, such as "int
// n::f$52dc9d::call<int>(int&&)".
std::optional<std::string> remote_call(llvm::StringRef function) {
  for (std::size_t at = 0; (at = function.find('$', at)) != llvm::StringRef::npos; ++at) {
    const llvm::StringRef suffix = function.drop_front(at + 1).take_while(is_word);
    if (at == 0 || !is_generated_suffix(suffix.str())) continue;
    llvm::StringRef name = function.slice(name_begin(function, at), at);
    if (name.consume_back("::new")) return (name + "::remote").str();
    return (name + (suffix == "options" ? ".options" : ".remote")).str();
  }
  return std::nullopt;
}

// Replaces what stands between the first `begin` and the last `end` behind it.
bool replace_function(std::string& line, llvm::StringRef begin, llvm::StringRef end) {
  const std::size_t from = line.find(begin);
  if (from == std::string::npos) return false;
  const std::size_t first = from + begin.size();
  const std::size_t last = line.rfind(end);
  if (last == std::string::npos || last < first) return false;
  const auto called = remote_call(llvm::StringRef(line).slice(first, last));
  if (!called) return false;
  line.replace(first, last - first, *called);
  return true;
}

// GNU ld's "(.text._ZN1f6...[...]+0x7)" of a function that it has named by then.
bool drop_section(std::string& line) {
  const std::size_t from = line.find(":(.");
  const std::size_t to = from == std::string::npos ? from : line.find(')', from);
  if (to == std::string::npos || line.find('$', from) >= to) return false;
  line.erase(from, to + 1 - from);
  return true;
}

// Those that hold a '$', which the linker was told to leave as they are.
void demangle_names(std::string& line) {
  for (std::size_t at = 0; (at = line.find("_Z", at)) != std::string::npos; ++at) {
    std::size_t end = at;
    while (end < line.size() && (is_word(line[end]) || line[end] == '$')) ++end;
    const std::string name = line.substr(at, end - at);
    if (name.find('$') != std::string::npos) line.replace(at, name.size(), llvm::demangle(name));
  }
}

// The symbol that is undefined, where it is one of C++: another may hold a '$' of the user's own.
void reword_symbol(std::string& line) {
  for (const llvm::StringRef begin : {"undefined symbol: ", "undefined reference to "}) {
    const std::size_t from = line.find(begin);
    if (from == std::string::npos || line.find('(', from) == std::string::npos) continue;
    line = line.substr(0, from) + in_user_terms(line.substr(from));
  }
}

// Whether it was of a remote call.
bool reword(std::string& line) {
  if (line.find('$') == std::string::npos) return false;
  bool result = drop_section(line);
  demangle_names(line);
  result |= replace_function(line, "in function `", "'");
  result |= replace_function(line, ":function ", ": error: ");
  result |= replace_function(line, ":(", ")");
  reword_symbol(line);
  return result;
}

}  // namespace

LinkerWords linker_words(const std::string& output) {
  LinkerWords result;
  llvm::SmallVector<llvm::StringRef, 32> lines;
  llvm::StringRef(output).split(lines, '\n');
  std::set<std::string> said;  // of one symbol
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string text = lines[i].str();
    if (text.empty()) said.clear();
    bool is_call = reword(text);
    // lld's references are two lines each.
    if (lines[i].starts_with(">>> referenced by") && i + 1 < lines.size() &&
        lines[i + 1].starts_with(">>>  ")) {
      std::string second = lines[++i].str();
      is_call |= reword(second);
      text += "\n" + second;
    }
    result.is_of_remote_call |= is_call;
    if (is_call && !said.insert(text).second) continue;
    result.text += text + (i + 1 == lines.size() ? "" : "\n");
  }
  return result;
}

LinkerOutput::LinkerOutput(clang::driver::Compilation& compilation) {
  // -fproc-stat-report has the one callback that there is.
  if (compilation.getDriver().CCPrintProcessStats) return;
  Command* link = nullptr;
  for (Command& job : compilation.getJobs()) {
    if (job.getSource().getKind() == clang::driver::Action::LinkJobClass) link = &job;
  }
  if (link == nullptr) return;
  file_ = ::memfd_create("linker output", 0);
  if (file_ < 0) return;
  link->setRedirectFiles({std::nullopt, std::nullopt, "/proc/self/fd/" + std::to_string(file_)});
  compilation.setPostCallback([this, link](const Command& job, int status) {
    if (&job == link) show(status != 0);
  });
}

LinkerOutput::~LinkerOutput() {
  if (file_ >= 0) ::close(file_);
}

void LinkerOutput::show(bool has_failed) const {
  struct stat status{};
  if (::fstat(file_, &status) != 0 || status.st_size == 0) return;
  std::string output(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t size = ::pread(file_, output.data(), output.size(), 0);
  if (size <= 0) return;
  output.resize(static_cast<std::size_t>(size));
  const LinkerWords words = linker_words(output);
  llvm::errs() << words.text;
  if (has_failed && words.is_of_remote_call) {
    llvm::errs()
        << "ray-cc: note: what is called remotely must be defined in the program: link the "
           "file that has its body\n";
  }
  llvm::errs().flush();
}

}  // namespace ray::compiler
