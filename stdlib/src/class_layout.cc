#include <ray/error.h>
#include <ray/internal/class_layout.h>
#include <ray/internal/registry.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace ray::inline v1::internal {
namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + separator.size());
  }
  return parts;
}

std::string_view without_arguments(std::string_view name) { return name.substr(0, name.find('<')); }

std::string_view scope_of(std::string_view name) {
  const std::size_t end = without_arguments(name).rfind("::");
  return end == name.npos ? std::string_view() : name.substr(0, end);
}

// Calls `visit` with each name, qualified as written, in "const ns::Item &, std::vector<Box>".
template <class Visit>
void for_each_name(std::string_view text, Visit&& visit) {
  constexpr std::string_view kParts =
      ":_$0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  while (true) {
    const std::size_t begin = text.find_first_of(kParts);
    if (begin == text.npos) return;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_not_of(kParts), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(end);
  }
}

struct Type {
  std::string_view fields;
  std::string_view place;
};
using Types = std::multimap<std::string_view, Type>;  // several: its own files differ

Types parse(std::string_view layout) {
  Types types;
  for (const std::string_view line : split(layout, "\n")) {
    const std::vector<std::string_view> columns = split(line, "\t");
    if (columns.size() == 3) types.insert({columns[0], {columns[1], columns[2]}});
  }
  return types;
}

struct Field {
  std::string_view type;
  std::string_view name;
};
Field field_of(std::string_view text) {
  if (text.starts_with("base ")) return {text.substr(0, 4), text.substr(5)};
  const std::size_t space = text.rfind(' ');
  if (space == text.npos) return {{}, text};
  return {text.substr(0, space), text.substr(space + 1)};
}

std::string described(const Field& field) {
  if (field.type == "base") return "a base " + std::string(field.name);
  return "'" + std::string(field.type) + " " + std::string(field.name) + "'";
}

// The first field that is not in both as the same, at the same place.
std::string field_difference(std::string_view ours, std::string_view theirs) {
  const auto our_fields = split(ours, "; ");
  const auto their_fields = split(theirs, "; ");
  const std::size_t both = std::min(our_fields.size(), their_fields.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (our_fields[i] == their_fields[i]) continue;
    const Field our = field_of(our_fields[i]);
    const Field their = field_of(their_fields[i]);
    if (our.name == their.name && our.type != "base" && their.type != "base") {
      return "field '" + std::string(our.name) + "' is '" + std::string(our.type) + "' here and '" +
             std::string(their.type) + "' there";
    }
    return "field " + std::to_string(i + 1) + " is " + described(our) + " here and " +
           described(their) + " there";
  }
  if (our_fields.size() > both) return described(field_of(our_fields[both])) + " is only here";
  if (their_fields.size() > both) return described(field_of(their_fields[both])) + " is only there";
  return "its fields are written in another way";
}

}  // namespace

std::string class_of_constructor(std::string_view function) {
  return std::string(scope_of(function));
}

std::string class_of_type(std::string_view type) {
  constexpr std::string_view kAnonymous = "(anonymous namespace)::";
  std::string name(without_arguments(type));
  for (std::size_t at; (at = name.find(kAnonymous)) != name.npos;) {
    name.erase(at, kAnonymous.size());
  }
  return name;
}

std::string layout_of(std::string_view class_name) {
  struct Listed {
    std::string_view fields;
    std::string line;  // of the layout
  };
  std::multimap<std::string_view, Listed> types;  // a template has one for each specialisation
  std::vector<std::string_view> to_visit;
  for (const std::string_view line : registry_lines()) {
    const std::vector<std::string_view> columns = split(line, "\t");
    if (columns.size() < 5) continue;
    const std::string_view kind = columns[0];
    const std::string_view name = columns[1];
    const std::string_view text = columns[2];
    if (kind == "type") {
      types.insert({without_arguments(name),
                    {text, std::string(name) + '\t' + std::string(text) + '\t' +
                               std::string(columns[4]) + '\n'}});
    } else if (kind != "task" && without_arguments(scope_of(name)) == class_name) {
      to_visit.push_back(text);
    }
  }
  std::set<std::string> lines;
  while (!to_visit.empty()) {
    const std::string_view text = to_visit.back();
    to_visit.pop_back();
    for_each_name(text, [&](std::string_view name) {
      const auto [first, last] = types.equal_range(name);
      for (auto it = first; it != last; ++it) {
        if (lines.insert(it->second.line).second) to_visit.push_back(it->second.fields);
      }
    });
  }
  std::string layout;
  for (const std::string& line : lines) layout += line;
  return layout;
}

std::string difference(std::string_view ours, std::string_view theirs) {
  const Types our_types = parse(ours);
  const Types their_types = parse(theirs);
  for (const auto& [name, our] : our_types) {
    const auto [first, last] = their_types.equal_range(name);
    if (first == last) continue;
    const bool is_same = std::any_of(
        first, last, [&our](const auto& their) { return their.second.fields == our.fields; });
    if (is_same) continue;
    return "'" + std::string(name) + "' is not the same type in both programs: " +
           field_difference(our.fields, first->second.fields) + " (declared at " +
           std::string(our.place) + " here, at " + std::string(first->second.place) + " there)";
  }
  return "";
}

void require_same_class(std::string_view actor_name, const FoundActor& found,
                        std::string_view class_name) {
  const std::string its_class = class_of_constructor(found.constructor);
  const std::string actor = "the actor \"" + std::string(actor_name) + "\"";
  if (its_class != class_name) {
    throw_invalid_argument(actor + " is a " + its_class + ", not a " + std::string(class_name));
  }
  if (found.layout.empty()) return;
  const std::string reason = difference(layout_of(class_name), found.layout);
  if (reason.empty()) return;
  throw_error(ErrorKind::error, actor +
                                    " was created by a program that cannot share it with this "
                                    "one: " +
                                    reason + "; compile both from the same headers");
}

}  // namespace ray::inline v1::internal
