// SourceMap leads from a place in rewritten text back to what the user wrote, so that messages show
// the file on disk: its line, its column, its text.
//
// Threading: one thread. Lives as long as the SourceManager.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "clang/Basic/SourceManager.h"
#include "compiler/model/edit.h"

namespace ray::compiler {

class SourceMap {
 public:
  explicit SourceMap(clang::SourceManager& sources) : sources_(sources) {}

  // Whether its places are of `sources`: a module that is built on the way has others.
  bool is_of(const clang::SourceManager& sources) const { return &sources_ == &sources; }

  // `text` is what stands on disk under `path`. Text that clang reads as `opened_as` begins at
  // `shift` in it; the two differ for the main file, which is read in two parts.
  void add_original(const std::string& opened_as, const std::string& path, std::string text,
                    std::size_t shift);
  // From now on clang reads this.
  void add_rewritten(RewrittenFile file);

  // The place in the original file; invalid where that is not known.
  clang::SourceLocation original(const SourcePlace& place);
  // The same place in the original, where the line has been changed, or `always`; else `location`
  // itself.
  clang::SourceLocation translate(clang::SourceLocation location, bool always = false);
  // The place in what the first pass read: path and offset.
  std::optional<SourcePlace> first_read(clang::SourceLocation location) const;
  // Whether `location` is in text that the user did not write.
  bool is_generated(clang::SourceLocation location) const;
  // Where each line of the original begins in what clang reads as `opened_as`, in bytes; empty
  // where that is not rewritten.
  std::vector<unsigned> line_starts(const std::string& opened_as) const;

 private:
  struct Original {
    std::string path;
    std::string text;
    std::size_t shift = 0;
    clang::FileID id;  // once it is needed
  };

  const Segment* find_segment(clang::SourceLocation location, std::size_t& offset,
                              std::string& opened_as) const;
  clang::SourceLocation locate(Original& original, std::size_t offset, clang::SourceLocation seen);

  clang::SourceManager& sources_;
  std::map<std::string, Original> originals_;       // by the path opened
  std::map<std::string, RewrittenFile> rewritten_;  // by the path opened
};

}  // namespace ray::compiler
