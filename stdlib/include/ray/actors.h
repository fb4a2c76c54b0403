// actors.h finds and ends actors.
//
// Threading: any thread. Errors: ray::Error; an empty handle is a std::invalid_argument.
#pragma once

#include <ray/actor_handle.h>
#include <ray/internal/codec_core.h>
#include <ray/internal/engine.h>

#include <optional>
#include <string_view>

namespace ray::inline v1 {

namespace internal {
// Null where there is none of that name; throws where it is of another class, or was compiled with
// other fields of what its methods take or give.
ObjectCell* find_actor(std::string_view name, std::string_view name_space, std::string_view type);
void kill(ObjectCell* actor, bool no_restart);
}  // namespace internal

// The actor of that name; in this program's namespace where none is given. Another program may have
// created it: throws std::invalid_argument where it is no C, and ray::Error where that program was
// compiled with other fields of a type that C's methods take or give, naming the type and the
// field.
template <class C>
std::optional<ActorHandle<C>> get_actor(std::string_view name, std::string_view name_space = {}) {
  internal::ObjectCell* cell = internal::find_actor(name, name_space, internal::type_name<C>());
  if (cell == nullptr) return std::nullopt;
  return ActorHandle<C>(cell);
}

// Ends an actor at once. Its calls, running or queued, fail with ActorDiedError. Otherwise, with
// `no_restart` false, it is as if it had crashed.
template <class C>
void kill(const ActorHandle<C>& handle, bool no_restart = true) {
  internal::kill(handle.ray$cell, no_restart);
}

}  // namespace ray::inline v1
