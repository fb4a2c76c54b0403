#include "compiler/codegen/rewriter.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "compiler/codegen/class_writer.h"
#include "compiler/codegen/codec_writer.h"
#include "compiler/codegen/function_writer.h"
#include "compiler/codegen/overload_set.h"
#include "compiler/codegen/registry_writer.h"
#include "compiler/model/scoped_name.h"

namespace ray::compiler {
namespace {

// Warnings are about what the user wrote.
constexpr char kWarningsOff[] =
    "#pragma clang diagnostic push\n#pragma clang diagnostic ignored \"-Weverything\"\n";
constexpr char kWarningsOn[] = "#pragma clang diagnostic pop\n";

std::string without_warnings(const std::string& text) { return kWarningsOff + text + kWarningsOn; }

Edit generated(const SourcePlace& place, const SourcePlace& about, std::string text) {
  Edit edit;
  edit.offset = place.offset;
  edit.text = std::move(text);
  edit.is_generated = true;
  edit.resume = place;
  edit.about = about;
  return edit;
}

// What the stubs of each function hold, asked for in order of declaration.
class StubPlanner {
 public:
  explicit StubPlanner(const std::vector<Callable>& functions) {
    for (const Callable& function : functions)
      sets_[scoped_name(function.scope, function.name)].push_back(&function);
  }

  bool has_set(const std::string& key) const { return sets_.count(key) != 0; }

  StubParts plan(const Callable& function) {
    const std::string key = scoped_name(function.scope, function.name);
    const Overloads& set = sets_[key];
    StubParts parts;
    parts.opens_set = opened_.insert(key).second;
    const std::vector<ArgumentList> lists = argument_lists(set);
    for (std::size_t i = 0; i < lists.size(); ++i) {
      if (lists[i].callable == &function) parts.argument_lists.emplace_back(i, lists[i]);
    }
    if (function.head) plan_templates(function, key, parts);
    return parts;
  }

 private:
  void plan_templates(const Callable& function, const std::string& key, StubParts& parts) {
    const std::vector<TemplateParameter>& parameters = function.head->parameters;
    const bool has_pack = parameters.back().is_pack;
    bool has_only_types = true;
    std::string kinds = key + "<";
    for (std::size_t count = 1; count <= parameters.size(); ++count) {
      const TemplateParameter& parameter = parameters[count - 1];
      has_only_types = has_only_types && parameter.is_type;
      kinds += parameter.is_type ? "class," : parameter.without_default + ",";
      if (has_only_types) {
        parts.opens_chosen_set |= opened_.insert(key + "<>").second;
      } else if ((!has_pack || count == parameters.size()) && opened_.insert(kinds).second) {
        parts.opens_chosen.push_back(count);
      }
    }
  }

