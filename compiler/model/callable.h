// Callable is what sema tells codegen about one annotated function, static member, constructor or
// method: everything that its stubs and its identity are written from, as text.
//
// Limits: pure data; no clang header is included here or by anything that reads it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ray::compiler {

// A place in a file that the user wrote: bytes from its beginning, and the file and line that
// messages and debuggers are to show for it.
struct SourcePlace {
  std::string path;  // as opened
  std::size_t offset = 0;
  std::string shown_file;
  unsigned line = 0;
};

struct Parameter {
  std::string name;         // "ray_0" where the user gave none
  std::string type;         // as written, without the name: "const std::string&"
  std::string declaration;  // as written, with the name, without the default
  std::optional<std::string> default_argument;
  std::optional<std::string> referenced;  // T, where the parameter is declared an ObjectRef<T>
  bool is_pack = false;
  bool is_scalar = false;  // braces would be of no use
};

struct TemplateParameter {
  std::string declaration;      // "int N = 2"
  std::string without_default;  // "int N", "std::integral T"
  std::string constraint;       // "std::integral" of `std::integral T`
  std::string unconstrained;    // "int N", "class T"
  std::string argument;         // "N", "Rest..."
  bool is_type = true;          // no value, no template
  bool is_pack = false;
  bool is_invented = false;  // for the `auto` of a parameter

  bool operator==(const TemplateParameter&) const = default;
};

// The head of a function or class template.
struct TemplateHead {
  std::vector<TemplateParameter> parameters;
  std::string constraint;  // "requires C<T>"

  bool operator==(const TemplateHead&) const = default;
};

// The namespaces and classes around a declaration, from the outermost in.
struct Scope {
  struct Level {
    enum class Kind { named_namespace, inline_namespace, anonymous_namespace, record };
    Kind kind = Kind::named_namespace;
    std::string name;  // of a record with its template arguments: "Box<T>"
    std::optional<TemplateHead> head;
  };
  std::vector<Level> levels;
};

struct Callable {
  enum class Kind { function, static_member, constructor, method };

  Kind kind = Kind::function;
  Scope scope;
  std::string name;
  std::string qualified_name;  // for people: "ns::retrieve"
  std::string hash;            // tells the overloads of a name apart
  std::optional<TemplateHead> head;
  std::vector<Parameter> parameters;
  std::string requirement;  // " requires C<T>", behind the parameters
  std::string result;       // as written; empty where it has to be deduced from the function
  std::string signature;    // for people: "Item (int)"
  // Without const and references, the same in every file: of each ref that a call gives
  // ("ns::Item"), none where that names nothing; and of each parameter. Not of templates.
  std::vector<std::string> result_types;
  std::vector<std::string> parameter_types;
  std::string options;            // initialiser: "{.num_cpus = 0.5}"
  std::string num_returns = "1";  // a constant expression
  bool is_async = false;  // returns a ray::Task; of a constructor: some method of its class does
  bool is_const = false;
  std::string qualifiers;    // of a method, as they stand behind its parameters: " const &"
  bool has_pointer = true;   // false for a method of a virtual base: no pointer to it converts
  bool is_internal = false;  // each file has its own
  // Its stubs are internal too, if any overload beside it is: one set holds them all.
  bool has_internal_stubs = false;
  bool is_extern_c = false;
  bool has_body = false;       // in any file that has been read
  bool has_body_here = false;  // in the main file
  SourcePlace place;           // of the name
  SourcePlace stub_place;      // where the stubs go
};

}  // namespace ray::compiler
