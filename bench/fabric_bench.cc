// Measures the fabric between two processes, without tasks: the limit of what calls can reach.
//
//   fabric_bench [rounds]      median and best of so many rounds a row; 7 unless told
//
// Beside it the limit of the machine itself, a line that two processes spin on, since both move
// with the machine's load. Run it on an idle machine; with two processes on one core every row is
// slower.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/ipc/fabric.h"
#include "runtime/ipc/process.h"
#include "runtime/ipc/waiter.h"

namespace ray::ipc {
namespace {

constexpr std::uint32_t kOwner = 0;
constexpr std::uint32_t kWorker = 1;
constexpr std::uint8_t kCall = 1;
constexpr std::int64_t kSleepNs = 100'000'000;
constexpr std::int64_t kRoomNs = 1'000'000;

struct Row {
  std::string name;
  std::uint32_t window;  // requests under way
  std::uint32_t request_bytes;
  std::uint32_t reply_bytes;  // travels as the request's tag
  std::uint32_t calls;        // a round
  bool batched = false;  // publish when the window is full, and replies when no request is left
  bool crowded = false;  // as if more processes were awake than cores
};

// Starts `body` in a child that ends with this process.
pid_t start(const std::function<void()>& body) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    if (die_with_parent(SIGKILL, parent)) body();
    _exit(0);
  }
  return child;
}

