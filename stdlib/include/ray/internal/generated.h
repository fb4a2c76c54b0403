// generated.h is what generated code leans on: the types its stubs are declared with, the registry
// record of each remote function, and the one call that each stub's body makes.
//
// An *identity* F describes one callable, an *overload set* S selects one of several
// (compiler/codegen/README.md shows whole ones):
//   using type = R(P...);                 parameters as declared
//   using object = C;                     constructors and methods: the class
//   static constexpr FunctionInfo info;
//   static call(args...)                  a method's takes C& first; a constructor's gives a
//                                         unique_ptr
//   static ...Options options();          the annotation's; its type tells the kind of callable
//   static default_argument(Index<I>);    for each parameter that has a default
//   static constexpr auto pointer = &f;   for ray::task(f); may be missing
//
// Encoded arguments are, for each parameter, a tag and then: for a value, its encoding; for a
// dependency, nothing (they are numbered in order); for a list of dependencies, how many.
//
// Threading: everything here may be called from any thread.
#pragma once

#include <ray/internal/configured_call.h>
#include <ray/internal/derived_type.h>
#include <ray/internal/identity.h>
#include <ray/internal/incoming_call.h>
#include <ray/internal/outgoing_call.h>
