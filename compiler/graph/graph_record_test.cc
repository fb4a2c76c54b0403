#include "compiler/graph/graph_record.h"

#include <gtest/gtest.h>

#include "compiler/graph/binary_sections.h"

namespace ray::compiler::graph {
namespace {

TEST(GraphRecord, RecordsComeBackWhateverLiesBetween) {
  const std::string section = write_graph_record("one") + std::string(5, '\0') +
                              write_graph_record("") + write_graph_record("three") + '\0';
  const GraphRecords read = read_graph_records(section);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.texts, (std::vector<std::string>{"one", "", "three"}));
}

TEST(GraphRecord, WhatIsDamagedIsSaid) {
  const std::string record = write_graph_record("text");
  EXPECT_EQ(read_graph_records("RAY").error, "the section 'ray_graph' is damaged");
  EXPECT_EQ(read_graph_records(record.substr(0, 11)).error, "the section 'ray_graph' is damaged");
  EXPECT_EQ(read_graph_records(record.substr(0, 15)).error, "the section 'ray_graph' is cut off");
  std::string newer = record;
  newer[4] = 2;
  EXPECT_EQ(read_graph_records(newer).error,
            "the section 'ray_graph' is of version 2; this program reads version 1");
  std::string huge = record;
  huge[8] = huge[9] = huge[10] = huge[11] = '\xff';
  EXPECT_EQ(read_graph_records(huge).error, "the section 'ray_graph' is cut off");
}

TEST(GraphRecord, AFileThatIsNoneIsSaid) {
  EXPECT_NE(read_binary_graph("/nonexistent/file").error, "");
  EXPECT_FALSE(is_binary("graph 1\n"));
  EXPECT_TRUE(is_binary("\177ELF\2"));
}

}  // namespace
}  // namespace ray::compiler::graph
