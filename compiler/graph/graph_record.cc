#include "compiler/graph/graph_record.h"

#include <cstdint>

#include "compiler/graph/binary_sections.h"
#include "compiler/graph/graph_linker.h"
#include "compiler/graph/graph_parser.h"
#include "compiler/graph/graph_verifier.h"

namespace ray::compiler::graph {
namespace {

constexpr std::string_view kMagic = "RAYG";
constexpr std::uint32_t kRecordVersion = 1;
constexpr std::size_t kHeadSize = kMagic.size() + 2 * sizeof(std::uint32_t);

void append_number(std::uint32_t number, std::string& bytes) {
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 0xff);
}

std::uint32_t number_at(std::string_view bytes, std::size_t offset) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number |= std::uint32_t{static_cast<unsigned char>(bytes[offset + i])} << (8 * i);
  }
  return number;
}

// Gives what is wrong, or nothing.
std::string link_texts(const std::vector<std::string>& texts, TaskGraph& result) {
  std::vector<TaskGraph> graphs;
  for (const std::string& text : texts) {
    ParsedGraph parsed = parse_graph(text);
    std::vector<GraphError> errors = std::move(parsed.errors);
    if (errors.empty()) errors = verify_graph(parsed);
    if (!errors.empty()) return "a graph in it is damaged: " + errors.front().message;
    graphs.push_back(std::move(parsed.graph));
  }
  result = link_graphs(std::move(graphs));
  return "";
}

}  // namespace

std::string write_graph_record(std::string_view text) {
  std::string bytes(kMagic);
  append_number(kRecordVersion, bytes);
  append_number(static_cast<std::uint32_t>(text.size()), bytes);
  return bytes.append(text);
}

GraphRecords read_graph_records(std::string_view section) {
  GraphRecords result;
  const std::string name = "the section '" + std::string(kGraphSection) + "' ";
  for (;;) {
    const std::size_t begin = section.find_first_not_of('\0');
    if (begin == std::string_view::npos) return result;
    section.remove_prefix(begin);
    if (!section.starts_with(kMagic) || section.size() < kHeadSize) {
      result.error = name + "is damaged";
      return result;
    }
    const std::uint32_t version = number_at(section, kMagic.size());
    if (version != kRecordVersion) {
      result.error = name + "is of version " + std::to_string(version) +
                     "; this program reads version " + std::to_string(kRecordVersion);
      return result;
    }
    const std::uint32_t size = number_at(section, kMagic.size() + sizeof(std::uint32_t));
    section.remove_prefix(kHeadSize);
    if (size > section.size()) {
      result.error = name + "is cut off";
      return result;
    }
    result.texts.emplace_back(section.substr(0, size));
    section.remove_prefix(size);
  }
}

BinaryGraph read_binary_graph(const std::string& path) {
  BinaryGraph result;
  BinarySections sections = read_sections(path, kGraphSection);
  result.error = std::move(sections.error);
  std::vector<std::string> texts;
  for (const std::string& section : sections.contents) {
    GraphRecords records = read_graph_records(section);
    if (result.error.empty()) result.error = std::move(records.error);
    for (std::string& text : records.texts) texts.push_back(std::move(text));
  }
  if (result.error.empty()) result.error = link_texts(texts, result.graph);
  return result;
}

}  // namespace ray::compiler::graph
