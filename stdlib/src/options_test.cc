#include <gtest/gtest.h>
#include <ray/error.h>
#include <ray/options.h>

#include <stdexcept>

namespace ray::internal {
namespace {

TEST(OptionsTest, WhatIsSaidAtRunTimeWinsOverTheAnnotation) {
  CallOptions options;
  overlay(
      options,
      TaskOptions{
          .num_cpus = 0.5, .resources = {{"licence", 1.0}}, .name = "annotated", .max_retries = 5});
  overlay(options, TaskOptions{.num_cpus = 2,
                               .name = "called",
                               .retry_exceptions = true,
                               .scheduling = SchedulingStrategy::spread(),
                               .runtime_env = {.env = {{"K", "v"}}}});
  EXPECT_EQ(options.num_cpus, 2);
  EXPECT_EQ(options.name, "called");
  EXPECT_EQ(options.max_retries, 5);
  EXPECT_EQ(options.resources, (Resources{{"licence", 1.0}}));
  EXPECT_TRUE(options.retry_exceptions->all);
  EXPECT_EQ(options.scheduling->kind(), SchedulingStrategy::Kind::spread);
  EXPECT_EQ(options.runtime_env.env.at("K"), "v");
  EXPECT_FALSE(options.num_gpus.has_value());
}

TEST(OptionsTest, ActorsAndMethodsHaveTheirOwn) {
  CallOptions options;
  overlay(options, ActorOptions{.name = "store",
                                .lifetime = Lifetime::detached,
                                .max_restarts = -1,
                                .concurrency_groups = {{"io", 2}},
                                .get_if_exists = true,
                                .scheduling = SchedulingStrategy::node("7f3a", true)});
  EXPECT_EQ(options.lifetime, Lifetime::detached);
  EXPECT_EQ(options.max_restarts, -1);
  EXPECT_EQ(options.concurrency_groups.at("io"), 2);
  EXPECT_EQ(options.scheduling->node_id(), "7f3a");
  EXPECT_TRUE(options.scheduling->soft());

  CallOptions method;
  overlay(
      method,
      MethodOptions{.generator_backpressure = 8, .max_task_retries = 2, .concurrency_group = "io"});
  EXPECT_EQ(method.generator_backpressure, 8);
  EXPECT_EQ(method.max_task_retries, 2);
  EXPECT_EQ(method.concurrency_group, "io");
}

template <class Options>
void expect_refused(const Options& wrong) {
  CallOptions options;
  overlay(options, TaskOptions{.name = "before"});
  CallOptions before = options;
  EXPECT_THROW(overlay(options, wrong), std::invalid_argument);
  EXPECT_THROW(overlay(options, wrong), Error);
  EXPECT_EQ(options, before);
}

TEST(OptionsTest, ValuesThatMakeNoSenseAreRefusedAndChangeNothing) {
  expect_refused(TaskOptions{.num_cpus = -1});
  expect_refused(TaskOptions{.num_gpus = 0.0 / 0.0});
  expect_refused(TaskOptions{.memory = -5});
  expect_refused(TaskOptions{.resources = {{"CPU", 1}}});
  expect_refused(TaskOptions{.resources = {{"licence", -1}}});
  expect_refused(TaskOptions{.max_retries = -2});
  expect_refused(TaskOptions{.generator_backpressure = 0});
  expect_refused(MethodOptions{.generator_backpressure = -2});
  expect_refused(ActorOptions{.max_concurrency = 0});
  expect_refused(ActorOptions{.concurrency_groups = {{"io", 0}}});
  expect_refused(MethodOptions{.max_task_retries = -2});
}

}  // namespace
}  // namespace ray::internal