void end(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

void answer_calls(int fabric_fd, bool batched) {
  const Fabric fabric = Fabric::map(base::UniqueFd(fabric_fd)).value();
  ProcessEntry& owner = *fabric.process(kOwner);
  RequestConsumer requests(fabric.channel(0)->requests);
  ReplyProducer replies(fabric.channel(0)->replies);
  Waiter waiter(fabric, *fabric.process(kWorker));
  for (Record record;;) {
    if (requests.take(record) != TakeResult::record) {
      replies.publish();
      ring(owner.bell);
      waiter.wait([&] { return requests.readable(); }, [&] { requests.set_event(); }, kSleepNs,
                  &owner);
      continue;
    }
    const std::uint32_t bytes = record.tag;
    while (replies.reserve(bytes) == nullptr) {
      replies.publish();
      ring(owner.bell);
      waiter.wait([&] { return replies.has_room(bytes); }, [] {}, kRoomNs);
    }
    replies.commit(kCall, 0, record.sequence);
    requests.release();
    if (batched) continue;
    replies.publish();
    ring_if_wanted(owner.bell, replies);
  }
}

class Caller {
 public:
  Caller(const Fabric& fabric, const Row& row)
      : row_(row),
        worker_(*fabric.process(kWorker)),
        requests_(fabric.channel(0)->requests),
        replies_(fabric.channel(0)->replies),
        waiter_(fabric, *fabric.process(kOwner)) {}

  // Nanoseconds a call.
  double round() {
    const std::int64_t start = base::monotonic_ns();
    std::uint32_t sent = 0;
    for (std::uint32_t received = 0; received < row_.calls;) {
      while (sent < row_.calls && sent - received < row_.window && send()) ++sent;
      if (requests_.has_unpublished()) {
        requests_.publish();
        ring(worker_.bell);
      }
      received += receive_all(sent - received);
    }
    return static_cast<double>(base::monotonic_ns() - start) / row_.calls;
  }
  std::uint64_t sleeps() const { return waiter_.counts().slept; }

 private:
  bool send() {
    if (requests_.reserve(row_.request_bytes) == nullptr) return false;
    requests_.commit(kCall, row_.reply_bytes, 0);
    if (!row_.batched) {
      requests_.publish();
      ring_if_wanted(worker_.bell, requests_);
    }
    return true;
  }
  // Waits where there is nothing.
  std::uint32_t receive_all(std::uint32_t expected) {
    std::uint32_t received = 0;
    Record record;
    while (replies_.take(record) == TakeResult::record) ++received;
    if (received > 0) {
      replies_.release();
      return received;
    }
    waiter_.wait([&] { return replies_.readable(); },
                 [&] { replies_.set_event(std::max(1u, expected / 2)); }, kSleepNs, &worker_);
    return 0;
  }

  const Row& row_;
  ProcessEntry& worker_;
  RequestProducer requests_;
  ReplyConsumer replies_;
  Waiter waiter_;
};

void print(const std::string& name, std::vector<double> ns, const std::string& note) {
  std::sort(ns.begin(), ns.end());
  const double median = ns[ns.size() / 2];
  std::printf("%-44s %9.3f us  best %9.3f us  %8.3f M/s  %s\n", name.c_str(), median / 1e3,
              ns.front() / 1e3, 1e3 / median, note.c_str());
  std::fflush(stdout);
}

void measure(const Row& row, int rounds) {
  const Fabric fabric = Fabric::create({.processes = 2, .channels = 1}).value();
  if (row.crowded) fabric.awake().fetch_add(1000);
  const int fd = fcntl(fabric.fd(), F_DUPFD_CLOEXEC, 0);
  const pid_t child = start([&] { answer_calls(fd, row.batched); });
  close(fd);
  Caller caller(fabric, row);
  caller.round();  // touches the memory, and lets both settle
  const std::uint64_t sleeps_before = caller.sleeps();
  std::vector<double> ns;
  for (int i = 0; i < rounds; ++i) ns.push_back(caller.round());
  const double sleeps = static_cast<double>(caller.sleeps() - sleeps_before);
  print(row.name, ns, std::to_string(sleeps / (1.0 * rounds * row.calls)) + " sleeps a call");
  end(child);
}

struct alignas(128) Line {
  std::atomic<std::uint32_t> value;
};

void measure_bare_line(int rounds) {
  constexpr std::uint32_t kCalls = 500'000;
  void* memory =
      mmap(nullptr, 2 * sizeof(Line), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(memory != MAP_FAILED);
  Line* lines = static_cast<Line*>(memory);
  const pid_t child = start([&] {
    for (std::uint32_t next = 1;; ++next) {
      while (lines[0].value.load(std::memory_order_acquire) != next) base::cpu_relax();
      lines[1].value.store(next, std::memory_order_release);
    }
  });
  std::vector<double> ns;
  std::uint32_t next = 0;
  for (int i = 0; i < rounds; ++i) {
    const std::int64_t start = base::monotonic_ns();
    for (std::uint32_t call = 0; call < kCalls; ++call) {
      lines[0].value.store(++next, std::memory_order_release);
      while (lines[1].value.load(std::memory_order_acquire) != next) base::cpu_relax();
    }
    ns.push_back(static_cast<double>(base::monotonic_ns() - start) / kCalls);
  }
  print("bare line, both spin: round trip", ns, "");
  end(child);
  munmap(memory, 2 * sizeof(Line));
}

void measure_all(int rounds) {
  measure_bare_line(rounds);
  const std::vector<Row> rows = {
      {"sync, 32 B out, 8 B back", 1, 32, 8, 200'000},
      {"sync, 256 B out, 128 B back", 1, 256, 128, 200'000},
      {"sync, 100 KiB out, 8 B back", 1, 100 * 1024, 8, 20'000},
      {"sync among more awake than cores", 1, 32, 8, 20'000, false, true},
      {"window 16, 32 B out, 8 B back", 16, 32, 8, 1'000'000},
      {"window 64", 64, 32, 8, 1'000'000},
      {"window 256", 256, 32, 8, 2'000'000},
      {"window 1024", 1024, 32, 8, 2'000'000},
      {"window 1024, batched publishing", 1024, 32, 8, 4'000'000, true},
      {"window 256 among more awake than cores", 256, 32, 8, 500'000, false, true},
      {"window 64, 256 B out, 128 B back", 64, 256, 128, 1'000'000},
  };
  for (const Row& row : rows) measure(row, rounds);
}

}  // namespace
}  // namespace ray::ipc

int main(int argc, char** argv) {
  ray::ipc::measure_all(argc > 1 ? std::max(1, std::atoi(argv[1])) : 7);
}
