#include "compiler/sema/call_sites.h"

#include <gtest/gtest.h>

#include <string>

namespace ray::compiler {
namespace {

const RemoteNames kNames{{"f", "plain"}, {"f"}, {"m"}};

// `text` with its sites rewritten.
std::string rewritten(std::string text, const RemoteNames& names = kNames) {
  std::vector<CallSite> sites = find_call_sites("a.cc", text, names);
  for (auto site = sites.rbegin(); site != sites.rend(); ++site) {
    text.replace(site->place.offset, site->length, site->text);
  }
  return text;
}

TEST(CallSitesTest, CallsKeepTheirWidth) {
  EXPECT_EQ(rewritten("g(f.remote(1));"), "g(f$remote(1));");
  EXPECT_EQ(rewritten("ns::f.options({}).remote(1);"), "ns::f$options({}).remote(1);");
  EXPECT_EQ(rewritten("f . remote (1);"), "f$remote   (1);");
  EXPECT_EQ(rewritten("f\n  .remote(1);"), "f$remote\n         (1);");
}

TEST(CallSitesTest, TemplateArgumentsGoBehindTheName) {
  EXPECT_EQ(rewritten("x = f<int>.remote(1);"), "x = f$remote<int>(1);");
  EXPECT_EQ(rewritten("x = f<A<B<int>>>.options({});"), "x = f$options<A<B<int>>>({});");
  EXPECT_EQ(rewritten("x = f<(2 > 1), P{1}>.remote(1);"), "x = f$remote<(2 > 1), P{1}>(1);");
  EXPECT_EQ(rewritten("x = f<[] { return 3; }()>.remote();"),
            "x = f$remote<[] { return 3; }()>();");
  EXPECT_EQ(rewritten("x = h.m<int>.remote(1);"), "x = h.m.remote<int>(1);");
  EXPECT_EQ(rewritten("x = p->m<int>.remote(1);"), "x = p->m.remote<int>(1);");
}

TEST(CallSitesTest, ATaskOfATemplateListsTheInstance) {
  EXPECT_EQ(rewritten("ray::task(f<int>).remote(1);"), "ray::task(f$task<int>()).remote(1);");
  EXPECT_EQ(rewritten("ray::task(f).remote(1);"), "ray::task(f).remote(1);");
}

TEST(CallSitesTest, EverythingElseIsLeftAlone) {
  for (const std::string text :
       {"g(other.remote(1));", "g(h.f.remote(1));", "g(h->f.remote(1));", "h.m.remote(1);",
        "g(f.remote);", "f(remote(1));", "// f.remote(1)\n", "g(\"f.remote(1)\");",
        "a < b; f > .remote(1);"}) {
    EXPECT_EQ(rewritten(text), text);
  }
}

TEST(CallSitesTest, ANameDeclaredOtherwiseIsDoubtful) {
  const auto is_doubtful = [](const std::string& text) {
    const std::vector<CallSite> sites = find_call_sites("a.cc", text, kNames);
    return !sites.empty() && sites.back().is_doubtful;
  };
  for (const char* text :
       {"int g(S f) { f.remote(1); }", "int g(const S& f, int) { f.remote(1); }",
        "int g() { S f; f.remote(1); }", "int g() { S a, f; f.remote(1); }",
        "int g() { S f(1); f.remote(1); }", "int g() { S f{1}; f.remote(1); }",
        "int g() { for (auto f : all) f.remote(1); }", "int g() { auto [a, f] = b; f.remote(1); }",
        "auto g = [f = S()] { f.remote(1); };", "auto g = [&f = s] { f.remote(1); };",
        "int g(S&&... f) { (f.remote(1) + ...); }",
        "int g() { struct A { int h() { return f.remote(1); } S f; }; }",
        "template <S* f> int g() { f.remote(1); }",
        "template <class... S> int g(S... f) { (f.remote(1) + ...); }"}) {
    EXPECT_TRUE(is_doubtful(text)) << text;
  }
  for (const char* text :
       {"int f(int); int g() { return f.remote(1); }", "int g() { return f(1) + f.remote(1); }",
        "int g() { h(&f); return f.remote(1); }", "int g(S f) { ::f.remote(1); }",
        "int g() { return f.remote(1); }"}) {
    EXPECT_FALSE(is_doubtful(text)) << text;
  }
}

}  // namespace
}  // namespace ray::compiler
