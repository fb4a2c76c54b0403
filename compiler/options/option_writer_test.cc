#include <gtest/gtest.h>
#include <ray/options.h>

#include "compiler/options/option_parser.h"

namespace ray::compiler {
namespace {

std::string rendered(std::string_view text, OptionTarget target = OptionTarget::task) {
  const ParsedOptions options = parse_options(text, target);
  for (const OptionError& error : options.errors) ADD_FAILURE() << text << ": " << error.message;
  return render_options(options);
}

TEST(OptionWriter, WritesNothingForNothing) { EXPECT_EQ(rendered(""), "{}"); }

TEST(OptionWriter, WritesFieldsInTheOrderOfTheirDeclaration) {
  EXPECT_EQ(rendered("max_retries = 5, num_cpus = 0.5"), "{.num_cpus = 0.5, .max_retries = 5}");
}

TEST(OptionWriter, LeavesOutWhatOnlyTheCompilerReads) {
  EXPECT_EQ(rendered("num_returns = 2, num_cpus = 1"), "{.num_cpus = 1}");
}

// Each text below is what the writer makes of the annotation, and it compiles.
#define EXPECT_WRITES(target, Type, annotation, ...)                     \
  do {                                                                   \
    EXPECT_EQ(rendered(annotation, OptionTarget::target), #__VA_ARGS__); \
    [[maybe_unused]] const ::ray::Type options = __VA_ARGS__;            \
  } while (false)

TEST(OptionWriter, WritesEveryTaskOption) {
  EXPECT_WRITES(task, TaskOptions, "num_gpus = 0.25, memory = 2KiB, resources = {\"a b\": 1, c: 2}",
                {.num_gpus = 0.25, .memory = 2048, .resources = {{"a b", 1}, {"c", 2}}});
  EXPECT_WRITES(task, TaskOptions, "name = \"q\\\"\\\\\", max_retries = -1, max_calls = 3",
                {.name = "q\"\\", .max_retries = -1, .max_calls = 3});
  EXPECT_WRITES(task, TaskOptions, "generator_backpressure = 8, max_calls = 3",
                {.max_calls = 3, .generator_backpressure = 8});
  EXPECT_WRITES(task, TaskOptions, "retry_exceptions = true", {.retry_exceptions = true});
  EXPECT_WRITES(task, TaskOptions, "retry_exceptions = []", {.retry_exceptions = false});
  EXPECT_WRITES(task, TaskOptions, "scheduling = spread",
                {.scheduling = ::ray::SchedulingStrategy::spread()});
  EXPECT_WRITES(task, TaskOptions, "scheduling = hybrid",
                {.scheduling = ::ray::SchedulingStrategy::hybrid()});
  EXPECT_WRITES(task, TaskOptions, "scheduling = node(\"4f\", soft)",
                {.scheduling = ::ray::SchedulingStrategy::node("4f", true)});
  EXPECT_WRITES(task, TaskOptions, "scheduling = node(\"4f\")",
                {.scheduling = ::ray::SchedulingStrategy::node("4f")});
  EXPECT_WRITES(
      task, TaskOptions, "scheduling = labels({zone: \"west\", \"disk\": \"ssd\"})",
      {.scheduling = ::ray::SchedulingStrategy::labels({{"zone", "west"}, {"disk", "ssd"}})});
  EXPECT_WRITES(task, TaskOptions, "runtime_env = {working_dir: \"/w\", env: {K: \"v\"}}",
                {.runtime_env = {.env = {{"K", "v"}}, .working_dir = "/w"}});
  EXPECT_WRITES(task, TaskOptions, "runtime_env = {}", {.runtime_env = {}});
}

TEST(OptionWriter, WritesEveryActorOption) {
  EXPECT_WRITES(actor, ActorOptions, "lifetime = detached, namespace = \"n\", get_if_exists = true",
                {.name_space = "n", .lifetime = ::ray::Lifetime::detached, .get_if_exists = true});
  EXPECT_WRITES(actor, ActorOptions,
                "max_restarts = 1, max_task_retries = 2, max_concurrency = 3, "
                "concurrency_groups = {io: 2}, max_pending_calls = 4",
                {.max_restarts = 1,
                 .max_task_retries = 2,
                 .max_concurrency = 3,
                 .concurrency_groups = {{"io", 2}},
                 .max_pending_calls = 4});
}

TEST(OptionWriter, WritesEveryMethodOption) {
  EXPECT_WRITES(
      method, MethodOptions,
      "concurrency_group = io, retry_exceptions = false, name = \"n\", "
      "max_task_retries = 3",
      {.name = "n", .retry_exceptions = false, .max_task_retries = 3, .concurrency_group = "io"});
}

TEST(OptionWriter, NamesExceptionTypesAsWritten) {
  EXPECT_EQ(rendered("retry_exceptions = [::A, ns::B]"),
            "{.retry_exceptions = ::ray::exceptions<::A, ns::B>()}");
}

TEST(OptionWriter, EscapesWhatCannotStandInALiteral) {
  EXPECT_EQ(rendered("name = \"a\\n\\t\\x01\\x31λ\""), "{.name = \"a\\n\\t\\0011λ\"}");
}

}  // namespace
}  // namespace ray::compiler