  std::map<std::string, Overloads> sets_;
  std::set<std::string> opened_;
};

// What stands behind the last line of the main file, piece by piece.
std::vector<Edit> end_of_file(const TranslationUnit& unit, const SourcePlace& end) {
  std::vector<Edit> result;
  for (const Record& record : unit.records) {
    TextWriter out;
    write_codec(record, out);
    result.push_back(generated(end, record.place, out.take()));
  }
  if (!unit.class_versions.empty()) {
    TextWriter out;
    write_class_versions(unit.class_versions, out);
    result.push_back(generated(end, end, out.take()));
  }
  for (const Callable& function : unit.functions) {
    TextWriter out;
    write_function(function, out);
    result.push_back(generated(end, function.place, out.take()));
  }
  for (const RemoteClass& actor : unit.classes) {
    TextWriter out;
    write_class(actor, out);
    result.push_back(generated(end, actor.place, out.take()));
  }
  TextWriter registry;
  write_registry(unit, registry);
  result.push_back(generated(end, end, registry.take()));
  // A module's own text cannot define what a header has declared, but for this.
  if (unit.is_module) {
    result.front().text.insert(0, "extern \"C++\" {\n");
    result.back().text += "}\n";
  }
  result.front().text.insert(0, kWarningsOff);
  result.back().text += kWarningsOn;
  return result;
}

// Where only blanks stand before an insertion on its line, it goes to the line's beginning.
std::size_t line_start(const std::string& text, std::size_t offset) {
  std::size_t start = offset;
  while (start > 0 && (text[start - 1] == ' ' || text[start - 1] == '\t')) --start;
  return start == 0 || text[start - 1] == '\n' ? start : offset;
}

std::size_t column(const std::string& text, std::size_t offset) {
  const std::size_t newline = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
  return newline == std::string::npos ? offset : offset - newline - 1;
}

}  // namespace

std::map<std::string, std::vector<Edit>> make_edits(const TranslationUnit& unit,
                                                    const std::optional<SourcePlace>& end) {
  std::map<std::string, std::vector<Edit>> edits;
  StubPlanner planner(unit.functions);
  for (const Callable& function : unit.functions) {
    edits[function.stub_place.path].push_back(
        generated(function.stub_place, function.place,
                  without_warnings(function_stubs(function, planner.plan(function)))));
  }
  for (const RemoteClass& actor : unit.classes) {
    edits[actor.body_begin.path].push_back(
        generated(actor.body_begin, actor.place, without_warnings(class_top(actor))));
    edits[actor.body_end.path].push_back(
        generated(actor.body_end, actor.place, without_warnings(class_bottom(actor))));
  }
  for (const UsingDeclaration& declaration : unit.usings) {
    std::string names = ", " + declaration.name + "$remote, " + declaration.name + "$sel";
    // A name that is annotated there as well has options of its own.
    if (!planner.has_set(scoped_name(declaration.scope, declaration.unqualified))) {
      names += ", " + declaration.name + "$options";
    }
    Edit edit;
    edit.offset = declaration.end.offset;
    edit.text = names;
    edits[declaration.end.path].push_back(std::move(edit));
  }
  for (const CallSite& site : unit.sites) {
    Edit edit;
    edit.offset = site.place.offset;
    edit.length = site.length;
    edit.text = site.text;
    edits[site.place.path].push_back(std::move(edit));
  }
  const bool is_empty = unit.records.empty() && unit.functions.empty() && unit.classes.empty();
  if (end && !is_empty) {
    for (Edit& edit : end_of_file(unit, *end)) edits[end->path].push_back(std::move(edit));
  }
  return edits;
}

std::map<std::string, std::vector<Edit>> make_marked_edits(TranslationUnit unit,
                                                           const std::optional<SourcePlace>& end) {
  for (Record& record : unit.records) {
    if (!record.written_marker.empty()) record.marker = record.written_marker;
  }
  std::map<std::string, std::vector<Edit>> edits = make_edits(unit, end);
  for (const Record& record : unit.records) {
    if (record.mark.empty()) continue;
    Edit edit;
    edit.offset = record.mark_place.offset;
    edit.text = record.mark;
    edits[record.mark_place.path].push_back(std::move(edit));
  }
  return edits;
}

RewrittenFile apply_edits(const std::string& path, const std::string& original,
                          std::vector<Edit> edits) {
  for (Edit& edit : edits) {
    if (edit.is_generated) edit.offset = line_start(original, edit.offset);
  }
  // In the order of the file; of insertions at one place, the first made comes first.
  std::vector<const Edit*> ordered;
  for (const Edit& edit : edits) ordered.push_back(&edit);
  std::sort(ordered.begin(), ordered.end(), [](const Edit* a, const Edit* b) {
    return std::tie(a->offset, a) < std::tie(b->offset, b);
  });
  RewrittenFile result;
  result.path = path;
  std::size_t at = 0;
  const auto add = [&](const std::string& text, std::size_t from, bool is_copy,
                       const std::string& from_path = "") {
    if (text.empty()) return;
    result.segments.push_back({result.text.size(), result.text.size() + text.size(), from, is_copy,
                               from_path == path ? "" : from_path});
    result.text += text;
  };
  for (const Edit* next : ordered) {
    const Edit& edit = *next;
    if (edit.offset < at) continue;
    add(original.substr(at, edit.offset - at), at, true);
    at = edit.offset + edit.length;
    if (!edit.is_generated) {
      add(edit.text, edit.offset, edit.text.size() == edit.length);
      continue;
    }
    const std::size_t indent = column(original, edit.offset);
    const std::string lead = result.text.empty() || result.text.back() == '\n' ? "" : "\n";
    add(lead + edit.text, edit.about.offset, false, edit.about.path);
    if (at >= original.size()) continue;
    const std::size_t next_word = original.find_first_not_of(" \t\r", at);
    if (indent > 0 && next_word != std::string::npos && original[next_word] == '\n') {
      // Nothing follows on the line: go on with the next one.
      SourcePlace next_line = edit.resume;
      ++next_line.line;
      add(line_directive(next_line) + "\n", edit.resume.offset, false);
      at = next_word + 1;
    } else {
      add(line_directive(edit.resume) + "\n" + std::string(indent, ' '), edit.resume.offset, false);
    }
  }
  add(original.substr(at), at, true);
  return result;
}

}  // namespace ray::compiler
