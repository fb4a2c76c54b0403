#include "compiler/driver/registry_reader.h"

#include <set>

#include "compiler/codegen/registry_writer.h"
#include "compiler/graph/binary_sections.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

llvm::Expected<std::string> read_registry(const std::string& path) {
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
  std::string result;
  for (const std::string& line : lines) result += line + "\n";
  return result;
}

}  // namespace ray::compiler
