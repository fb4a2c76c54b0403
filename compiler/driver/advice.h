// Advice is the note that follows an error of clang's about remote calls: what to write instead.
#pragma once

#include <set>
#include <string>

#include "clang/Basic/Diagnostic.h"

namespace ray::compiler {

// Whether a ref stands where its value is needed, as an error or the note on a candidate says.
bool misses_get(const clang::Diagnostic& diagnostic);

// Whether it is about a call of a remote function or method whose declaration has an error, which
// clang has shown: nothing was generated for it.
bool follows_broken_declaration(const clang::Diagnostic& diagnostic);

// Whether clang says of an annotation of ours that no attribute, or not this one, can stand there.
bool is_misplaced_annotation(const clang::Diagnostic& diagnostic);

// What to say instead of clang's words, where those are about how the library is made or lead
// astray;
// "" elsewhere.
std::string own_words(const clang::Diagnostic& diagnostic);

// Whether `next` comes of what clang has made of the code after `own_words` about it: `begin` is
// where that error's expression begins.
bool follows_own_words(clang::SourceLocation begin, const clang::Diagnostic& next);

// Whether it is about a conversion from or to a class of the library, whose constructors explain
// nothing, or about an option that such a class does not have.
bool is_of_library_types(const clang::Diagnostic& diagnostic);

// "" where there is none that is sure to be right. `remote_functions`: by their names.
std::string advice_on(const clang::Diagnostic& diagnostic,
                      const std::set<std::string>& remote_functions);

// Where that is to be done, if it is elsewhere than at the error; else invalid.
clang::SourceLocation place_of_advice(const clang::Diagnostic& diagnostic);

}  // namespace ray::compiler
