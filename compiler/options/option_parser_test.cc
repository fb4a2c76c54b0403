#include "compiler/options/option_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ray::compiler {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

ParsedOptions parse(std::string_view text, OptionTarget target) {
  ParsedOptions options = parse_options(text, target);
  for (const OptionError& error : options.errors) ADD_FAILURE() << text << ": " << error.message;
  return options;
}
ParsedOptions task(std::string_view text) { return parse(text, OptionTarget::task); }
ParsedOptions actor(std::string_view text) { return parse(text, OptionTarget::actor); }
ParsedOptions method(std::string_view text) { return parse(text, OptionTarget::method); }

// An error, with the text it stands under.
struct Found {
  std::string under;
  std::string message;
  std::string note;
  std::string fixit;
};
Found error_in(std::string_view text, OptionTarget target = OptionTarget::task) {
  const ParsedOptions options = parse_options(text, target);
  if (options.errors.empty()) {
    ADD_FAILURE() << text << " has no error";
    return {};
  }
  const OptionError& error = options.errors.front();
  EXPECT_LE(error.offset + error.length, text.size());
  return {std::string(text.substr(error.offset, error.length)), error.message, error.note,
          error.fixit};
}

struct Case {
  const char* text;
  const char* under;
  const char* message;
  OptionTarget target = OptionTarget::task;
};
template <std::size_t N>
void expect_errors(const Case (&cases)[N]) {
  for (const Case& c : cases) {
    const Found found = error_in(c.text, c.target);
    EXPECT_EQ(found.under, c.under) << c.text;
    EXPECT_EQ(found.message, c.message) << c.text;
  }
}

TEST(OptionParser, GivesNothingForNoOptions) {
  EXPECT_FALSE(task("").num_cpus);
  EXPECT_FALSE(task(" /* none */ // here\n").num_cpus);
}

TEST(OptionParser, ReadsTheOptionsOfATask) {
  const auto options = task(
      R"(num_cpus = 0.5, num_gpus = 1e-1, memory = 512MiB, resources = {"TPU": 1, disk: 0.25},
         scheduling = spread, max_retries = -1, max_calls = 10, num_returns = all, name = "r",
         retry_exceptions = [A, ::ns :: B], generator_backpressure = 8,
         runtime_env = {env: {"K": "v"}, working_dir: "/tmp"},)");
  EXPECT_EQ(options.num_cpus->value, 0.5);
  EXPECT_EQ(options.num_gpus->value, 0.1);
  EXPECT_EQ(options.memory->value, 512u << 20);
  EXPECT_THAT(options.resources->value, ElementsAre(Pair("TPU", 1), Pair("disk", 0.25)));
  EXPECT_TRUE(std::holds_alternative<Spread>(options.scheduling->value));
  EXPECT_EQ(options.max_retries->value, -1);
  EXPECT_EQ(options.max_calls->value, 10);
  EXPECT_EQ(options.generator_backpressure->value, 8);
  EXPECT_TRUE(options.num_returns->value.all);
  EXPECT_EQ(options.name->value, "r");
  ASSERT_EQ(options.retry_exceptions->value.types.size(), 2u);
  EXPECT_EQ(options.retry_exceptions->value.types[1].spelling, "::ns::B");
  EXPECT_THAT(options.runtime_env->value.env, ElementsAre(Pair("K", "v")));
  EXPECT_EQ(options.runtime_env->value.working_dir, "/tmp");
}

TEST(OptionParser, ReadsTheOptionsOfAnActor) {
  const auto options = actor(
      R"(lifetime = detached, namespace = "prod", get_if_exists = true, max_restarts = 3,
         max_task_retries = -1, max_concurrency = 4, concurrency_groups = {io: 2, "compute": 1},
         max_pending_calls = 100, scheduling = node("4f1e", soft))");
  EXPECT_EQ(options.lifetime->value, Lifetime::detached);
  EXPECT_EQ(options.name_space->value, "prod");
  EXPECT_TRUE(options.get_if_exists->value);
  EXPECT_EQ(options.max_restarts->value, 3);
  EXPECT_EQ(options.max_task_retries->value, -1);
  EXPECT_EQ(options.max_concurrency->value, 4);
  EXPECT_THAT(options.concurrency_groups->value, ElementsAre(Pair("io", 2), Pair("compute", 1)));
  EXPECT_EQ(options.max_pending_calls->value, 100);
  const auto& node = std::get<NodeAffinity>(options.scheduling->value);
  EXPECT_EQ(node.id, "4f1e");
  EXPECT_TRUE(node.soft);
}

