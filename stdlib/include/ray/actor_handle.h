// ActorHandle<C> names an actor: an object of class C that lives in a process of its own, and whose
// calls run one after the other in the order in which one handle's holder makes them.
//
// A handle is one pointer wide and has no members with plain names but those of C's remote methods:
// use ray::kill(handle) and ray::task(handle, &C::method).remote(...).
//
// Ownership: copies share one counted reference; an actor that is not detached ends when no process
// holds one. Threading: as a shared_ptr.
#pragma once

#include <ray/internal/engine.h>
#include <ray/object_ref.h>

#include <compare>
#include <functional>
#include <utility>

namespace ray::inline v1 {

namespace internal {

// What the handle of a class inherits that ray-cc has not seen: no method proxies.
struct PlainHandle {
  ObjectCell* ray$cell;
};

// ray-cc puts into class C a public `union ray$methods { ObjectCell* ray$cell; <proxy> method; ...
// };` in a struct, each proxy derived from MethodProxy: all of them are the one pointer.
struct MethodProxy {
  ObjectCell* ray$cell;
};

template <class C>
struct HandleBase {
  using type = PlainHandle;
};
template <class C>
  requires requires { typename C::ray$methods; }
struct HandleBase<C> {
  using type = typename C::ray$methods;
};

}  // namespace internal

template <class C>
class ActorHandle : public internal::HandleBase<C>::type {
  using ray$base = typename internal::HandleBase<C>::type;

 public:
  using ray$class = C;

  ActorHandle() noexcept { this->ray$cell = nullptr; }  // names nothing
  explicit ActorHandle(internal::ObjectCell* ray$adopted) noexcept { this->ray$cell = ray$adopted; }
  ActorHandle(const ActorHandle& ray$other) noexcept : ray$base() {
    this->ray$cell = ray$other.ray$cell;
    internal::acquire(this->ray$cell);
  }
  ActorHandle(ActorHandle&& ray$other) noexcept {
    this->ray$cell = std::exchange(ray$other.ray$cell, nullptr);
  }
  ActorHandle& operator=(ActorHandle ray$other) noexcept {
    std::swap(this->ray$cell, ray$other.ray$cell);
    return *this;
  }
  ~ActorHandle() { internal::drop(this->ray$cell); }

  explicit operator bool() const noexcept { return this->ray$cell != nullptr; }

  friend bool operator==(const ActorHandle& a, const ActorHandle& b) {
    return a.ray$id() == b.ray$id();
  }
  friend auto operator<=>(const ActorHandle& a, const ActorHandle& b) {
    return a.ray$id() <=> b.ray$id();
  }

  ObjectId ray$id() const { return this->ray$cell == nullptr ? ObjectId{} : this->ray$cell->id; }
};

// The actor's id, the same in every process.
template <class C>
ObjectId actor_id(const ActorHandle<C>& handle) {
  return handle.ray$id();
}

}  // namespace ray::inline v1

template <class C>
struct std::hash<ray::ActorHandle<C>> {
  std::size_t operator()(const ray::ActorHandle<C>& handle) const noexcept {
    return std::hash<ray::ObjectId>()(handle.ray$id());
  }
};
