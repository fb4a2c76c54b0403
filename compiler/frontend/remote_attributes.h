// RemoteAttributes are clang's knowledge of [[ray::remote]], [[ray::method]] and
// [[ray::transient]]: linked into a program, they make clang parse the three and check what they
// stand on.
//
// Only while collecting do they leave a mark on the declaration (an AnnotateAttr, which code
// generation does not take as we write it); after that a list of functions is all there is.
#pragma once

#include <optional>
#include <vector>

#include "clang/AST/Attr.h"
#include "clang/AST/DeclBase.h"

namespace ray::compiler {

enum class Annotation { remote, method, transient };
// The one whose name `text` begins with, "ray::" before it or not.
std::optional<Annotation> annotation_named(llvm::StringRef text);
const char* name_of(Annotation annotation);  // "ray::remote"

// One for the process, set before anything is parsed; the parser runs on one thread.
struct AnnotationMode {
  // The main file ends within a declaration, which clang may take for another one.
  bool is_unfinished = false;
  bool is_collecting = false;
  bool is_precompiling = false;                      // a header: annotations in it are refused
  std::vector<const clang::Decl*> remote_functions;  // each annotated declaration; not collecting
  std::vector<const clang::Decl*> transient_fields;  // as written; not collecting
};
AnnotationMode& annotation_mode();

// Where it would mean something: the note on one that stands elsewhere.
const char* place_of(Annotation annotation);

// The mark that `annotation` left on `declaration` itself, or null. Its range begins at the
// attribute's name.
const clang::AnnotateAttr* find_annotation(const clang::Decl& declaration, Annotation annotation);

}  // namespace ray::compiler
