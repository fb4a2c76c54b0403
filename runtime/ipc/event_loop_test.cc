#include "runtime/ipc/event_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace ray::ipc {
namespace {

constexpr std::int64_t kLongNs = 30'000'000'000;

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    out.reset(ends[0]);
    in.reset(ends[1]);
  }
  void fill() { EXPECT_EQ(write(in.get(), "x", 1), 1); }
  base::UniqueFd out;
  base::UniqueFd in;
};

TEST(EventLoop, CallsForReadyDescriptorsUntilRemoved) {
  EventLoop loop;
  Pipe pipe;
  int calls = 0;
  ASSERT_TRUE(loop.add(pipe.out.get(), EPOLLIN,
                       [&](std::uint32_t events) {
                         EXPECT_TRUE(events & EPOLLIN);
                         ++calls;
                       })
                  .ok());
  EXPECT_FALSE(loop.add(pipe.out.get(), EPOLLIN, [](std::uint32_t) {}).ok());
  EXPECT_FALSE(loop.run_once(0));
  pipe.fill();
  EXPECT_TRUE(loop.run_once(kLongNs));
  EXPECT_TRUE(loop.run_once(kLongNs));
  EXPECT_EQ(calls, 2);
  ASSERT_TRUE(loop.modify(pipe.out.get(), 0).ok());
  EXPECT_FALSE(loop.run_once(0));
  loop.remove(pipe.out.get());
  EXPECT_FALSE(loop.modify(pipe.out.get(), EPOLLIN).ok());
  EXPECT_FALSE(loop.run_once(0));
  EXPECT_EQ(calls, 2);
}

TEST(EventLoop, CallbackMayRemoveItselfAndOthersThatAreReady) {
  EventLoop loop;
  Pipe first;
  Pipe second;
  int calls = 0;
  const auto remove_both = [&](std::uint32_t) {
    ++calls;
    loop.remove(first.out.get());
    loop.remove(second.out.get());
  };
  ASSERT_TRUE(loop.add(first.out.get(), EPOLLIN, remove_both).ok());
  ASSERT_TRUE(loop.add(second.out.get(), EPOLLIN, remove_both).ok());
  first.fill();
  second.fill();
  loop.run_once(kLongNs);
  loop.run_once(0);
  EXPECT_EQ(calls, 1);
}

TEST(EventLoop, EventOfAnEarlierDescriptorOfTheSameNumberIsDropped) {
  EventLoop loop;
  Pipe pipe;
  Pipe other;
  int old_calls = 0;
  int new_calls = 0;
  const int number = other.out.get();
  const auto replace = [&](std::uint32_t) {
    loop.remove(pipe.out.get());
    loop.remove(number);
    Pipe fresh;
    ASSERT_EQ(dup3(fresh.out.get(), number, O_CLOEXEC), number);
    ASSERT_TRUE(loop.add(number, EPOLLIN, [&](std::uint32_t) { ++new_calls; }).ok());
    other.in = std::move(fresh.in);
  };
  ASSERT_TRUE(loop.add(pipe.out.get(), EPOLLIN, replace).ok());
  ASSERT_TRUE(loop.add(number, EPOLLIN, [&](std::uint32_t) { ++old_calls; }).ok());
  pipe.fill();
  other.fill();
  loop.run_once(kLongNs);
  EXPECT_EQ(old_calls + new_calls, 0);
}

TEST(EventLoop, TimersRunInOrderUnlessCancelled) {
  EventLoop loop;
  std::string order;
  loop.run_after(2'000'000, [&] { order += 'c'; });
  loop.run_after(0, [&] { order += 'a'; });
  const EventLoop::TimerId cancelled = loop.run_after(1'000'000, [&] { order += 'x'; });
  loop.run_after(1'500'000, [&] { order += 'b'; });
  loop.cancel(cancelled);
  while (order.size() < 3) loop.run_once(kLongNs);
  EXPECT_EQ(order, "abc");
  EXPECT_FALSE(loop.run_once(0));
}

TEST(EventLoop, RunsEverythingThatOtherThreadsPost) {
  EventLoop loop;
  constexpr int kThreads = 4;
  constexpr int kPosts = 1'000;
  int ran = 0;  // only on the loop's thread
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kPosts; ++n) {
        loop.post([&] {
          if (++ran == kThreads * kPosts) loop.stop();
        });
      }
    });
  }
  loop.run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ran, kThreads * kPosts);
}

TEST(EventLoop, PostedBeforeStopStillRuns) {
  EventLoop loop;
  bool ran = false;
  loop.stop();
  loop.post([&] { ran = true; });
  loop.run();
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace ray::ipc
