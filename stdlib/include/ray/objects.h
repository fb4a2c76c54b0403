// objects.h is put, get, view, wait and cancel: what is done with the values that refs name.
//
// Threading: any thread may call anything here. A task or actor that waits here gives its CPU back
// meanwhile. Errors: get and view throw what the task threw (ray/error.h), and GetTimeoutError once
// the timeout has passed; a ref that names nothing is a std::invalid_argument.
#pragma once

#include <ray/codec.h>
#include <ray/internal/engine.h>
#include <ray/internal/generated.h>
#include <ray/object_ref.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace ray::inline v1 {

// How long to wait: any duration of std::chrono, or nothing: for ever. Negative ones are zero.
class Timeout {
 public:
  Timeout() = default;
  template <class Rep, class Period>
  Timeout(std::chrono::duration<Rep, Period> duration)  // NOLINT: users write `.timeout = 7s`
      : seconds_(std::chrono::duration<double>(duration).count()), limited_(true) {}

  // The end of the time, counted from now.
  internal::Deadline deadline() const;

 private:
  double seconds_ = 0;
  bool limited_ = false;
};

namespace internal {

// What get gives of a T in a vector or a tuple.
template <class T>
using element_t = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

// What put stores of a V.
template <class V>
using stored_t = std::conditional_t<std::is_convertible_v<std::decay_t<V>, const char*>,
                                    std::string, std::decay_t<V>>;

// The value, or throws the error that stands in its place.
Value get_value(const CellPointer& cell, const Deadline& deadline);
// Waits until all are complete or the deadline has passed.
void wait_for_all(Cells cells, const Deadline& deadline);

template <class T>
element_t<T> get_element(const ObjectRef<T>& ref, const Deadline& deadline) {
  Value value = get_value(ref.ray$cell(), deadline);
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return decode_value<T>(value);
  }
}

template <class T>
std::vector<ObjectCell*> cells_of(const std::vector<ObjectRef<T>>& refs) {
  std::vector<ObjectCell*> cells;
  cells.reserve(refs.size());
  for (const ObjectRef<T>& ref : refs) cells.push_back(&*ref.ray$cell());
  return cells;
}

}  // namespace internal

namespace internal {

template <class T>
CellPointer put_value(const T& value) {
  Engine& engine = internal::engine();
  Sizer sizer;
  write<T>(sizer, value);
  OutgoingBuffer buffer(engine, sizer.size());
  Encoder encoder(buffer.memory());
  write<T>(encoder, value);
  encoder.finish();
  return CellPointer(buffer.is_large() ? engine.put(buffer.hand_over(), sizer.nested())
                                       : engine.put(buffer.memory(), sizer.nested()));
}

}  // namespace internal

// Stores a value. A string literal is stored as a std::string. Throws ObjectStoreFullError.
template <class V>
ObjectRef<internal::stored_t<V>> put(const V& value) {
  using T = internal::stored_t<V>;
  if constexpr (internal::can_travel<T>) {
    return ObjectRef<T>(internal::put_value<T>(internal::hold<T>(value)));
  } else {
    internal::Refusal<T>::raise();
  }
}

// Waits for the value; a copy of it, decoded anew by each call.
template <class T>
T get(const ObjectRef<T>& ref, Timeout timeout) {
  internal::Value value = internal::get_value(ref.ray$cell(), timeout.deadline());
  return internal::decode_value<T>(value);
}
template <class T>
T get(const ObjectRef<T>& ref) {
  return ray::get(ref, Timeout());
}

// All of them, in order. Throws the error of the first one that failed.
template <class T>
std::vector<internal::element_t<T>> get(const std::vector<ObjectRef<T>>& refs,
                                        Timeout timeout = {}) {
  internal::Deadline deadline = timeout.deadline();
  internal::wait_for_all(internal::cells_of(refs), deadline);
  std::vector<internal::element_t<T>> values;
  values.reserve(refs.size());
  for (const ObjectRef<T>& ref : refs) values.push_back(internal::get_element(ref, deadline));
  return values;
}

