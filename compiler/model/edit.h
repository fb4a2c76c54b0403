// Edits are how generated text comes into a file: the original, what is put where, and the text
// that results, with a map back from every byte of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compiler/model/callable.h"

namespace ray::compiler {

// Replaces `length` bytes at `offset`. Where `is_generated`, `text` is whole lines, and what
// follows goes on as `resume` says, in the same column as before.
struct Edit {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string text;
  bool is_generated = false;
  SourcePlace resume;
  SourcePlace about;  // the declaration that a message about `text` is to show
};

// Bytes [begin, end) of a rewritten text stand for the original from `original` on: byte by byte
// where `is_copy`, else all of them for that one place.
struct Segment {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t original = 0;
  bool is_copy = true;
  std::string original_path;  // where it is another file's
};

struct RewrittenFile {
  std::string path;
  std::string text;
  std::vector<Segment> segments;
};

}  // namespace ray::compiler
