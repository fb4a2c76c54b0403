// Several processes use one store, one step at a time, in an order that a seed decides; their
// messages are delivered late, and any process may die between any two steps. A model beside them
// knows which objects must be intact.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "runtime/object_store/store_client.h"
#include "runtime/object_store/store_host.h"
#include "runtime/object_store/store_layout.h"

namespace ray::object_store {
namespace {

constexpr std::uint64_t kCapacity = 12 << 20;
constexpr std::int64_t kMillisecond = 1'000'000;

class Simulation;

// One process: messages that it posted wait in `posted`, as in a socket.
struct Process final : StoreTransport {
  Process(Simulation& simulation, base::ProcessId id) : simulation(simulation), id(id) {}

  absl::StatusOr<HostMessage> call(LeaseArena message, std::int64_t deadline_ns) override;
  void post(ClientMessage message) override { posted.push_back(std::move(message)); }

  Simulation& simulation;
  const base::ProcessId id;
  std::unique_ptr<StoreClient> client;
  std::deque<ClientMessage> posted;
  std::optional<HostMessage> answer;
  std::uint64_t next_request = 1;
};

struct Object {
  Location location;
  base::ObjectId id;
  base::ProcessId creator;
  std::uint64_t stamp = 0;
  bool freed = false;                      // by its owner, or with it
  std::map<base::ProcessId, int> pinners;  // live processes, with their counts
};

struct Filled {
  base::ProcessId process;
  Extent extent;
};

class Simulation {
 public:
  explicit Simulation(std::uint32_t seed) : random_(seed) {
    auto host = StoreHost::create(
        {.capacity = kCapacity, .slots = 512, .clients_max = 16, .populate_bytes_min = 0});
    EXPECT_TRUE(host.ok()) << host.status();
    host_ = *std::move(host);
    for (int i = 0; i < 3; ++i) start_process();
  }

  void step() {
    now_ns_ += below(5) * kMillisecond;
    switch (below(16)) {
      case 0:
        return start_process();
      case 1:
        return below(8) == 0 ? kill_process() : void();
      case 2:
      case 3:
      case 4:
        return allocate();
      case 5:
      case 6:
      case 7:
        return seal();
      case 8:
        return abandon();
      case 9:
      case 10:
        return pin();
      case 11:
      case 12:
        return unpin();
      case 13:
        return free();
      case 14:
        return deliver_some();
      default:
        return route(host_->tick(now_ns_));
    }
  }

  // Everything that must be intact is, and no two of them share a byte.
  void check() {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    for (const Object& object : objects_) {
      if (object.freed && object.pinners.empty()) continue;
      ranges.emplace_back(object.location.offset, reserved_bytes(object.location.length));
      for (const auto& [process, count] : object.pinners) expect_stamp(process, object);
    }
    for (const Filled& filled : filling_) {
      ranges.emplace_back(filled.extent.offset, reserved_bytes(filled.extent.length));
    }
    std::sort(ranges.begin(), ranges.end());
    for (std::size_t i = 1; i < ranges.size(); ++i) {
      ASSERT_LE(ranges[i - 1].first + ranges[i - 1].second, ranges[i].first) << "two share memory";
    }
  }

  // Ends everything in an orderly way (or by death) and looks for leaks.
  void finish(bool by_death) {
    while (by_death && !processes_.empty()) kill_process();
    while (!filling_.empty()) abandon();
    for (Object& object : objects_) {
      for (auto& [process, count] : object.pinners) {
        for (; count > 0; --count) processes_.at(process)->client->unpin(object.location);
      }
      object.pinners.clear();
      if (!object.freed) processes_.at(object.id.owner)->client->free(object.location);
    }
    for (auto& [id, process] : processes_) process->client->handle(ReclaimArena{});
    for (auto& [id, process] : processes_) deliver(*process, process->posted.size());
    now_ns_ += 1000 * kMillisecond;
    route(host_->tick(now_ns_));
    const StoreUsage usage = host_->usage();
    EXPECT_EQ(usage.objects, 0u);
    EXPECT_EQ(usage.sealed, 0u);
    EXPECT_EQ(usage.leased, 0u);
    EXPECT_EQ(usage.largest_free, kCapacity);
    EXPECT_EQ(usage.rejected, 0u);
    EXPECT_FALSE(host_->next_tick_ns().has_value());
    EXPECT_TRUE(host_->holders(now_ns_).empty());
    EXPECT_EQ(free_slots(), 512u);
    std::printf("  %zu objects, %u pins, %u pins too late, %u deaths, %u times full\n",
                objects_made_, pinned_, too_late_, deaths_, full_);
    EXPECT_GT(objects_made_, 0u);
  }

  absl::StatusOr<HostMessage> call(Process& process, LeaseArena message) {
    process.answer.reset();
    message.request = process.next_request++;
    // One socket: what was posted before arrives before.
    process.posted.push_back(message);
    deliver(process, process.posted.size());
    while (!process.answer) {
      const std::optional<std::int64_t> due = host_->next_tick_ns();
      EXPECT_TRUE(due.has_value()) << "a lease waits, and nobody will look again";
      if (!due) return absl::InternalError("hangs");
      now_ns_ = std::max(now_ns_, *due);
      route(host_->tick(now_ns_));
      for (auto& [id, other] : processes_) deliver(*other, other->posted.size());
    }
    return *process.answer;
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return random_() % limit; }

