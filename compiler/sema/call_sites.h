// CallSites finds, in the tokens of a file, where a name that is remote is called remotely: there
// `f.remote(` becomes `f$remote(`, `f<int>.remote(` becomes `f$remote<int>(`, `h.m<int>.remote(`
// becomes `h.m.remote<int>(`, all in the same width, and `task(f<int>)` becomes
// `task(f$task<int>())`.
//
// It goes by names alone: a site whose name the file declares otherwise, too, is doubtful. The
// second pass verifies what each of them has become.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/model/translation_unit.h"
#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

struct RemoteNames {
  std::set<std::string> functions;
  std::set<std::string> function_templates;
  std::set<std::string> method_templates;
  std::map<std::string, std::string> macros = {};  // those that are a function's name
  std::set<std::string> variable_names = {};       // those of functions that variables have, too
  std::set<std::string> qualified =
      {};  // functions, with the last name around each: "ns::f", "::f"
  std::map<std::string, std::string> aliases = {};  // the last name of what each stands for
};

// `path` and the offsets are all that is set of the sites' places.
std::vector<CallSite> find_call_sites(const std::string& path, llvm::StringRef text,
                                      const RemoteNames& names);

}  // namespace ray::compiler
