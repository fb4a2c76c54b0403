#include "compiler/driver/stub_names.h"

#include <string>

namespace ray::compiler {

clang::IdentifierInfo* StubNames::get(llvm::StringRef name) {
  for (const char* suffix : {"$remote", "$options"}) {
    if (!name.ends_with(suffix)) continue;
    std::string shown = name.str();
    shown[shown.rfind('$')] = '.';
    return &table_.get(shown);
  }
  return nullptr;
}

}  // namespace ray::compiler