  Process* any_process() {
    if (processes_.empty()) return nullptr;
    return std::next(processes_.begin(), below(processes_.size()))->second.get();
  }
  // Mostly one that is still needed.
  Object* any_object() { return objects_.empty() ? nullptr : &objects_[below(objects_.size())]; }

  void start_process() {
    if (processes_.size() >= 6) return;
    const base::ProcessId id{next_process_++};
    auto process = std::make_unique<Process>(*this, id);
    ASSERT_TRUE(host_->register_client(id, static_cast<std::int32_t>(id.value)).ok());
    auto client = StoreClient::attach(host_->descriptor(), {.process = id}, *process);
    ASSERT_TRUE(client.ok()) << client.status();
    process->client = *std::move(client);
    processes_[id] = std::move(process);
  }

  // SIGKILL: some of what it posted is in the socket, the rest was never sent. What it was in the
  // middle of (a half written slot, a pin not checked yet) is left as it stands.
  void kill_process() {
    Process* process = any_process();
    if (process == nullptr) return;
    ++deaths_;
    leave_half_done(*process);
    deliver(*process, below(process->posted.size() + 1));
    const base::ProcessId id = process->id;
    processes_.erase(id);
    std::erase_if(filling_, [&](const Filled& filled) { return filled.process == id; });
    for (Object& object : objects_) {
      object.pinners.erase(id);
      if (object.id.owner == id) object.freed = true;
    }
    route(host_->unregister_client(id, now_ns_));
    const auto owner = processes_.find(orphan_.owner);
    if (owner != processes_.end()) owner->second->client->disclaim(id, {orphan_});
    orphan_ = {};
  }

  void leave_half_done(Process& process) {
    const auto filled = std::find_if(filling_.begin(), filling_.end(), [&](const Filled& filled) {
      return filled.process == process.id;
    });
    auto memory =
        ipc::SharedMemory::map(base::UniqueFd(dup(host_->descriptor())), ipc::Access::read_write);
    ASSERT_TRUE(memory.ok()) << memory.status();
    const StoreLayout layout{.slots = 512, .clients_max = 16, .capacity = kCapacity};
    ASSERT_EQ(layout.size(), memory->size());
    auto* slots = reinterpret_cast<SlotRecord*>(memory->data() + layout.slot_table());
    if (filled != filling_.end() && below(2) == 0) {
      // It sealed a result, and died before it told anyone. The owner will not hear of it.
      orphan_ = {.owner = any_process()->id, .sequence = ++objects_made_, .slot = 0};
      process.client->seal(filled->extent, orphan_);
      process.posted.pop_back();
    } else if (filled != filling_.end()) {
      // The fields of a slot are written, its state is not: looks like any leased slot.
      for (std::uint32_t slot = 0; slot < layout.slots; ++slot) {
        if (slots[slot].state.load() != SlotState::leased) continue;
        slots[slot].offset = filled->extent.offset;
        slots[slot].length = filled->extent.length;
        break;
      }
    }
    // The bit of a pin is set, the slot not looked at yet.
    const auto* clients = reinterpret_cast<ClientRecord*>(memory->data() + layout.client_table());
    for (std::uint32_t i = 0; i < layout.clients_max; ++i) {
      if (clients[i].process.load() != process.id.value) continue;
      PinBitmap(memory->data() + layout.pin_bitmap(i)).set(below(layout.slots));
    }
  }

