// The rings, bells and waiters between two processes, as driver and worker use them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <random>

#include "runtime/ipc/fabric.h"
#include "runtime/ipc/process.h"
#include "runtime/ipc/record_pattern.h"
#include "runtime/ipc/waiter.h"

namespace ray::ipc {
namespace {

constexpr std::uint32_t kOwner = 0;
constexpr std::uint32_t kWorker = 1;
constexpr std::uint8_t kEcho = 1;
constexpr std::uint8_t kCount = 2;
constexpr std::uint8_t kStop = 3;
constexpr std::int64_t kNeverNs = 30'000'000'000;
constexpr std::int64_t kRoomNs = 1'000'000;  // nobody rings for room in a ring

#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
constexpr std::uint32_t kRecords = 100'000;
#else
constexpr std::uint32_t kRecords = 1'000'000;
#endif

// In the child: echoes requests of kind kEcho, counts those of kind kCount in `seen`.
class TestWorker {
 public:
  TestWorker(int fabric_fd, std::uint8_t* seen)
      : fabric_(Fabric::map(base::UniqueFd(fabric_fd)).value()),
        seen_(seen),
        owner_(*fabric_.process(kOwner)),
        requests_(fabric_.channel(0)->requests),
        replies_(fabric_.channel(0)->replies),
        waiter_(fabric_, *fabric_.process(kWorker)) {}

  // Returns the exit status.
  int run() {
    for (Record record;;) {
      switch (requests_.take(record)) {
        case TakeResult::broken:
          return 2;
        case TakeResult::empty:
          ring(owner_.bell);
          waiter_.wait([&] { return requests_.readable(); }, [&] { requests_.set_event(); },
                       kNeverNs, &owner_);
          continue;
        case TakeResult::record:
          break;
      }
      if (record.kind == kStop) return waiter_.counts().timed_out == room_timeouts_ ? 0 : 3;
      if (record.kind == kCount) ++seen_[record.tag];
      reply(record.tag, record.sequence,
            record.kind == kEcho ? record.payload : std::span<const std::byte>());
      requests_.release();
    }
  }

 private:
  void reply(std::uint32_t tag, std::uint64_t sequence, std::span<const std::byte> payload) {
    while (!replies_.write(1, tag, sequence, payload)) {
      ring(owner_.bell);
      const std::uint64_t before = waiter_.counts().timed_out;
      waiter_.wait([&] { return replies_.has_room(static_cast<std::uint32_t>(payload.size())); },
                   [] {}, kRoomNs);
      room_timeouts_ += waiter_.counts().timed_out - before;
    }
    replies_.publish();
    ring_if_wanted(owner_.bell, replies_);
  }