TEST(OptionParser, ReadsTheOptionsOfAMethod) {
  const auto options = method(
      "concurrency_group = io, num_returns = 2, max_task_retries = 1, "
      "retry_exceptions = true, name = \"m\", generator_backpressure = -1");
  EXPECT_EQ(options.concurrency_group->value, "io");
  EXPECT_EQ(options.generator_backpressure->value, -1);
  EXPECT_EQ(options.num_returns->value.count, 2);
  EXPECT_EQ(options.max_task_retries->value, 1);
  EXPECT_TRUE(options.retry_exceptions->value.all);
  EXPECT_EQ(options.name->value, "m");
}

TEST(OptionParser, ReadsEveryUnitOfASize) {
  const std::pair<const char*, std::uint64_t> sizes[] = {{"0", 0},
                                                         {"0MiB", 0},
                                                         {"100", 100},
                                                         {"7B", 7},
                                                         {"1KB", 1000},
                                                         {"2MB", 2000000},
                                                         {"2GB", 2000000000},
                                                         {"1TB", 1000000000000},
                                                         {"1KiB", 1024},
                                                         {"1GiB", 1u << 30},
                                                         {"1TiB", 1ull << 40},
                                                         {"1.5KiB", 1536},
                                                         {"1'000KB", 1000000}};
  for (const auto& [text, bytes] : sizes) {
    EXPECT_EQ(task("memory = " + std::string(text)).memory->value, bytes) << text;
  }
}

TEST(OptionParser, TellsWhereNamesAndValuesStand) {
  const std::string_view text = "num_cpus=2 , retry_exceptions = [A, ns::B]";
  const auto options = task(text);
  const auto under = [&](TextRange range) { return text.substr(range.offset, range.length); };
  EXPECT_EQ(under(options.num_cpus->name_range), "num_cpus");
  EXPECT_EQ(under(options.num_cpus->value_range), "2");
  EXPECT_EQ(under(options.retry_exceptions->value_range), "[A, ns::B]");
  EXPECT_EQ(under(options.retry_exceptions->value.types[1].range), "ns::B");
}

TEST(OptionParser, CountsBytesBehindTextThatIsNotAscii) {
  const std::string_view text = "/* Größe */ name = \"λ\", größe = 1";
  const auto options = parse_options(text, OptionTarget::task);
  EXPECT_EQ(options.name->value, "λ");
  ASSERT_EQ(options.errors.size(), 1u);
  EXPECT_EQ(text.substr(options.errors[0].offset, options.errors[0].length), "größe");
}

TEST(OptionParser, DecodesStringsAsCppDoes) {
  EXPECT_EQ(task(R"(name = "a\"b\\\n\x41\101\u00e9")").name->value, "a\"b\\\nAAé");
  EXPECT_EQ(task(R"(name = "two " "parts")").name->value, "two parts");
  EXPECT_EQ(task("name = R\"(raw \\n)\"").name->value, "raw \\n");
  expect_errors({{R"(name = "a\qb")", R"(\q)", R"(invalid escape sequence '\q')"}});
}

TEST(OptionParser, SuggestsAnOptionThatIsNear) {
  const Found found = error_in("num_cpu = 2");
  EXPECT_EQ(found.under, "num_cpu");
  EXPECT_EQ(found.message, "unknown option 'num_cpu'; did you mean 'num_cpus'?");
  EXPECT_EQ(found.fixit, "num_cpus");
  expect_errors({{"max_retry = 2", "max_retry",
                  "unknown option 'max_retry'; did you mean "
                  "'max_retries'?"},
                 {"name_space = \"x\"", "name_space",
                  "unknown option 'name_space'; did you mean 'namespace'?", OptionTarget::actor},
                 {"colour = 2", "colour", "unknown option 'colour'"}});
}

