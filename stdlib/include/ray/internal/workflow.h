// workflow.h is what a workflow file becomes (docs/workflows.md): calls of functions that are known
// by what the registry of their object file says, arguments from the command line, printed values.
//
// Types that the workflow has no definition of are only declared: nothing here looks into them.
//
// Threading: a WorkflowRun is for the thread that runs it; the rest for any.
#pragma once

#include <ray/ray.h>

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ray::inline v1::internal {

// The record that `info` makes the key of. Throws ray::Error where the program holds none.
FunctionRecord& linked_record(const FunctionInfo& info);

template <std::size_t N, class Type>
struct LinkedTask {
  FunctionInfo info;

  template <class... A>
  auto remote(A&&... arguments) const {
    Prepared call(linked_record(info), static_cast<const TaskOptions*>(nullptr));
    return Caller<Type>::template submit<N>(engine(), call.submission(),
                                            std::forward<A>(arguments)...);
  }
};

template <class C, std::size_t N, class Type>
struct LinkedMethod {
  FunctionInfo info;

  template <class... A>
  auto remote(const ActorHandle<C>& actor, A&&... arguments) const {
    Prepared call(linked_record(info), static_cast<const MethodOptions*>(nullptr), actor.ray$cell);
    return Caller<Type>::template submit<N>(*actor.ray$cell->engine, call.submission(),
                                            std::forward<A>(arguments)...);
  }
};

template <class C, class Type>
struct LinkedActor {
  FunctionInfo info;

  template <class... A>
  ActorHandle<C> remote(A&&... arguments) const {
    Prepared call(linked_record(info), static_cast<const ActorOptions*>(nullptr));
    return Caller<Type>::template create<C>(engine(), call.submission(),
                                            std::forward<A>(arguments)...);
  }
};

// Each of `items` is an R or a std::vector of them.
template <class R, class... Items>
std::vector<R> list_of(const Items&... items) {
  std::vector<R> all;
  const auto add = [&all](const auto& item) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(item)>, R>) {
      all.push_back(item);
    } else {
      all.insert(all.end(), item.begin(), item.end());
    }
  };
  (add(items), ...);
  return all;
}

// Waits for the end of the task, and throws what it threw.
template <class T>
void await(const ObjectRef<T>& ref) {
  get_value(ref.ray$cell(), {});
}
template <class T>
void cancel_each(const ObjectRef<T>& ref) {
  ray::cancel(ref);
}
template <class C>
void kill_each(const ActorHandle<C>& actor) {
  ray::kill(actor);
}

// Text for people: strings as they are, but in quotes where they are inside something.
void append_text(std::string& out, std::string_view text, bool is_inside);

template <class T>
void append_shown(std::string& out, const T& value, bool is_inside);

template <class... T>
void append_members(std::string& out, const T&... members) {
  out += '(';
  const char* separator = "";
  ((out += separator, append_shown(out, members, true), separator = ", "), ...);
  out += ')';
}

template <class T>
concept is_keyed = requires { typename T::mapped_type; };

template <class Range>
void append_range(std::string& out, const Range& range) {
  out += is_keyed<Range> ? '{' : '[';
  const char* separator = "";
  for (const auto& element : range) {
    out += std::exchange(separator, ", ");
    if constexpr (is_keyed<Range>) {
      append_shown(out, element.first, true);
      out += ": ";
      append_shown(out, element.second, true);
    } else {
      append_shown(out, static_cast<const typename Range::value_type&>(element), true);
    }
  }
  out += is_keyed<Range> ? '}' : ']';
}

template <class T>
void append_number(std::string& out, T number) {
  std::array<char, 64> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

template <class T>
void append_shown(std::string& out, const T& value, bool is_inside) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    append_text(out, std::string_view(&value, 1), is_inside);
  } else if constexpr (std::is_arithmetic_v<T>) {
    append_number(out, value);
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    append_text(out, value, is_inside);
  } else if constexpr (requires { value.has_value(); }) {
    if (value) {
      append_shown(out, *value, is_inside);
    } else {
      out += "none";
    }
  } else if constexpr (requires { value.begin(); }) {
    append_range(out, value);
  } else {
    std::apply([&out](const auto&... members) { append_members(out, members...); }, value);
  }
}

// Writes a line to standard output.
void print_line(std::string text);

template <class T>
void print(const ObjectRef<T>& ref) {
  std::string text;
  append_shown(text, ray::get(ref), false);
  print_line(std::move(text));
}

// The same for all that a loop has made.
template <class T>
void await(const std::vector<ObjectRef<T>>& refs) {
  for (const ObjectRef<T>& ref : refs) internal::await(ref);
}
template <class T>
void cancel_each(const std::vector<ObjectRef<T>>& refs) {
  for (const ObjectRef<T>& ref : refs) internal::cancel_each(ref);
}
template <class C>
void kill_each(const std::vector<ActorHandle<C>>& actors) {
  for (const ActorHandle<C>& actor : actors) internal::kill_each(actor);
}
template <class T>
void print(const std::vector<ObjectRef<T>>& refs) {
  for (const ObjectRef<T>& ref : refs) internal::print(ref);
}

// How a workflow is called.
struct WorkflowCommand {
  int argc = 0;
  char** argv = nullptr;
  std::vector<std::string> parameters;  // names
  bool takes_rest = false;              // the last stands for any number of arguments
};

class WorkflowRun {
 public:
  explicit WorkflowRun(const WorkflowCommand& command) : command_(command) {}

  // Parameter `index`, stored. Throws ray::Error where it is not spelled as a T.
  template <class T>
  ObjectRef<T> argument(std::size_t index) const {
    if constexpr (requires { typename T::value_type; } && !std::is_same_v<T, std::string>) {
      T rest;
      for (std::size_t i = index; i < argument_count(); ++i) {
        rest.push_back(read_argument<typename T::value_type>(index, i));
      }
      return ray::put(rest);
    } else {
      return ray::put(read_argument<T>(index, index));
    }
  }

  // Its end is awaited by finish().
  template <class T>
  void finish_later(const ObjectRef<T>& ref) {
    unfinished_.push_back(ref.ray$cell());
  }
  template <class... T>
  void finish_later(const std::tuple<ObjectRef<T>...>& refs) {
    finish_later(std::get<0>(refs));
  }
  // Throws the first error.
  void finish();

 private:
  std::size_t argument_count() const;
  std::string_view spelled(std::size_t position) const;
  [[noreturn]] void refuse(std::size_t parameter, std::size_t position, const char* wanted) const;

  template <class T>
  T read_argument(std::size_t parameter, std::size_t position) const {
    const std::string_view text = spelled(position);
    if constexpr (std::is_same_v<T, std::string>) {
      return std::string(text);
    } else if constexpr (std::is_same_v<T, bool>) {
      if (text != "true" && text != "false") refuse(parameter, position, "true or false");
      return text == "true";
    } else {
      T number{};
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size()) {
        refuse(parameter, position, std::integral<T> ? "a whole number" : "a number");
      }
      return number;
    }
  }

  const WorkflowCommand& command_;
  std::vector<CellPointer> unfinished_;
};

// What main does: the exit status; 1 after an error, which is printed, 2 for a wrong command line.
int run_workflow(const WorkflowCommand& command, int (*flow)(WorkflowRun&));

}  // namespace ray::inline v1::internal