template <class A, class B, class... More>
std::tuple<internal::element_t<A>, internal::element_t<B>, internal::element_t<More>...> get(
    const ObjectRef<A>& a, const ObjectRef<B>& b, const ObjectRef<More>&... more) {
  return {internal::get_element(a, {}), internal::get_element(b, {}),
          internal::get_element(more, {})...};
}

namespace internal {

// What shows a stored T in place.
template <class T>
struct ViewOf;
template <class C, class Traits, class Allocator>
struct ViewOf<std::basic_string<C, Traits, Allocator>> {
  using type = std::basic_string_view<C, Traits>;
};
template <raw_value E, class Allocator>
struct ViewOf<std::vector<E, Allocator>> {
  using type = std::span<const E>;
};
template <raw_value E, std::size_t N>
struct ViewOf<std::array<E, N>> {
  using type = std::span<const E, N>;
};
template <eigen_matrix T>
struct ViewOf<T> {
  using type = map_of<T>;
};
template <class T>
concept can_be_viewed = requires { typename ViewOf<T>::type; };

}  // namespace internal

// View<T> is a stored value as it lies in the store, read-only and without a copy: a span of a
// vector's or an array's elements, a string_view of a string, a Map of an Eigen matrix. It holds
// the value for as long as it, or a copy of it, lives.
template <class T>
class View {
 public:
  static_assert(internal::can_be_viewed<T>,
                "only strings, Eigen matrices, and vectors and arrays of numbers can be "
                "read in place: use get() [-Wray-wrong-argument]");
  using view_type = typename internal::ViewOf<T>::type;

  View(ObjectRef<T> ref, internal::Value value)
      : ref_(std::move(ref)),
        value_(std::move(value)),
        decoder_(std::make_shared<internal::Decoder>(value_.bytes, value_.nested)),
        view_(internal::ViewStorage<view_type>().read(*decoder_)) {
    decoder_->finish();
  }

  view_type get() const { return view_; }
  operator view_type() const { return view_; }  // NOLINT: a view is what it shows
  const view_type& operator*() const { return view_; }
  const view_type* operator->() const { return &view_; }

  auto begin() const { return view_.begin(); }
  auto end() const { return view_.end(); }
  auto data() const { return view_.data(); }
  std::size_t size() const { return view_.size(); }
  bool empty() const { return view_.empty(); }
  const auto& operator[](std::size_t i) const { return view_[i]; }

 private:
  ObjectRef<T> ref_;
  internal::Value value_;
  std::shared_ptr<internal::Decoder> decoder_;  // keeps copies made for alignment
  view_type view_;
};

// Waits for the value, and pins it.
template <class T>
View<T> view(const ObjectRef<T>& ref, Timeout timeout = {}) {
  return View<T>(ref, internal::get_value(ref.ray$cell(), timeout.deadline()));
}

struct WaitOptions {
  std::size_t num_returns = 1;
  Timeout timeout = {};
  bool fetch_local = true;  // also bring the values to this node
};

// `ready` has at most num_returns refs, complete with a value or an error, in the order in which
// they were given; `rest` has all others.
template <class T>
struct WaitResult {
  std::vector<ObjectRef<T>> ready;
  std::vector<ObjectRef<T>> rest;
};

namespace internal {
// Which of the cells to give as ready.
std::vector<bool> wait_for_some(Cells cells, const WaitOptions& options);
}  // namespace internal

// Waits until num_returns refs are complete or the timeout has passed. Throws ray::Error (a
// std::invalid_argument) if there are fewer refs than that.
template <class T>
WaitResult<T> wait(const std::vector<ObjectRef<T>>& refs, const WaitOptions& options = {}) {
  std::vector<bool> ready = internal::wait_for_some(internal::cells_of(refs), options);
  WaitResult<T> result;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    (ready[i] ? result.ready : result.rest).push_back(refs[i]);
  }
  return result;
}

namespace internal {
void cancel(ObjectCell& result, bool force);
}

// Cancels the task that makes this value: one that has not started ends with TaskCancelledError;
// one that runs is ended only by `force`, which ends its worker. Does nothing to a finished one.
template <class T>
void cancel(const ObjectRef<T>& ref, bool force = false) {
  internal::cancel(*ref.ray$cell(), force);
}

}  // namespace ray::inline v1