TEST(OptionParser, RejectsAnOptionThatDoesNotApply) {
  expect_errors(
      {{"max_restarts = 2", "max_restarts",
        "option 'max_restarts' is for classes, not for functions; did you mean 'max_retries'?"},
       {"max_calls = 2", "max_calls",
        "option 'max_calls' is for functions, not for classes; did you mean 'max_pending_calls'?",
        OptionTarget::actor},
       {"num_cpus = 1", "num_cpus",
        "option 'num_cpus' is for functions and classes, not for methods", OptionTarget::method},
       {"num_cpus = 1, labels = {\"a\": \"b\"}", "labels",
        "option 'labels' can be given at run time only"},
       {"placement_group = pg", "placement_group",
        "option 'placement_group' can be given at run time only"},
       {"bundle = 1", "bundle", "option 'bundle' can be given at run time only",
        OptionTarget::actor}});
}

TEST(OptionParser, RejectsAnOptionGivenTwice) {
  expect_errors(
      {{"num_cpus = 1, num_gpus = 1, num_cpus = 2", "num_cpus", "option 'num_cpus' is given twice"},
       {"resources = {\"a\": 1, a: 2}", "a", "'a' is given twice"}});
  EXPECT_EQ(parse_options("num_cpus = 1, num_cpus = 2", OptionTarget::task).num_cpus->value, 1);
}

TEST(OptionParser, RejectsAValueOfTheWrongKind) {
  expect_errors({
      {"num_cpus = \"two\"", "\"two\"", "'num_cpus' takes a number, not a string"},
      {"num_cpus = kCpus", "kCpus", "'num_cpus' takes a number, not 'kCpus'"},
      {"num_cpus = 2GB", "2GB", "'num_cpus' takes a number without a unit, not '2GB'"},
      {"num_gpus = 0x10", "0x10", "'num_gpus' takes a decimal number, not '0x10'"},
      {"num_gpus = 010", "010", "'num_gpus' takes a decimal number, not '010'"},
      {"max_retries = 1.5", "1.5",
       "'max_retries' takes a whole number, or -1 for no limit, not '1.5'"},
      {"max_retries = true", "true",
       "'max_retries' takes a whole number, or -1 for no limit, not 'true'"},
      {"memory = big", "big", "'memory' takes a size, not 'big'"},
      {"resources = [1]", "[1]", "'resources' takes a map of numbers, not a list"},
      {"resources = {\"TPU\": \"1\"}", "\"1\"", "'TPU' takes a number, not a string"},
      {"name = r", "r", "'name' takes a string, not 'r'"},
      {"name = \"\"", "\"\"", "'name' cannot be empty"},
      {"retry_exceptions = std::exception", "std::exception",
       "'retry_exceptions' takes true, false or a list of types, not 'std::exception'"},
      {"retry_exceptions = [A, \"B\"]", "\"B\"",
       "expected the name of an exception type, not a string"},
      {"num_returns = many", "many", "'num_returns' takes a whole number or all, not 'many'"},
      {"runtime_env = {envs: {}}", "envs",
       "'runtime_env' has no field 'envs'; did you mean 'env'?"},
      {"runtime_env = {env: {\"K\": 1}}", "1", "expected a string, not '1'"},
      {"lifetime = \"detached\"", "\"detached\"", "'lifetime' takes only detached, not a string",
       OptionTarget::actor},
      {"get_if_exists = 1", "1", "'get_if_exists' takes true or false, not '1'",
       OptionTarget::actor},
      {"concurrency_groups = {io: 0.5}", "0.5", "'io' takes a whole number, not '0.5'",
       OptionTarget::actor},
  });
}

