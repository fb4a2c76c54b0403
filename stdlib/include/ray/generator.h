// generator.h is a function that yields, from both sides: Generator<T>, the coroutine, and
// ObjectRefGenerator<T>, the stream of refs that a remote call of one gives.
//
//   [[ray::remote]] ray::Generator<std::string> lines(std::string path) { ... co_yield line; ... }
//
//   for (std::string& line : lines("a.log")) ...                     // here, as any coroutine
//   for (auto line : lines.remote("a.log")) use(ray::get(line));     // there, each once it is
//   yielded
//
// Threading: one thread at a time uses a generator, or a stream. Ownership: a generator owns its
// coroutine; a stream owns the items that were not taken from it, and ends the generator with it.
// Limits: option generator_backpressure (64) bounds the items that exist and were not taken.
#pragma once

#include <ray/internal/generated.h>
#include <ray/object_ref.h>
#include <ray/objects.h>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace ray::inline v1 {

// A coroutine that yields values of T, run by whoever asks for the next one. What it throws is
// thrown there. Parameters that are references must outlive it.
template <class T>
class [[nodiscard]] Generator {
  static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_array_v<T>,
                "a ray::Generator yields values [-Wray-not-serialisable]");

 public:
  class promise_type;
  class Iterator;
  using value_type = T;

  Generator() = default;  // yields nothing
  Generator(Generator&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  Generator& operator=(Generator other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~Generator() {
    if (coroutine_) coroutine_.destroy();
  }

  // Runs it to its first item. Once.
  Iterator begin() {
    if (coroutine_) coroutine_.resume();
    return Iterator(coroutine_);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  using Coroutine = std::coroutine_handle<promise_type>;
  explicit Generator(Coroutine coroutine) noexcept : coroutine_(coroutine) {}

  Coroutine coroutine_;
};

template <class T>
class Generator<T>::promise_type {
 public:
  Generator get_return_object() noexcept { return Generator(Coroutine::from_promise(*this)); }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  std::suspend_always final_suspend() const noexcept { return {}; }
  void return_void() const noexcept {}
  void unhandled_exception() const { throw; }

  std::suspend_always yield_value(T&& value) noexcept {
    current_ = std::addressof(value);
    return {};
  }
  // A variable of the coroutine's stays its own.
  auto yield_value(const T& value)
    requires std::copy_constructible<T>
  {
    struct Copy {
      T value;
      bool await_ready() const noexcept { return false; }
      void await_suspend(Coroutine coroutine) noexcept {
        coroutine.promise().current_ = std::addressof(value);
      }
      void await_resume() const noexcept {}
    };
    return Copy{value};
  }
  // A generator yields; to wait for refs is a ray::Task's, or ray::get's.
  template <class Awaited>
  void await_transform(Awaited&&) = delete;

  T& current() const noexcept { return *current_; }

 private:
  T* current_ = nullptr;
};

template <class T>
class Generator<T>::Iterator {
 public:
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = T;

  explicit Iterator(Coroutine coroutine) noexcept : coroutine_(coroutine) {}
  Iterator(Iterator&&) = default;
  Iterator& operator=(Iterator&&) = default;

  T& operator*() const noexcept { return coroutine_.promise().current(); }
  T* operator->() const noexcept { return std::addressof(**this); }
  Iterator& operator++() {
    coroutine_.resume();
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const Iterator& at, std::default_sentinel_t) noexcept {
    return !at.coroutine_ || at.coroutine_.done();
  }

 private:
  Coroutine coroutine_;
};

// The items of a generator that runs elsewhere, as refs, in order. Where the generator failed, the
// ref behind its last item throws its error, and is the last. Dropped before its end, it stops the
// generator at its next co_yield.
template <class T>
class [[nodiscard("a generator ends with its stream")]] ObjectRefGenerator {
 public:
  class Iterator;
  using value_type = ObjectRef<T>;

  ObjectRefGenerator() = default;  // has ended
  explicit ObjectRefGenerator(internal::CellPointer cell) noexcept : cell_(std::move(cell)) {}
  ObjectRefGenerator(ObjectRefGenerator&&) = default;
  ObjectRefGenerator& operator=(ObjectRefGenerator&& other) noexcept {
    std::swap(cell_, other.cell_);
    return *this;
  }
  ~ObjectRefGenerator() {
    if (cell_.get() != nullptr) cell_.get()->engine->close_stream(*cell_.get());
  }

  // The next item, as soon as it has been yielded; nothing at the end. Throws GetTimeoutError when
  // the time is over.
  std::optional<ObjectRef<T>> next(Timeout timeout = {}) {
    if (cell_.get() == nullptr) return std::nullopt;
    internal::CellPointer item(cell_.get()->engine->next_item(*cell_.get(), timeout.deadline()));
    if (item.get() == nullptr) return std::nullopt;
    return ObjectRef<T>(std::move(item));
  }

  // Waits for the next item.
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

  // The task's.
  ObjectId id() const { return cell_.get() == nullptr ? ObjectId{} : cell_.get()->id; }
  const internal::CellPointer& ray$cell() const noexcept { return cell_; }

 private:
  internal::CellPointer cell_;
};

template <class T>
class ObjectRefGenerator<T>::Iterator {
 public:
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = ObjectRef<T>;

  explicit Iterator(ObjectRefGenerator& stream) : stream_(&stream), item_(stream.next()) {}
  Iterator(Iterator&&) = default;
  Iterator& operator=(Iterator&&) = default;

  const ObjectRef<T>& operator*() const noexcept { return *item_; }
  const ObjectRef<T>* operator->() const noexcept { return &*item_; }
  Iterator& operator++() {
    item_ = stream_->next();
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const Iterator& at, std::default_sentinel_t) noexcept { return !at.item_; }

 private:
  ObjectRefGenerator* stream_;
  std::optional<ObjectRef<T>> item_;
};

// Cancels a generator that has not started: its stream has one ref, which throws
// TaskCancelledError. One that runs is ended only by `force`, which ends its worker; to stop it at
// its next co_yield, drop the stream.
template <class T>
void cancel(const ObjectRefGenerator<T>& stream, bool force = false) {
  internal::cancel(*stream.ray$cell(), force);
}

}  // namespace ray::inline v1
