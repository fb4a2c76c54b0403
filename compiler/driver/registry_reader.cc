#include "compiler/driver/registry_reader.h"

#include <set>

#include "compiler/codegen/registry_writer.h"
#include "llvm/Object/ObjectFile.h"

namespace ray::compiler {

llvm::Expected<std::string> read_registry(const std::string& path) {
  auto binary = llvm::object::ObjectFile::createObjectFile(path);
  if (!binary) return binary.takeError();
  std::set<std::string> lines;
  for (const llvm::object::SectionRef& section : binary->getBinary()->sections()) {
    auto name = section.getName();
    if (!name) return name.takeError();
    if (*name != kRegistrySection) continue;
    auto contents = section.getContents();
    if (!contents) return contents.takeError();
    llvm::SmallVector<llvm::StringRef> parts;
    contents->split(parts, '\n');
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
