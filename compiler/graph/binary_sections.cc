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

bool defines(const llvm::object::ObjectFile& object, std::string_view wanted) {
  using Symbol = llvm::object::BasicSymbolRef;
  for (const llvm::object::SymbolRef& symbol : object.symbols()) {
    auto flags = symbol.getFlags();
    auto name = symbol.getName();
    if (!flags || !name) {
      if (!flags) llvm::consumeError(flags.takeError());
      if (!name) llvm::consumeError(name.takeError());
      continue;
    }
    const bool is_definition = (*flags & Symbol::SF_Global) && !(*flags & Symbol::SF_Undefined);
    if (is_definition && *name == llvm::StringRef(wanted)) return true;
  }
  return false;
}

// Calls `visit` for each object file that a binary is, or holds. Gives what is wrong, or nothing.
template <class Visit>
std::string for_each_object(const llvm::object::Binary& binary, Visit visit) {
  if (const auto* object = llvm::dyn_cast<llvm::object::ObjectFile>(&binary)) {
    visit(*object);
    return "";
  }
  const auto* archive = llvm::dyn_cast<llvm::object::Archive>(&binary);
  if (archive == nullptr) return "neither an object file nor an archive";
  llvm::Error error = llvm::Error::success();
  for (const llvm::object::Archive::Child& child : archive->children(error)) {
    auto member = child.getAsBinary();
    if (!member) {
      llvm::consumeError(member.takeError());  // no object file: nothing of ours
      continue;
    }
    const auto* object = llvm::dyn_cast<llvm::object::ObjectFile>(member->get());
    if (object != nullptr) visit(*object);
  }
  return error ? llvm::toString(std::move(error)) : "";
}

}  // namespace

BinarySections read_sections(const std::string& path, std::string_view name) {
  BinarySections result;
  auto binary = llvm::object::createBinary(path);
  if (!binary) {
    result.error = llvm::toString(binary.takeError());
    return result;
  }
  const std::string error =
      for_each_object(*binary->getBinary(), [&](const llvm::object::ObjectFile& object) {
        if (result.error.empty()) read_object(object, name, result);
      });
  if (result.error.empty()) result.error = error;
  return result;
}

bool defines_symbol(const std::string& path, std::string_view symbol) {
  auto binary = llvm::object::createBinary(path);
  if (!binary) {
    llvm::consumeError(binary.takeError());
    return false;
  }
  bool result = false;
  for_each_object(*binary->getBinary(), [&](const llvm::object::ObjectFile& object) {
    result |= defines(object, symbol);
  });
  return result;
}

bool is_binary(std::string_view contents) {
  return contents.starts_with("\177ELF") || contents.starts_with("!<arch>\n") ||
         contents.starts_with("!<thin>\n");
}

}  // namespace ray::compiler::graph
