// SourceSplit cuts a main file behind its leading includes. What stands before is parsed once; at
// the cut the first pass forks off.
#pragma once

#include <cstddef>

#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

struct SourceSplit {
  std::size_t head_size = 0;   // the head is [0, head_size), whole lines; 0 where there is none
  unsigned rest_line = 1;      // line number of what follows
  bool rest_includes = false;  // it has #include directives of its own
};

// The cut is behind the last #include that only comments and directives precede, outside of any
// unfinished #if.
SourceSplit split_source(llvm::StringRef text);

}  // namespace ray::compiler
