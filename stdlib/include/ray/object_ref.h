// ObjectRef<T> names a value of type T that exists, or will exist, somewhere in the cluster.
//
// Ownership: copies share one counted reference; the owner frees the value when no process holds
// one and no pending call needs it. Threading: as a shared_ptr; distinct copies may be used at
// once. Lifetime: may outlive ray::shutdown(), after which get() throws.
#pragma once

#include <ray/internal/engine.h>

#include <compare>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace ray::inline v1 {

using internal::ObjectId;

// 40 hexadecimal digits.
std::string to_string(const ObjectId& id);

template <class T>
class ObjectRef;

// Waits for the value and decodes it; see get.h for all forms.
template <class T>
T get(const ObjectRef<T>& ref);

namespace internal {

// What ObjectRef and ActorHandle share: one counted pointer to a cell.
class CellPointer {
 public:
  CellPointer() = default;
  explicit CellPointer(ObjectCell* adopted) noexcept : cell_(adopted) {}
  CellPointer(const CellPointer& other) noexcept : cell_(other.cell_) { acquire(cell_); }
  CellPointer(CellPointer&& other) noexcept : cell_(std::exchange(other.cell_, nullptr)) {}
  CellPointer& operator=(CellPointer other) noexcept {
    std::swap(cell_, other.cell_);
    return *this;
  }
  ~CellPointer() { drop(cell_); }

  ObjectCell* get() const noexcept { return cell_; }
  // Throws ray::Error, a std::invalid_argument, for an empty one.
  ObjectCell& operator*() const {
    if (cell_ == nullptr) throw_empty_ref();
    return *cell_;
  }

 private:
  [[noreturn]] static void throw_empty_ref();

  ObjectCell* cell_ = nullptr;
};

}  // namespace internal

template <class T>
class ObjectRef {
 public:
  using value_type = T;

  ObjectRef() = default;  // names nothing
  explicit ObjectRef(internal::CellPointer cell) noexcept : cell_(std::move(cell)) {}

  // The same for all refs to one value, in every process.
  ObjectId id() const { return cell_.get() == nullptr ? ObjectId{} : cell_.get()->id; }
  T get() const { return ray::get(*this); }
  explicit operator bool() const noexcept { return cell_.get() != nullptr; }

  friend bool operator==(const ObjectRef& a, const ObjectRef& b) { return a.id() == b.id(); }
  friend auto operator<=>(const ObjectRef& a, const ObjectRef& b) { return a.id() <=> b.id(); }

  const internal::CellPointer& ray$cell() const noexcept { return cell_; }

  // `co_await ref` gives the value, and throws what get() throws. A ray::Task (ray/async.h) goes on
  // on its own thread; a coroutine of another kind on a thread of the engine's, or at once.
  auto operator co_await() const {
    struct Awaiter {
      ObjectRef ref;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> coroutine) {
        internal::ObjectCell& cell = *ref.cell_;
        cell.engine->when_ready(cell, [coroutine, held = ref] { coroutine.resume(); });
      }
      T await_resume() const { return ray::get(ref); }
    };
    return Awaiter{*this};
  }

 private:
  internal::CellPointer cell_;
};

}  // namespace ray::inline v1

template <>
struct std::hash<ray::ObjectId> {
  std::size_t operator()(const ray::ObjectId& id) const noexcept {
    return (id.sequence * 0x9e3779b97f4a7c15u) ^ (id.owner * 0xff51afd7ed558ccdu);
  }
};
template <class T>
struct std::hash<ray::ObjectRef<T>> {
  std::size_t operator()(const ray::ObjectRef<T>& ref) const noexcept {
    return std::hash<ray::ObjectId>()(ref.id());
  }
};
