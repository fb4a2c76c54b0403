// class_layout.h tells whether two programs that share an actor mean the same by the types that its
// methods take and give: each was compiled by itself, and only one may have seen the last change.
//
// A *layout* is text, a line for each type: "name\tfields\tplace", sorted; fields are as in
// compiler/model/registry_line.h. Threading: any thread.
#pragma once

#include <ray/internal/engine.h>

#include <string>
#include <string_view>

namespace ray::inline v1::internal {

// "ns::Tracker", as generated code and messages name a class: no arguments of a template.
std::string class_of_constructor(std::string_view function);  // "ns::Tracker::Tracker"
std::string class_of_type(std::string_view type);             // "ns::Tracker", "ns::Box<int>"

// The types that can be reached from the constructors and methods of that class, as this program
// knows them; of a template, those of all its instances.
std::string layout_of(std::string_view class_name);

// What differs first in a type that both know, as a message names it; "" where nothing does.
std::string difference(std::string_view ours, std::string_view theirs);

// Throws std::invalid_argument where the actor of that name is of another class, and ray::Error
// where its program knows other fields of what the class's methods take or give.
void require_same_class(std::string_view actor_name, const FoundActor& found,
                        std::string_view class_name);

}  // namespace ray::inline v1::internal
