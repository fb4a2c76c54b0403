#include "compiler/frontend/option_mask.h"

#include <gtest/gtest.h>

#include <string>

namespace ray::compiler {
namespace {

TEST(OptionMaskTest, OptionsBecomeSpacesAndNothingMoves) {
  const std::string text = "[[ray::remote(num_cpus = 1)]] int f();";
  const MaskedSource masked = mask_options(text);
  EXPECT_EQ(masked.text, "[[ray::remote              ]] int f();");
  ASSERT_EQ(masked.attributes.size(), 1u);
  EXPECT_EQ(masked.attributes[0].text, "num_cpus = 1");
  EXPECT_EQ(text.substr(masked.attributes[0].options, 8), "num_cpus");
  EXPECT_EQ(masked.find(text.find("remote")), &masked.attributes[0]);
  EXPECT_EQ(masked.find(0), nullptr);
}

TEST(OptionMaskTest, NewlinesAndSplicesStay) {
  const MaskedSource masked = mask_options("[[ray::remote(a = 1,\n\\\nb = 2)]] int f();");
  EXPECT_EQ(masked.text, "[[ray::remote       \n\\\n      ]] int f();");
}

TEST(OptionMaskTest, ParenthesesAndBracketsInOptionsAreBalanced) {
  const MaskedSource masked =
      mask_options("[[ray::remote(scheduling = node(\"a)]]\", true), x = [A])]] int f();");
  ASSERT_EQ(masked.attributes.size(), 1u);
  EXPECT_EQ(masked.attributes[0].text, "scheduling = node(\"a)]]\", true), x = [A]");
  EXPECT_TRUE(llvm::StringRef(masked.text).ends_with("]] int f();"));
}

TEST(OptionMaskTest, EverySpellingOfOursIsFound) {
  const MaskedSource masked = mask_options(
      "[[nodiscard, ray::remote(a = 1)]] int f(); [[using ray: method(b = 2)]] int g();\n"
      "#define R [[ray::remote(c = 3)]]\n[[ray::transient]] int h;");
  ASSERT_EQ(masked.attributes.size(), 4u);
  EXPECT_EQ(masked.attributes[1].text, "b = 2");
  EXPECT_EQ(masked.attributes[2].text, "c = 3");
  EXPECT_EQ(masked.attributes[3].text, "");
  EXPECT_EQ(masked.groups.size(), 4u);
}

TEST(OptionMaskTest, OtherTextIsLeftAlone) {
  for (const std::string text :
       {"// [[ray::remote(a = 1)]]\n", "const char* s = \"[[ray::remote(a = 1)]]\";",
        "auto s = R\"([[ray::remote(a = 1)]])\";", "ray::remote(a = 1);",
        "[[other::remote(a = 1)]] int f();", "x[[] { return ray::remote(1); }()];"}) {
    const MaskedSource masked = mask_options(text);
    EXPECT_EQ(masked.text, text);
    EXPECT_FALSE(masked.is_annotated()) << text;
  }
}

TEST(OptionMaskTest, WhatDoesNotEndIsLeftToTheCompiler) {
  for (const std::string text : {"[[ray::remote(a = 1", "[[ray::remote(", "[[ray::", "[["}) {
    EXPECT_EQ(mask_options(text).text, text);
  }
}

}  // namespace
}  // namespace ray::compiler
