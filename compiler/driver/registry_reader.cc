#include "compiler/driver/registry_reader.h"

#include <set>

#include "compiler/graph/binary_sections.h"
#include "compiler/model/registry_line.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

llvm::Expected<std::vector<std::string>> read_registry(const std::string& path) {
  const graph::BinarySections sections = graph::read_sections(path, kRegistrySection);
  if (!sections.error.empty()) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), sections.error);
  }
  std::set<std::string> lines;
  for (const llvm::StringRef contents : sections.contents) {
    llvm::SmallVector<llvm::StringRef> parts;
    contents.split(parts, '\n');
    for (llvm::StringRef part : parts) {
      part = part.ltrim('\0');
      if (!part.empty()) lines.insert(part.str());
    }
  }
  return std::vector<std::string>(lines.begin(), lines.end());
}

std::string shown_columns(const std::string& line) {
  std::size_t end = 0;
  for (std::size_t column = 0; column < kRegistryColumnsShown && end != std::string::npos;
       ++column) {
    end = line.find('\t', column == 0 ? 0 : end + 1);
  }
  return line.substr(0, end);
}

}  // namespace ray::compiler
