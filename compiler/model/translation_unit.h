// TranslationUnit is what the first pass has read: annotated functions and classes, and the records
// that may be serialised.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/model/callable.h"

namespace ray::compiler {

struct RemoteClass {
  Scope scope;       // around the class; the class itself is its last level
  std::string name;  // "Tracker", or "Box<T>" for the template
  std::string qualified_name;
  std::string options;           // also those of each constructor
  bool has_own_options = false;  // a member called `options`: ray::actor<C>() serves then
  std::string access;            // what holds at the beginning of the body: "private" or "public"
  bool is_internal = false;
  bool is_registered_here = false;  // this file is the one that holds its records
  std::vector<Callable> constructors;
  std::vector<Callable> methods;
  SourcePlace place;
  SourcePlace body_begin;  // after `{`
  SourcePlace body_end;    // at `}`
};

struct Record {
  struct Field {
    std::string name;
    std::string type;  // canonical, for the version
    bool is_bit_field = false;
    std::vector<std::string> overlaid;  // the members of an anonymous union
    SourcePlace place;
  };
  std::optional<TemplateHead> head;
  std::string name;  // qualified: "::ns::Item", "::ns::Box<T>"
  // Of a class that no text outside of it can name (then "ray_T" is its name), or that others have
  // the name of: the type that marks it (frontend/record_marker.h).
  std::string marker;
  // For compilers other than ours: what declares it in the class, before its `}`, and the marker
  // that this makes, where it is another.
  std::string mark;
  SourcePlace mark_place;
  std::string written_marker;
  std::vector<std::string> bases;  // qualified
  SourcePlace place;
  bool is_union = false;     // travels as its bytes
  bool is_internal = false;  // other files may have another of that name
  // The bases, near and far, behind pointers to which it may stand: those with virtual functions.
  std::vector<std::string> polymorphic_bases;
  std::vector<Field> fields;      // those to be stored, in order
  bool can_be_exception = false;  // every field is certain to travel, and it may be derived from
  bool is_exception = false;      // such a one that derives from std::exception, or is thrown
};

struct UsingDeclaration {
  std::string name;         // qualified as written: "a::retrieve"
  std::string unqualified;  // "retrieve"
  Scope scope;              // that it stands in
  SourcePlace end;          // behind the name
};

// `f.remote(`, to become `f$remote(`.
struct CallSite {
  SourcePlace place;
  std::size_t length = 0;
  std::string text;
  bool is_doubtful = false;  // by its name, it may be one of a variable
};

struct TranslationUnit {
  std::vector<Callable> functions;  // in order of declaration
  std::vector<RemoteClass> classes;
  std::vector<Record> records;
  std::vector<std::string> class_versions;  // expressions for that of `ray_T`, 0 where it has none
  std::vector<UsingDeclaration> usings;
  std::vector<CallSite> sites;

  // The names of function templates, and of method templates of remote classes.
  std::set<std::string> function_templates;
  std::set<std::string> method_templates;
  // Names of remote functions that the user's variables in namespaces and classes have, too.
  std::set<std::string> variable_names;
  // The last name of the namespace that each alias at namespace scope stands for.
  std::map<std::string, std::string> namespace_aliases;
  bool is_module = false;  // part of a named one, which what its headers declare is not
};

}  // namespace ray::compiler
