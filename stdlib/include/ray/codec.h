// codec.h is how values become bytes: one description of a type, from which it is sized, encoded
// and decoded.
//
// The codec of T is the first of: built in (arithmetic, enum, std types, ObjectRef, ActorHandle,
// protobuf messages); a `ray::codec<T>` that the user wrote; the type's own cereal functions
// (`serialize`, `save` and `load`, `save_minimal` and `load_minimal`, members or found by ADL); its
// fields, listed by `ray::access::fields<T>`, which ray-cc generates. It depends on T alone.
//
// A type that is decoded needs a default constructor, which may be private, or is an aggregate.
// Contiguous arithmetic data is copied once on the way in. Pointers are followed by unique_ptr and
// shared_ptr only; two shared_ptrs to one object within one value stay two to one object.
//
// Errors: bytes that are no encoding of T throw ray::Error, whatever they hold; a throw by the
// type's own functions passes through. Threading: values are only read by encoding.
#pragma once

#include <ray/access.h>
#include <ray/internal/codec_check.h>
#include <ray/internal/codec_class.h>
#include <ray/internal/codec_pointer.h>
#include <ray/internal/codec_std.h>
#include <ray/internal/codec_view.h>