TEST(OptionParser, RejectsNumbersOutOfBounds) {
  expect_errors({
      {"num_cpus = -1", "-1", "'num_cpus' cannot be negative"},
      {"memory = -1MiB", "-1MiB", "'memory' cannot be negative"},
      {"resources = {\"TPU\": -2}", "-2", "'TPU' cannot be negative"},
      {"max_calls = -1", "-1", "'max_calls' cannot be negative"},
      {"max_retries = - 2", "- 2",
       "'max_retries' cannot be negative, but for -1, which means no limit"},
      {"generator_backpressure = 0", "0",
       "'generator_backpressure' must be at least 1, but for -1, which means no limit"},
      {"num_returns = 0", "0", "'num_returns' must be at least 1"},
      {"num_cpus = 0.00005", "0.00005", "'num_cpus' is counted in steps of 0.0001"},
      {"num_cpus = 1e300", "1e300", "'1e300' is too large for 'num_cpus'"},
      {"num_cpus = 1e999", "1e999", "'1e999' is too large for 'num_cpus'"},
      {"max_retries = 99999999999999999999", "99999999999999999999",
       "'99999999999999999999' is too large for 'max_retries'"},
      {"memory = 99999999TiB", "99999999TiB", "'99999999TiB' is too large for 'memory'"},
      {"memory = 0.5B", "0.5B", "'memory' takes a whole number of bytes"},
      {"memory = 512Mib", "Mib", "unknown unit 'Mib'; did you mean 'MiB'?"},
      {"max_concurrency = 0", "0", "'max_concurrency' must be at least 1", OptionTarget::actor},
  });
  EXPECT_EQ(task("num_cpus = 0.0001").num_cpus->value, 0.0001);
  EXPECT_EQ(task("num_cpus = 123456.7891").num_cpus->value, 123456.7891);
}

TEST(OptionParser, KeepsNamedResourcesOutOfTheMap) {
  const Found found = error_in("resources = {\"CPU\": 2}");
  EXPECT_EQ(found.under, "\"CPU\"");
  EXPECT_EQ(found.message, "'CPU' cannot stand in 'resources'");
  EXPECT_EQ(found.note, "write 'num_cpus = ...' instead");
  EXPECT_EQ(error_in("resources = {GPU: 2}").note, "write 'num_gpus = ...' instead");
  EXPECT_EQ(error_in("resources = {memory: 2}").note, "write 'memory = ...' instead");
}

TEST(OptionParser, ExplainsScheduling) {
  expect_errors({
      {"scheduling = spred", "spred", "unknown scheduling 'spred'; did you mean 'spread'?"},
      {"scheduling = \"SPREAD\"", "\"SPREAD\"",
       "unknown scheduling 'SPREAD'; did you mean 'spread'?"},
      {"scheduling = node", "node", "unknown scheduling 'node'"},
      {"scheduling = node(4)", "4", "'node' takes the id of a node, then soft or nothing"},
      {"scheduling = node(\"4\", hard)", "hard",
       "'node' takes the id of a node, then soft or nothing"},
      {"scheduling = labels({\"zone\": 1})", "1", "expected a string, not '1'"},
      {"scheduling = 1", "1",
       "'scheduling' takes hybrid, spread, node(...) or labels(...), not "
       "'1'"},
  });
  const auto options = task("scheduling = labels({\"zone\": \"west\"})");
  EXPECT_THAT(std::get<LabelSelector>(options.scheduling->value).labels,
              ElementsAre(Pair("zone", "west")));
}

