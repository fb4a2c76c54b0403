// CallableText spells the pieces that stubs and identities share: names, parameter lists, scopes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "compiler/codegen/text_writer.h"
#include "compiler/model/callable.h"

namespace ray::compiler {

// Everything of the library that generated code names.
inline constexpr std::string_view kInternal = "::ray::internal::";

std::string internal(std::string_view name);  // "::ray::internal::submit"

std::string set_name(const Callable& callable);       // "f$set"
std::string identity_name(const Callable& callable);  // "f$0d2c"
std::string identity_type(const Callable& callable);  // "f$0d2c<T>" for templates
// Without constraints: none but the selected overload's is named.
std::string declared_identity(const Callable& callable);  // "template <class T> struct f$0d2c;"

std::string argument_list(const TemplateHead& head);  // "T, N, Rest..."

enum class HeadStyle {
  declaration,    // "template <C T> requires D<T>"
  with_defaults,  // "template <C T = int> requires D<T>"
  unconstrained,  // "template <class T>"
};
// With `extra` behind the user's parameters.
std::string head_text(const TemplateHead& head, HeadStyle style, std::string_view extra = "");

enum class ParameterStyle {
  declaration,    // "int x"
  with_defaults,  // "int x = 1"
  selection,      // the same with T&& for ObjectRef<T>
  types,          // "int"
};
std::string parameter_list(const Callable& callable, ParameterStyle style);
// The types of the first `count` parameters.
std::string parameter_types(const Callable& callable, std::size_t count);
// "static_cast<decltype(x)&&>(x), ..."
std::string forwarded_parameters(const Callable& callable);

// What the function returns, as a type; `object` is a method's class, where not its name says it.
std::string result_type(const Callable& callable, std::string_view object = "");
// What a remote call returns: "::ray::internal::result_t<int, 1>".
std::string remote_result(const Callable& callable, std::string_view object = "");
// A method as it stands behind an object and a dot: "m", "template m<T>".
std::string member(const Callable& callable);
// The function as an expression: "::ns::f<T>", "C::f".
std::string callee(const Callable& callable);

// The namespaces of `scope`, opened and closed around what is written at the end of the file.
// `is_internal` adds an anonymous one where the scope has none.
class ScopeText {
 public:
  explicit ScopeText(const Scope& scope, bool is_internal = false);

  void open(TextWriter& out) const;
  void close(TextWriter& out) const;
  // "Outer::Box<T>::", and the template heads that go in front of such a definition.
  const std::string& record_prefix() const { return record_prefix_; }
  const std::string& record_heads() const { return record_heads_; }

 private:
  std::string opening_;
  std::string closing_;
  std::string record_prefix_;
  std::string record_heads_;
};
bool is_in_record(const Scope& scope);
// The innermost class, as it is called inside of itself, where unnamed parameters have no names.
std::string class_name(const Scope& scope);
// A static function's stubs go into an anonymous namespace: each file has its own.
bool needs_anonymous_namespace(const Callable& callable);

}  // namespace ray::compiler
