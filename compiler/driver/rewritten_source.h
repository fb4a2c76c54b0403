// RewrittenSource is what --rewrite shows: the text of the main file, with that of each header that
// was rewritten where it was first included, so that another compiler takes it as it is.
//
// Ownership: borrows the files. Threading: one thread.
#pragma once

#include <map>
#include <set>
#include <string>

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace ray::compiler {

class RewrittenSource {
 public:
  // `texts` by path, with kIncludePragma where one stands for another.
  RewrittenSource(const std::map<std::string, std::string>& texts, llvm::raw_ostream& out)
      : texts_(texts), out_(out) {}

  // `shown` is the file's name for the user.
  void write(const std::string& path, const std::string& shown);

 private:
  const std::map<std::string, std::string>& texts_;
  llvm::raw_ostream& out_;
  std::set<std::string> written_;
};

}  // namespace ray::compiler