  void allocate() {
    Process* process = any_process();
    if (process == nullptr || filling_.size() > 40) return;
    const std::uint64_t bytes = below(10) == 0 ? below(2 << 20) : below(100'000);
    const absl::StatusOr<Extent> extent = process->client->allocate(bytes);
    if (!extent.ok()) {
      ASSERT_TRUE(absl::IsResourceExhausted(extent.status())) << extent.status();
      ++full_;
      return;
    }
    filling_.push_back({process->id, *extent});
    check();
  }

  std::optional<Filled> take_filled() {
    if (filling_.empty()) return std::nullopt;
    std::swap(filling_[below(filling_.size())], filling_.back());
    const Filled filled = filling_.back();
    filling_.pop_back();
    return filled;
  }

  void seal() {
    const std::optional<Filled> filled = take_filled();
    if (!filled) return;
    Object object;
    object.creator = filled->process;
    object.stamp = ++objects_made_;
    stamp(filled->extent, object.stamp);
    object.id = {.owner = any_process()->id, .sequence = object.stamp, .slot = 0};
    object.location = processes_.at(filled->process)->client->seal(filled->extent, object.id);
    objects_.push_back(object);
    if (objects_.size() > 200) objects_.erase(objects_.begin(), first_needed());
  }

  std::vector<Object>::iterator first_needed() {
    return std::find_if(objects_.begin(), objects_.end(), [](const Object& object) {
      return !object.freed || !object.pinners.empty();
    });
  }

  void abandon() {
    const std::optional<Filled> filled = take_filled();
    if (filled) processes_.at(filled->process)->client->abandon(filled->extent);
  }

  void pin() {
    Process* process = any_process();
    Object* object = any_object();
    if (process == nullptr || object == nullptr) return;
    const auto bytes = process->client->pin(object->location);
    if (bytes.ok()) {
      // One that was freed may still be there, as long as the message is under way.
      ++pinned_;
      ++object->pinners[process->id];
      expect_stamp(process->id, *object);
    } else {
      ++too_late_;
      ASSERT_TRUE(absl::IsNotFound(bytes.status())) << bytes.status();
      ASSERT_TRUE(object->freed) << "an object that nobody freed is gone";
      ASSERT_FALSE(object->pinners.contains(process->id));
    }
  }

  void unpin() {
    Object* object = any_object();
    if (object == nullptr || object->pinners.empty()) return;
    const auto pinner = std::next(object->pinners.begin(), below(object->pinners.size()));
    processes_.at(pinner->first)->client->unpin(object->location);
    if (--pinner->second == 0) object->pinners.erase(pinner);
  }

  void free() {
    Object* object = any_object();
    if (object == nullptr || object->freed) return;
    processes_.at(object->id.owner)->client->free(object->location);
    object->freed = true;
  }

  void deliver_some() {
    Process* process = any_process();
    if (process != nullptr) deliver(*process, below(process->posted.size() + 1));
  }

  void deliver(Process& process, std::size_t count) {
    for (; count > 0 && !process.posted.empty(); --count) {
      const ClientMessage message = std::move(process.posted.front());
      process.posted.pop_front();
      route(host_->handle(process.id, message, now_ns_));
    }
  }

  void route(const StoreHost::Outbox& outbox) {
    for (const auto& [id, message] : outbox) {
      const auto process = processes_.find(id);
      if (process == processes_.end()) continue;
      if (std::holds_alternative<ReclaimArena>(message)) {
        process->second->client->handle(message);
      } else {
        process->second->answer = message;
      }
    }
  }

  static void stamp(const Extent& extent, std::uint64_t value) {
    if (extent.length < sizeof(value)) return;
    std::memcpy(extent.data, &value, sizeof(value));
    std::memcpy(extent.data + extent.length - sizeof(value), &value, sizeof(value));
  }

  void expect_stamp(base::ProcessId process, const Object& object) {
    StoreClient& client = *processes_.at(process)->client;
    const auto bytes = client.pin(object.location);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    std::uint64_t head = object.stamp;
    std::uint64_t tail = object.stamp;
    if (bytes->size() >= sizeof(head)) {
      std::memcpy(&head, bytes->data(), sizeof(head));
      std::memcpy(&tail, bytes->data() + bytes->size() - sizeof(tail), sizeof(tail));
    }
    client.unpin(object.location);
    ASSERT_EQ(head, object.stamp);
    ASSERT_EQ(tail, object.stamp);
  }

  // All of them, seen by a process that leases every one.
  std::uint32_t free_slots() {
    const base::ProcessId id{next_process_++};
    EXPECT_TRUE(host_->register_client(id, 1).ok());
    std::uint32_t count = 0;
    while (true) {
      const StoreHost::Outbox out = host_->handle(
          id, LeaseArena{.request = 1, .minimum = 0, .wanted = 0, .slots = 512}, now_ns_);
      if (out.empty()) break;
      const auto* leased = std::get_if<ArenaLeased>(&out.front().message);
      if (leased == nullptr) break;
      count += leased->slots.size();
    }
    host_->unregister_client(id, now_ns_);
    return count;
  }

  std::mt19937 random_;
  std::int64_t now_ns_ = 1'000'000'000;
  std::unique_ptr<StoreHost> host_;
  std::map<base::ProcessId, std::unique_ptr<Process>> processes_;
  std::uint64_t next_process_ = 1;
  std::vector<Object> objects_;
  std::vector<Filled> filling_;
  std::size_t objects_made_ = 0;
  unsigned pinned_ = 0;
  unsigned too_late_ = 0;
  unsigned deaths_ = 0;
  unsigned full_ = 0;
  base::ObjectId orphan_;
};

absl::StatusOr<HostMessage> Process::call(LeaseArena message, std::int64_t) {
  return simulation.call(*this, std::move(message));
}

class StoreSimulation : public testing::TestWithParam<std::uint32_t> {};

TEST_P(StoreSimulation, NothingOverlapsIsLostOrLeaks) {
  std::printf("seed %u\n", GetParam());
  Simulation simulation(GetParam());
  for (int i = 0; i < 6000; ++i) {
    simulation.step();
    if (HasFatalFailure()) return;
    if (i % 16 == 0) simulation.check();
    if (HasFatalFailure()) return;
  }
  simulation.finish(/*by_death=*/GetParam() % 2 == 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreSimulation, testing::Range(1u, 21u));

}  // namespace
}  // namespace ray::object_store
