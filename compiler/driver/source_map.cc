#include "compiler/driver/source_map.h"

#include <algorithm>

#include "compiler/frontend/line_directive.h"

namespace ray::compiler {
namespace {

llvm::StringRef line_around(llvm::StringRef text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t before = text.rfind('\n', offset);
  std::size_t begin = before == llvm::StringRef::npos ? 0 : before + 1;
  if (offset < text.size() && text[offset] == '\n') {
    const std::size_t earlier = offset == 0 ? llvm::StringRef::npos : text.rfind('\n', offset - 1);
    begin = earlier == llvm::StringRef::npos ? 0 : earlier + 1;
  }
  return text.slice(begin, text.find('\n', offset));
}

// Says of `file`, which nobody preprocesses, what the line directives in its text say.
void add_line_notes(clang::SourceManager& sources, clang::FileID file, llvm::StringRef text) {
  const clang::SourceLocation start = sources.getLocForStartOfFile(file);
  int depth = 0;
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t newline = std::min(text.find('\n', line), text.size());
    if (const auto directive = read_line_directive(text.slice(line, newline))) {
      const int name = directive->file.empty()
                           ? -1
                           : static_cast<int>(sources.getLineTableFilenameID(directive->file));
      const bool leaves = directive->leaves && depth > 0;
      depth += static_cast<int>(directive->enters) - static_cast<int>(leaves);
      sources.AddLineNote(start.getLocWithOffset(static_cast<int>(line) + 1), directive->line, name,
                          directive->enters, leaves,
                          directive->is_system ? clang::SrcMgr::C_System : clang::SrcMgr::C_User);
    }
    line = newline + 1;
  }
}

}  // namespace

void SourceMap::add_original(const std::string& opened_as, const std::string& path,
                             std::string text, std::size_t shift) {
  originals_.try_emplace(opened_as, Original{path, std::move(text), shift, {}});
}

void SourceMap::add_rewritten(RewrittenFile file) {
  const std::string path = file.path;
  rewritten_[path] = std::move(file);
}

clang::SourceLocation SourceMap::locate(Original& original, std::size_t offset,
                                        clang::SourceLocation seen) {
  if (original.id.isInvalid()) {
    // Included from where the file that was compiled is, so that the message says so.
    const clang::SourceLocation from =
        seen.isValid() ? sources_.getIncludeLoc(sources_.getFileID(seen)) : clang::SourceLocation();
    original.id =
        sources_.createFileID(llvm::MemoryBuffer::getMemBufferCopy(original.text, original.path),
                              clang::SrcMgr::C_User, 0, 0, from);
    add_line_notes(sources_, original.id, original.text);
  }
  offset = std::min(offset + original.shift, original.text.size());
  return sources_.getLocForStartOfFile(original.id).getLocWithOffset(static_cast<int>(offset));
}

clang::SourceLocation SourceMap::original(const SourcePlace& place) {
  const auto found = originals_.find(place.path);
  if (found != originals_.end()) return locate(found->second, place.offset, {});
  auto buffer = llvm::MemoryBuffer::getFile(place.path);
  if (!buffer) return {};
  add_original(place.path, place.path, (*buffer)->getBuffer().str(), 0);
  return original(place);
}

const Segment* SourceMap::find_segment(clang::SourceLocation location, std::size_t& offset,
                                       std::string& opened_as) const {
  const auto [file, file_offset] = sources_.getDecomposedLoc(location);
  const auto entry = sources_.getFileEntryRefForID(file);
  if (!entry) return nullptr;
  opened_as = entry->getName().str();
  offset = file_offset;
  const auto found = rewritten_.find(opened_as);
  if (found == rewritten_.end()) return nullptr;
  const std::vector<Segment>& segments = found->second.segments;
  const auto after =
      std::upper_bound(segments.begin(), segments.end(), offset,
                       [](std::size_t at, const Segment& segment) { return at < segment.begin; });
  return after == segments.begin() ? nullptr : &*std::prev(after);
}

std::optional<SourcePlace> SourceMap::first_read(clang::SourceLocation location) const {
  const std::optional<SourcePlace> nothing;
  if (location.isInvalid()) return nothing;
  SourcePlace place;
  const Segment* segment =
      find_segment(sources_.getSpellingLoc(location), place.offset, place.path);
  if (segment == nullptr) return rewritten_.count(place.path) == 0 ? place : nothing;
  if (!segment->is_copy) return nothing;
  place.offset = segment->original + place.offset - segment->begin;
  return place;
}

bool SourceMap::is_generated(clang::SourceLocation location) const {
  if (location.isInvalid()) return false;
  std::size_t offset = 0;
  std::string opened_as;
  const Segment* segment = find_segment(sources_.getExpansionLoc(location), offset, opened_as);
  return segment != nullptr && !segment->is_copy;
}

std::vector<unsigned> SourceMap::line_starts(const std::string& opened_as) const {
  const auto original = originals_.find(opened_as);
  const auto rewritten = rewritten_.find(opened_as);
  if (original == originals_.end() || rewritten == rewritten_.end()) return {};
  const llvm::StringRef text = original->second.text;
  auto segment = rewritten->second.segments.begin();
  const auto end = rewritten->second.segments.end();
  std::vector<unsigned> result;
  std::size_t line = 0;
  for (;;) {
    const std::size_t offset = std::max(line, original->second.shift) - original->second.shift;
    // The copy that the line begins in, or the first one behind.
    while (segment != end &&
           (!segment->is_copy || segment->original + segment->end - segment->begin <= offset)) {
      ++segment;
    }
    result.push_back(static_cast<unsigned>(
        segment == end ? rewritten->second.text.size()
                       : segment->begin + std::max(offset, segment->original) - segment->original));
    const std::size_t newline = text.find('\n', line);
    if (newline == llvm::StringRef::npos) return result;
    line = newline + 1;
  }
}

clang::SourceLocation SourceMap::translate(clang::SourceLocation location, bool always) {
  if (location.isInvalid()) return location;
  const clang::SourceLocation seen = sources_.getExpansionLoc(location);
  std::size_t offset = 0;
  std::string opened_as;
  const Segment* segment = find_segment(seen, offset, opened_as);
  const bool is_generated = segment != nullptr && !segment->is_copy;
  const std::string& path =
      is_generated && !segment->original_path.empty() ? segment->original_path : opened_as;
  const auto found = originals_.find(path);
  if (found == originals_.end()) {
    return is_generated ? original({path, segment->original, "", 0}) : location;
  }
  Original& original = found->second;
  if (is_generated) return locate(original, segment->original, seen);
  const std::size_t there =
      segment == nullptr ? offset : segment->original + offset - segment->begin;
  const llvm::StringRef compiled = sources_.getBufferData(sources_.getFileID(seen));
  if (!always &&
      line_around(compiled, offset) == line_around(original.text, there + original.shift)) {
    return location;
  }
  return locate(original, there, seen);
}

}  // namespace ray::compiler
