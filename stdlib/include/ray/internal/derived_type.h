// derived_type.h lists a class that may stand behind pointers to its bases.
#pragma once

#include <ray/codec.h>
#include <ray/internal/codec_pointer.h>

#include <type_traits>
#include <typeinfo>

namespace ray::inline v1::internal {

// A class that cannot travel, or could not be made again where it arrives, is left out, and so is
// a base that it has twice.
template <class D, class B>
void list_derived() {
  if constexpr (can_travel<D> && access::can_make<D> && std::is_convertible_v<D*, B*>) {
    add_derived_type({.type = &typeid(D),
                      .base = &type_tag<B>,
                      .key = hash_text(type_name<D>()) | 1,
                      .size = &Behind<D, B>::template write<Sizer>,
                      .encode = &Behind<D, B>::template write<Encoder>,
                      .make = &Behind<D, B>::make,
                      .read = &Behind<D, B>::read,
                      .make_shared = &Behind<D, B>::make_shared,
                      .as_base = &Behind<D, B>::as_base});
  }
}

// Instantiate it explicitly, once per program or more often.
template <class D, class... B>
struct RegisterDerived {
  static const bool added;
};
template <class D, class... B>
const bool RegisterDerived<D, B...>::added = (list_derived<D, B>(), ..., true);

}  // namespace ray::inline v1::internal
