// RecordMarker names the member types by which generated code knows a class template's pattern.
// They are added to the syntax tree (driver/access_befriender.h): one is the class itself, and one
// is each of its bases, where that is one type.
#pragma once

#include <string>

#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"

namespace ray::compiler {

// `struct { int x; } size;` in a class.
bool is_unnamed_member(const clang::CXXRecordDecl& record);
bool is_marked(const clang::CXXRecordDecl& record);
// Whether no text outside of the class can name it: a partial specialisation, a class in a class
// template, or one without a name.
bool needs_marker(const clang::CXXRecordDecl& record);

// The same in both passes.
std::string marker_name(const clang::CXXRecordDecl& record, const clang::SourceManager& sources);
std::string base_marker_suffix(unsigned index);

}  // namespace ray::compiler
