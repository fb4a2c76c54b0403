// CallSites finds, in the tokens of a file, where a name that is remote is called remotely: there
// `f.remote(` becomes `f$remote(`, `f<int>.remote(` becomes `f$remote<int>(`, in the same width.
//
// It goes by names alone; the second pass verifies what each of them has become.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/model/translation_unit.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

// `path` and the offsets are all that is set of the sites' places.
std::vector<CallSite> find_call_sites(const std::string& path, llvm::StringRef text,
                                      const std::set<std::string>& remote_names);

}  // namespace ray::compiler
