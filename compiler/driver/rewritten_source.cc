#include "compiler/driver/rewritten_source.h"

#include "compiler/codegen/text_writer.h"
#include "compiler/frontend/line_directive.h"
#include "compiler/sema/include_directives.h"

namespace ray::compiler {

void RewrittenSource::write(const std::string& path, const std::string& shown) {
  written_.insert(path);
  unsigned line = 1;
  for (llvm::StringRef rest = texts_.at(path); !rest.empty(); ++line) {
    const std::size_t newline = rest.find('\n');
    llvm::StringRef text = rest.substr(0, newline);
    rest = newline == llvm::StringRef::npos ? "" : rest.substr(newline + 1);
    if (const auto directive = read_line_directive(text)) line = directive->line - 1;
    if (text.trim() == "#pragma once") text = "";  // it is one text now
    const std::size_t include = text.find(kIncludePragma);
    if (include == llvm::StringRef::npos) {
      out_ << text << "\n";
      continue;
    }
    const std::string included = text.substr(include + sizeof(kIncludePragma) - 1).str();
    if (written_.count(included) == 0 && texts_.count(included) != 0) {
      out_ << "#line 1 " << quoted(included) << "\n";
      write(included, included);
    }
    out_ << "#line " << line + 1 << " " << quoted(shown) << "\n";
  }
}

}  // namespace ray::compiler
