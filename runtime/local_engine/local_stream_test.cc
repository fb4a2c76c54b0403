#include <ray/generator.h>

#include "runtime/local_engine/engine_fixture.h"

namespace app {

inline std::atomic<int> yields{0};

// Ends when it is dropped, before the counter is read.
struct Ending {
  explicit Ending(std::promise<void>& ended) : ended_(ended) {}
  ~Ending() { ended_.set_value(); }
  std::promise<void>& ended_;
};
inline std::promise<void> ended;

inline ray::Generator<std::string> words(int count) {
  for (int i = 0; i < count; ++i) co_yield std::to_string(i);
}
inline ray::Generator<int> endless() {
  Ending ending(ended);
  for (int i = 0;; ++i) {
    ++yields;
    co_yield i;
  }
}
inline ray::Generator<int> broken(int good) {
  ++attempts;
  for (int i = 0; i < good; ++i) co_yield i;
  throw std::out_of_range("no more");
}
inline ray::Generator<std::unique_ptr<int>> boxes() {
  co_yield std::make_unique<int>(1);
  co_yield std::make_unique<int>(2);
}

IDENTITY(words_id, words, ray::Generator<std::string>(int));
IDENTITY(endless_id, endless, ray::Generator<int>());
IDENTITY(broken_id, broken, ray::Generator<int>(int));
IDENTITY(boxes_id, boxes, ray::Generator<std::unique_ptr<int>>());

}  // namespace app

namespace ray::local_engine {

class LocalStreamTest : public LocalEngineTest {
 protected:
  LocalStreamTest() {
    app::yields = 0;
    app::ended = std::promise<void>();
  }
};

TEST(GeneratorTest, RunsWhereItIsIterated) {
  std::string all;
  for (std::string& word : words(3)) all += word;
  EXPECT_EQ(all, "012");
  EXPECT_THROW((void)broken(0).begin(), std::out_of_range);
}

TEST_F(LocalStreamTest, ItemsComeInOrderAndEnd) {
  auto stream = R submit<words_id>(nullptr, 3);
  std::string all;
  for (const ObjectRef<std::string>& word : stream) all += ray::get(word);
  EXPECT_EQ(all, "012");
  EXPECT_FALSE(stream.next());
  int sum = 0;
  for (auto box : R submit<boxes_id>(nullptr)) sum += *ray::get(box);
  EXPECT_EQ(sum, 3);
}

TEST_F(LocalStreamTest, AnErrorIsTheLastItem) {
  auto stream = R submit<broken_id>(nullptr, 2);
  EXPECT_EQ(ray::get(*stream.next()), 0);
  EXPECT_EQ(ray::get(*stream.next()), 1);
  auto error = stream.next();
  ASSERT_TRUE(error);
  EXPECT_THROW(ray::get(*error), std::out_of_range);
  EXPECT_FALSE(stream.next());
  EXPECT_FALSE(stream.next());
}

TEST_F(LocalStreamTest, ARunThatIsRepeatedDeliversNothingTwice) {
  const TaskOptions options{.max_retries = 2, .retry_exceptions = true};
  auto stream = R submit<broken_id>(&options, 2);
  EXPECT_EQ(ray::get(*stream.next()), 0);
  EXPECT_EQ(ray::get(*stream.next()), 1);
  EXPECT_THROW(ray::get(*stream.next()), TaskError);
  EXPECT_FALSE(stream.next());
  EXPECT_EQ(app::attempts, 3);
}

TEST_F(LocalStreamTest, TheProducerIsHeldBackAndStoppedWithItsStream) {
  const TaskOptions options{.generator_backpressure = 4};
  auto stream = R submit<endless_id>(&options);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ray::get(*stream.next()), i);
  // The eleventh to fourteenth may be there; the one behind is not begun before one is taken.
  EXPECT_LE(app::yields, 14);
  stream = {};
  app::ended.get_future().wait();
  EXPECT_LE(app::yields, 14);
  const TaskOptions none{.generator_backpressure = 0};
  EXPECT_THROW((void)R submit<endless_id>(&none), std::invalid_argument);
}

TEST_F(LocalStreamTest, ABlockedProducerLendsItsCpu) {
  const TaskOptions options{.num_cpus = 2, .generator_backpressure = 1};
  auto first = R submit<endless_id>(&options);
  EXPECT_EQ(ray::get(*first.next()), 0);
  auto second = R submit<words_id>(&options, 2);  // needs all that the first one had
  EXPECT_EQ(ray::get(*second.next()), "0");
  EXPECT_EQ(ray::get(*second.next()), "1");
  first = {};
  app::ended.get_future().wait();
}

TEST_F(LocalStreamTest, ATimeoutIsThrownAndTheStreamGoesOn) {
  app::ended.set_value();
  app::ended = std::promise<void>();
  const TaskOptions options{.resources = {{"unknown", 1}}};
  auto stream = R submit<words_id>(&options, 1);
  EXPECT_THROW((void)stream.next(1ms), GetTimeoutError);
  ray::cancel(stream);
  EXPECT_THROW(ray::get(*stream.next()), TaskCancelledError);
  EXPECT_FALSE(stream.next());
  EXPECT_FALSE(ObjectRefGenerator<int>().next());
}

TEST_F(LocalStreamTest, AGeneratorCalledByPointerGivesAStream) {
  int count = 0;
  for (auto word : ray::task(&words).remote(5)) count += ray::get(word) == std::to_string(count);
  EXPECT_EQ(count, 5);
}

}  // namespace ray::local_engine