TEST(OptionParser, SaysWhatIsMissing) {
  expect_errors({
      {"num_cpus", "", "expected '=' after 'num_cpus'"},
      {"num_cpus 2", "2", "expected '=' after 'num_cpus'"},
      {"num_cpus: 2", ":", "expected '=' after 'num_cpus'"},
      {"num_cpus(2)", "(", "expected '=' after 'num_cpus'"},
      {"num_cpus = ", "", "expected a value after '='"},
      {"num_cpus = , max_retries = 2", ",", "expected a value after '='"},
      {"num_cpus == 2", "=", "expected a value after '='"},
      {"num_cpus = +2", "+", "expected a value after '='"},
      {"num_cpus = -x", "x", "expected a number after '-'"},
      {"2", "2", "expected the name of an option"},
      {"\"num_cpus\" = 2", "\"num_cpus\"", "expected the name of an option"},
      {"num_cpus = 2,, num_gpus = 1", ",", "expected the name of an option"},
      {"num_cpus = 2 num_gpus = 1", "", "expected ',' after '2'"},
      {"num_cpus = 1 + 1", "+", "unexpected '+' after '1'"},
      {"num_cpus = 2 - 1", "-", "unexpected '-' after '2'"},
      {"num_cpus = 2; num_gpus = 1", ";", "unexpected ';' after '2'"},
      {"num_cpus = 2)", ")", "unexpected ')' after '2'"},
      {"name = \"r", "\"", "missing terminating '\"' character"},
      {"resources = {\"TPU\" = 1}", "=", "expected ':' after '\"TPU\"'"},
      {"resources = {\"TPU\"}", "}", "expected ':' after '\"TPU\"'"},
      {"resources = {1: 2}", "1", "expected a name or a string, the key of an entry"},
      {"resources = {\"TPU\": }", "}", "expected a value after ':'"},
      {"resources = {\"TPU\": 1", "", "expected '}'"},
      {"resources = {a: 1 b: 2}", "", "expected ',' after '1'"},
      {"retry_exceptions = [A", "", "expected ']'"},
      {"retry_exceptions = [ns::]", "]", "expected a name after '::'"},
      {"retry_exceptions = [A<int>]", "<", "unexpected '<' after 'A'"},
      {"num_cpus = @", "@", "expected a value after '='"},
  });
}

TEST(OptionParser, PlacesAMissingCommaBehindTheValue) {
  const auto errors = parse_options("num_cpus = 2  num_gpus = 1", OptionTarget::task).errors;
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].offset, 12u);
  EXPECT_EQ(errors[0].length, 0u);
  EXPECT_EQ(errors[0].fixit, ",");
}

TEST(OptionParser, ReportsEveryErrorInTheOrderOfTheText) {
  const auto errors =
      parse_options("num_cpu = 1, max_retries = 1.5, num_gpus = -1, memory", OptionTarget::task)
          .errors;
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_THAT(errors[0].message, HasSubstr("num_cpu"));
  EXPECT_THAT(errors[1].message, HasSubstr("max_retries"));
  EXPECT_THAT(errors[2].message, HasSubstr("num_gpus"));
  EXPECT_THAT(errors[3].message, HasSubstr("expected '='"));
}

TEST(OptionParser, RefusesWhatIsTooDeepOrTooLong) {
  expect_errors({{"resources = {a:{a:{a:{a:{a:{a:{a:{a:{a:{a:{a:{a:{a:{a:{a:{a:{a:1", "{",
                  "brackets are nested too deeply"}});
  const std::string deep = "name = " + std::string(60000, '[');
  EXPECT_EQ(error_in(deep).message, "brackets are nested too deeply");
  const std::string text = "name = \"" + std::string(70000, 'x') + "\"";
  EXPECT_EQ(error_in(text).message, "the options are longer than 64 KiB");
}

TEST(OptionParser, SurvivesEveryPrefixAndEveryFlippedByte) {
  const std::string text =
      R"(num_cpus = 0.5, resources = {"T\n": 1}, scheduling = node("i", soft), x = [A, n::B])";
  for (std::size_t i = 0; i <= text.size(); ++i) {
    parse_options(text.substr(0, i), OptionTarget::task);
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'\0', '"', '(', '}', ',', '\xff', '\\', '-'}) {
      std::string broken = text;
      broken[i] = c;
      for (const OptionError& error : parse_options(broken, OptionTarget::actor).errors) {
        EXPECT_LE(error.offset + error.length, broken.size()) << broken;
        EXPECT_FALSE(error.message.empty());
      }
    }
  }
}

}  // namespace
}  // namespace ray::compiler
