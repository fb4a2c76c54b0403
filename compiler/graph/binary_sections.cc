#include "compiler/graph/binary_sections.h"

#include "llvm/Object/Archive.h"
#include "llvm/Object/ObjectFile.h"

namespace ray::compiler::graph {
namespace {

void read_object(const llvm::object::ObjectFile& object, std::string_view wanted,
                 BinarySections& result) {
  for (const llvm::object::SectionRef& section : object.sections()) {
    auto name = section.getName();
    if (!name) {
      result.error = llvm::toString(name.takeError());
      return;
    }
    if (*name != llvm::StringRef(wanted)) continue;
    auto contents = section.getContents();
    if (!contents) {
      result.error = llvm::toString(contents.takeError());
      return;
    }
    result.contents.push_back(contents->str());
  }
}

void read_archive(const llvm::object::Archive& archive, std::string_view wanted,
                  BinarySections& result) {
  llvm::Error error = llvm::Error::success();
  for (const llvm::object::Archive::Child& child : archive.children(error)) {
    auto binary = child.getAsBinary();
    if (!binary) {
      llvm::consumeError(binary.takeError());  // no object file: nothing of ours
      continue;
    }
    const auto* object = llvm::dyn_cast<llvm::object::ObjectFile>(binary->get());
    if (object != nullptr && result.error.empty()) read_object(*object, wanted, result);
  }
  if (error) result.error = llvm::toString(std::move(error));
}

}  // namespace

BinarySections read_sections(const std::string& path, std::string_view name) {
  BinarySections result;
  auto binary = llvm::object::createBinary(path);
  if (!binary) {
    result.error = llvm::toString(binary.takeError());
  } else if (const auto* object = llvm::dyn_cast<llvm::object::ObjectFile>(binary->getBinary())) {
    read_object(*object, name, result);
  } else if (const auto* archive = llvm::dyn_cast<llvm::object::Archive>(binary->getBinary())) {
    read_archive(*archive, name, result);
  } else {
    result.error = "neither an object file nor an archive";
  }
  return result;
}

bool is_binary(std::string_view contents) {
  return contents.starts_with("\177ELF") || contents.starts_with("!<arch>\n") ||
         contents.starts_with("!<thin>\n");
}

}  // namespace ray::compiler::graph
