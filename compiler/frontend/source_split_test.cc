#include "compiler/frontend/source_split.h"

#include <gtest/gtest.h>

#include <string>

namespace ray::compiler {
namespace {

std::string head(const std::string& text) { return text.substr(0, split_source(text).head_size); }

TEST(SourceSplitTest, CutsBehindTheLastLeadingInclude) {
  EXPECT_EQ(head("#include <a>\n#include \"b\"\nint x;\n"), "#include <a>\n#include \"b\"\n");
}

TEST(SourceSplitTest, CommentsAndOtherDirectivesMayStandBetween) {
  const std::string text =
      "// licence\n#include <a>\n#define N 1\n/* two\nlines */\n#include <b>\n";
  EXPECT_EQ(head(text + "#define M 2\nint x;\n"), text);
}

TEST(SourceSplitTest, WithoutAnIncludeThereIsNoHead) {
  EXPECT_EQ(head("int x;\n#include <a>\n"), "");
  EXPECT_EQ(head("#define N 1\n"), "");
  EXPECT_EQ(head(""), "");
}

TEST(SourceSplitTest, AnUnfinishedConditionIsNotCut) {
  EXPECT_EQ(head("#include <a>\n#if X\n#include <b>\nint x;\n#endif\n"), "#include <a>\n");
  const std::string whole = "#include <a>\n#if X\n#include <b>\n#endif\n";
  EXPECT_EQ(head(whole + "int x;\n"), whole);
}

TEST(SourceSplitTest, CutsInsideAnIncludeGuard) {
  const std::string begin = "// licence\n#ifndef A_H_\n#define A_H_\n";
  EXPECT_EQ(head(begin + "int x;\n#endif  // A_H_\n"), begin);
  EXPECT_EQ(head(begin + "#include <a>\nint x;\n#endif\n"), begin + "#include <a>\n");
  EXPECT_TRUE(split_source(begin + "int x;\n#endif\n").is_guarded);
  EXPECT_FALSE(split_source("#include <a>\nint x;\n").is_guarded);
}

TEST(SourceSplitTest, WhatOnlyLooksLikeAnIncludeGuardIsNotCut) {
  for (const char* text : {"#ifndef A\n#define A\n#include <a>\nint x;\n#endif\nint y;\n",
                           "#ifndef A\n#define A\n#include <a>\nint x;\n#else\nint z;\n#endif\n",
                           "#ifndef A\n#define B\n#include <a>\nint x;\n#endif\n",
                           "#ifndef A\n#define A 1\n#include <a>\nint x;\n#endif\n",
                           "#ifndef A\n#define A\n#include <a>\nint x;\n"}) {
    EXPECT_EQ(head(text), "") << text;
  }
}

TEST(SourceSplitTest, PragmaOnceBelongsToTheHead) {
  EXPECT_EQ(head("#pragma once\nint x;\n"), "#pragma once\n");
  EXPECT_EQ(head("#pragma pack(1)\nint x;\n"), "");
}

TEST(SourceSplitTest, AMacroThatCallsRemotelyIsNotInTheHead) {
  EXPECT_EQ(head("#include <a>\n#define CALL f.remote(1)\n#include <b>\n"), "#include <a>\n");
}

TEST(SourceSplitTest, ACommentThatGoesOnIsNotCut) {
  EXPECT_EQ(head("#include <a>\n#include <b>  /* goes\non */\nint x;\n"), "#include <a>\n");
}

TEST(SourceSplitTest, ALineThatGoesOnIsNotCut) {
  EXPECT_EQ(head("#include <a>\n#include <b> \\\n\nint x;\n"), "#include <a>\n");
  EXPECT_EQ(head("#include <a>\n#include <b>  // goes \\\non\nint x;\n"), "#include <a>\n");
}

TEST(SourceSplitTest, WhatHasAnEffectOnTheRestIsNotInTheHead) {
  for (const char* directive : {"#line 7 \"b.y\"\n", "# 7 \"b.y\"\n", "#pragma pack(push)\n"}) {
    EXPECT_EQ(head("#include <a>\n" + std::string(directive) + "#include <b>\n"), "#include <a>\n");
  }
  const std::string quiet = "#pragma GCC diagnostic push\n#include <a>\n";
  EXPECT_EQ(head(quiet + "#pragma GCC diagnostic pop\n"), quiet);
}

TEST(SourceSplitTest, ALastLineNeedsNoNewline) { EXPECT_EQ(head("#include <a>"), "#include <a>"); }

TEST(SourceSplitTest, CountsLinesAndSeesLaterIncludes) {
  const SourceSplit split = split_source("#include <a>\n\n#include <b>\nint x;\n#include <c>\n");
  EXPECT_EQ(split.rest_line, 4u);
  EXPECT_TRUE(split.rest_includes);
  EXPECT_FALSE(split_source("#include <a>\nint x; // #include <c>\n").rest_includes);
}

TEST(SourceSplitTest, FindsWhatMayBeARemoteCall) {
  for (const char* text : {"f.remote(1)", "f<int> . remote (1)", "a.options({}).remote()",
                           "ray::remote([x] {})", "#define G f.remote()"}) {
    EXPECT_TRUE(may_call_remotely(text)) << text;
  }
  for (const char* text : {"// f.remote(1)", "\"f.remote(1)\"", "f.remote", "remote(1)",
                           "x.options = 1", "->remote(1)"}) {
    EXPECT_FALSE(may_call_remotely(text)) << text;
  }
}

}  // namespace
}  // namespace ray::compiler
