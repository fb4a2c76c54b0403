// OptionMask hides the option language from clang: in `[[ray::remote(num_cpus = 1)]]` the brackets
// and all between them become spaces, so that no offset in the file moves.
//
// Newlines and line splices stay. What stood there is kept by position. Options in comments, string
// literals and anywhere outside of an attribute are left alone; those in macro definitions are
// masked.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "llvm/ADT/StringRef.h"

namespace ray::compiler {

// One attribute of ours.
struct RemoteAttribute {
  std::size_t name = 0;     // offset of `remote`, `method` or `transient`
  std::size_t options = 0;  // offset of what stands between the parentheses
  std::string text;         // that text; empty where there are none
};

// `[[...]]`
struct AttributeGroup {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// `ray::x` where there is no such attribute.
struct UnknownAttribute {
  std::size_t name = 0;  // offset of `x`
  std::string spelling;  // "x"
};

struct MaskedSource {
  std::string text;
  std::vector<RemoteAttribute> attributes;  // in the order of the file
  std::vector<UnknownAttribute> unknown;
  std::vector<AttributeGroup> groups;  // every [[...]] of the file, ours or not

  bool is_annotated() const { return !attributes.empty() || !unknown.empty(); }
  // The attribute whose name stands at `offset`, or null.
  const RemoteAttribute* find(std::size_t name_offset) const;
};

// A cheap test before mask_options: false where `text` cannot hold an attribute of ours.
bool may_be_annotated(llvm::StringRef text);

MaskedSource mask_options(llvm::StringRef text);

}  // namespace ray::compiler
