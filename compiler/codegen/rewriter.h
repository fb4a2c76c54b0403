// Rewriter puts generated code into the user's files: it makes the edits that a translation unit
// asks for, and applies them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/model/edit.h"
#include "compiler/model/translation_unit.h"

namespace ray::compiler {

// Edits by path. `end` is where the main file ends, if it ends outside of all braces; what belongs
// there is left out otherwise.
std::map<std::string, std::vector<Edit>> make_edits(const TranslationUnit& unit,
                                                    const std::optional<SourcePlace>& end);

// The same with what marks classes (Record::mark), which ray-cc itself has in the syntax tree
// alone.
std::map<std::string, std::vector<Edit>> make_marked_edits(TranslationUnit unit,
                                                           const std::optional<SourcePlace>& end);

// `original` with `edits`, which may be in any order but do not overlap.
RewrittenFile apply_edits(const std::string& path, const std::string& original,
                          std::vector<Edit> edits);

}  // namespace ray::compiler
