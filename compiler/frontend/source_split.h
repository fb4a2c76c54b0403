// SourceSplit cuts a file behind its leading includes, so that what stands before is parsed once:
// at the cut the first pass forks off.
#pragma once

#include <cstddef>

#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

struct SourceSplit {
  std::size_t head_size = 0;   // the head is [0, head_size), whole lines; 0 where there is none
  unsigned rest_line = 1;      // line number of what follows
  bool rest_includes = false;  // it has #include directives of its own
  bool is_guarded = false;     // the head begins the include guard that the rest ends
};

// The cut is behind the last #include, #pragma once or begin of the include guard that only
// comments and directives precede, outside of any other unfinished #if.
SourceSplit split_source(llvm::StringRef text);

// Whether `text` may hold a call that has to be rewritten: `.remote(`, `.options(`, `remote([`.
bool may_call_remotely(llvm::StringRef text);

}  // namespace ray::compiler