  Fabric fabric_;
  std::uint8_t* seen_;
  ProcessEntry& owner_;
  RequestConsumer requests_;
  ReplyProducer replies_;
  Waiter waiter_;
  std::uint64_t room_timeouts_ = 0;
};

class FabricProcessTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    // As if many others were awake: then everybody sleeps instead of spinning.
    if (GetParam()) fabric_.awake().fetch_add(1000);
    seen_ = static_cast<std::uint8_t*>(
        mmap(nullptr, kRecords, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const pid_t parent = getpid();
    const int fd = fcntl(fabric_.fd(), F_DUPFD_CLOEXEC, 0);
    child_ = fork();
    if (child_ == 0) {
      if (!die_with_parent(SIGKILL, parent)) _exit(1);
      _exit(TestWorker(fd, seen_).run());
    }
    close(fd);
  }
  void TearDown() override {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    munmap(seen_, kRecords);
  }

  bool send(std::uint8_t kind, std::uint32_t tag, std::span<const std::byte> payload) {
    if (!requests_.write(kind, tag, tag, payload)) return false;
    requests_.publish();
    ring_if_wanted(worker_.bell, requests_);
    return true;
  }
  void wait_for_replies(std::int64_t timeout_ns) {
    waiter_.wait([&] { return replies_.readable(); }, [&] { replies_.set_event(); }, timeout_ns,
                 &worker_);
  }
  void stop_worker() {
    while (!send(kStop, 0, {})) sched_yield();
    int status = 0;
    ASSERT_EQ(waitpid(child_, &status, 0), child_);
    child_ = -1;
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }

  const unsigned seed_ = print_seed();
  Fabric fabric_ = Fabric::create({.processes = 2, .channels = 1}).value();
  ProcessEntry& worker_ = *fabric_.process(kWorker);
  RequestProducer requests_{fabric_.channel(0)->requests};
  ReplyConsumer replies_{fabric_.channel(0)->replies};
  Waiter waiter_{fabric_, *fabric_.process(kOwner)};
  std::uint8_t* seen_ = nullptr;
  pid_t child_ = -1;
};

TEST_P(FabricProcessTest, EchoesComeBackWholeAndInOrder) {
  RecordPattern sent(seed_, requests_.payload_bytes_max());
  RecordPattern expected(seed_, requests_.payload_bytes_max());
  std::span<const std::byte> next = sent.next(0);
  std::uint32_t submitted = 0;
  std::uint32_t wrong = 0;
  for (std::uint32_t received = 0; received < kRecords;) {
    while (submitted < kRecords && send(kEcho, submitted, next)) next = sent.next(++submitted);
    Record record;
    const TakeResult result = replies_.take(record);
    ASSERT_NE(result, TakeResult::broken);
    if (result == TakeResult::empty) {
      wait_for_replies(kNeverNs);
      continue;
    }
    if (record.tag != received || !std::ranges::equal(record.payload, expected.next(received))) {
      ++wrong;
    }
    replies_.release();
    ++received;
  }
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(waiter_.counts().timed_out, 0u);
  stop_worker();
}

TEST_P(FabricProcessTest, OneAtATimeLosesNoWakeUp) {
  for (std::uint32_t i = 0; i < kRecords / 20; ++i) {
    ASSERT_TRUE(send(kEcho, i, {}));
    wait_for_replies(kNeverNs);
    Record record;
    while (replies_.take(record) == TakeResult::empty) wait_for_replies(kNeverNs);
    ASSERT_EQ(record.tag, i);
    replies_.release();
  }
  EXPECT_EQ(waiter_.counts().timed_out, 0u);
  stop_worker();
}

TEST_P(FabricProcessTest, RevokingWhileTheWorkerClaimsLosesNothingAndRepeatsNothing) {
  std::mt19937 random(seed_);
  std::deque<std::uint32_t> taken_back;
  std::uint32_t next = 0;
  std::uint32_t replied = 0;
  std::uint64_t revoked = 0;
  while (replied < kRecords) {
    for (int i = 0; i < 64 && (next < kRecords || !taken_back.empty()); ++i) {
      if (!send(kCount, taken_back.empty() ? next : taken_back.front(), {})) break;
      if (taken_back.empty()) {
        ++next;
      } else {
        taken_back.pop_front();
      }
    }
    if (random() % 4 == 0) {
      revoked += requests_.revoke([&](const RecordHeader& header) {
        taken_back.push_back(header.tag);
        return true;
      });
      ring(worker_.bell);
    }
    Record record;
    bool any = false;
    while (replies_.take(record) == TakeResult::record) {
      ++replied;
      any = true;
    }
    replies_.release();
    if (!any && taken_back.empty()) wait_for_replies(kRoomNs);
  }
  EXPECT_GT(revoked, 0u);
  EXPECT_EQ(replied, kRecords);
  EXPECT_EQ(std::count(seen_, seen_ + kRecords, 1), kRecords);
  stop_worker();
}

INSTANTIATE_TEST_SUITE_P(Crowd, FabricProcessTest, testing::Bool(),
                         [](const auto& param) { return param.param ? "asleep" : "awake"; });

}  // namespace
}  // namespace ray::ipc
