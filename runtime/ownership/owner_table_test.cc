#include "runtime/ownership/owner_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>

namespace ray::ownership {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::vector<Effect::Kind> kinds(const Effects& effects) {
  std::vector<Effect::Kind> result;
  for (const Effect& effect : effects) result.push_back(effect.kind);
  return result;
}

TEST(OwnerTable, APendingTaskThatIsPutOffRunsOnceItMay) {
  OwnerTable table;
  Effects effects;
  auto [record, sequence, slot] = table.create(RecordKind::task);
  table.submitted(slot, effects);
  table.put_off(slot);
  EXPECT_EQ(record->state.load(), RecordState::waiting);
  effects.clear();
  table.dependency_ready(sequence, slot, effects);
  EXPECT_EQ(record->state.load(), RecordState::pending);
  EXPECT_EQ(kinds(effects), (std::vector{Effect::Kind::runnable}));
  table.fail(slot, bytes_of("error"), effects);
}

TEST(OwnerTable, SmallResultReplacesTheArgumentsInTheRecord) {
  OwnerTable table;
  Effects effects;
  auto [record, sequence, slot] = table.create(RecordKind::task);
  table.set_arguments(*record, bytes_of("argument"));
  EXPECT_EQ(OwnerTable::arguments(*record).size(), 8u);
  table.submitted(slot, effects);
  table.pushed(slot, 7);
  table.complete(slot, {.bytes = bytes_of("value")}, effects);
  EXPECT_TRUE(record->complete());
  EXPECT_EQ(record->result_bytes().size(), 5u);
  EXPECT_EQ(record->extra, nullptr);
  EXPECT_EQ(kinds(effects), (std::vector{Effect::Kind::runnable, Effect::Kind::complete}));
}

TEST(OwnerTable, ForgetsOnceWithTheLastReferenceAndTheLastBorrower) {
  OwnerTable table;
  Effects effects;
  const auto object = table.create(RecordKind::object);
  table.complete(object.slot, {.bytes = bytes_of("value")}, effects);
  table.borrower_added(object.slot, 5, 1, effects);
  effects.clear();
  table.released(object.slot, effects);
  EXPECT_TRUE(effects.empty());
  table.borrower_added(object.slot, 5, -1, effects);
  EXPECT_EQ(kinds(effects), (std::vector{Effect::Kind::forgotten}));
  ReferenceList nested;
  table.recycle(object.slot, nested);
  EXPECT_EQ(table.find(object.sequence, object.slot), nullptr);
  EXPECT_EQ(table.live(), 0u);
}

TEST(OwnerTable, EndOfABorrowMayOvertakeItsBeginning) {
  OwnerTable table;
  Effects effects;
  const auto object = table.create(RecordKind::object);
  table.complete(object.slot, {}, effects);
  effects.clear();
  table.borrower_added(object.slot, 5, -1, effects);
  table.released(object.slot, effects);
  EXPECT_TRUE(effects.empty());
  table.borrower_added(object.slot, 5, 1, effects);
  EXPECT_EQ(kinds(effects), (std::vector{Effect::Kind::forgotten}));
}

TEST(OwnerTable, FailurePassesDownALongChainWithoutRecursion) {
  OwnerTable table;
  Effects effects;
  const auto first = table.create(RecordKind::task);
  table.submitted(first.slot, effects);
  std::uint32_t previous = first.slot;
  for (int i = 0; i < 200'000; ++i) {
    const auto next = table.create(RecordKind::task);
    ASSERT_TRUE(table.add_dependency(next.slot, previous));
    table.submitted(next.slot, effects);
    previous = next.slot;
  }
  table.fail(first.slot, bytes_of("why"), effects);
  EXPECT_EQ(table.at(previous).state.load(), RecordState::failed);
  EXPECT_EQ(table.at(previous).result_bytes().size(), 3u);
  EXPECT_EQ(table.watches(), 0u);
}

TEST(OwnerTable, ASlotThatIsUsedAgainIsNotTakenForTheOldTask) {
  OwnerTable table;
  Effects effects;
  ReferenceList nested;
  const auto a = table.create(RecordKind::task), b = table.create(RecordKind::task);
  table.submitted(a.slot, effects);
  table.submitted(b.slot, effects);
  const auto both = table.create(RecordKind::task);
  table.add_dependency(both.slot, a.slot);
  table.add_dependency(both.slot, b.slot);
  table.submitted(both.slot, effects);
  table.fail(a.slot, bytes_of("why"), effects);
  table.released(both.slot, effects);
  table.recycle(both.slot, nested);
  const auto again = table.create(RecordKind::task);
  ASSERT_EQ(again.slot, both.slot);
  table.add_outer_dependency(again.slot);
  table.submitted(again.slot, effects);
  table.pushed(b.slot, 1);
  table.complete(b.slot, {}, effects);
  EXPECT_EQ(again.record->state.load(), RecordState::waiting);
  table.dependency_ready(again.sequence, again.slot, effects);
  EXPECT_EQ(again.record->state.load(), RecordState::pending);
}

// A process with tasks on workers that finish, fail and die, with dependencies, watches, borrowers
// and references that come and go, all from one seed.
class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed) {}

  void run(int steps) {
    for (int step = 0; step < steps; ++step) {
      switch (below(10)) {
        case 0:
        case 1:
        case 2:
          submit();
          break;
        case 3:
        case 4:
          push();
          break;
        case 5:
        case 6:
          finish_one();
          break;
        case 7:
          release_one();
          break;
        case 8:
          borrow();
          break;
        default:
          rare();
      }
      drain();
    }
    wind_up();
  }

 private:
  struct Task {
    std::uint64_t sequence;
    int completions = 0;
    int notified = 0;
    int watched = 0;
    bool forgotten = false;
    std::vector<std::uint64_t> borrowers = {};
  };
  static constexpr std::uint32_t kWorkers = 4;

  std::uint32_t below(std::uint32_t limit) { return random_() % limit; }

  std::uint32_t any_live() {
    auto entry = tasks_.begin();
    std::advance(entry, below(static_cast<std::uint32_t>(tasks_.size())));
    return entry->first;
  }

  void submit() {
    const bool is_put = below(5) == 0;
    const auto made = table_.create(is_put ? RecordKind::object : RecordKind::task);
    made.record->retries = static_cast<std::int16_t>(static_cast<int>(below(4)) - 1);
    std::vector<std::uint32_t> on;
    for (std::uint32_t i = below(4); i > 0 && !tasks_.empty(); --i) on.push_back(any_live());
    tasks_[made.slot] = {.sequence = made.sequence};
    if (is_put) {
      table_.complete(made.slot, {.bytes = bytes_of(std::string(below(100), 'x'))}, effects_);
      return;
    }
    table_.set_arguments(*made.record, bytes_of(std::string(below(100), 'a')));
    bool failed = false;
    for (const std::uint32_t dependency : on) {
      if (table_.add_dependency(made.slot, dependency)) continue;
      failed |= table_.at(dependency).state.load() == RecordState::failed;
    }
    if (failed) {
      table_.fail(made.slot, bytes_of("dependency"), effects_);
    } else {
      table_.submitted(made.slot, effects_);
    }
    if (below(3) == 0 && table_.watch(made.slot, made.sequence)) tasks_[made.slot].watched = 1;
  }

  void push() {
    while (!runnable_.empty()) {
      const auto [slot, sequence] = runnable_.front();
      runnable_.pop_front();
      const Record* record = table_.find(sequence, slot);
      if (record == nullptr || record->state.load() != RecordState::pending) continue;
      const std::uint32_t worker = below(kWorkers);
      table_.pushed(slot, worker);
      pushed_.emplace_back(slot, sequence);
      return;
    }
  }

  void finish_one() {
    if (pushed_.empty()) return;
    const std::uint32_t index = below(static_cast<std::uint32_t>(pushed_.size()));
    const auto [slot, sequence] = pushed_[index];
    pushed_.erase(pushed_.begin() + index);
    Record* record = table_.find(sequence, slot);
    if (record == nullptr || record->state.load() != RecordState::pushed) return;
    switch (below(6)) {
      case 0:
        table_.fail(slot, bytes_of("error"), effects_);
        break;
      case 1:
        table_.taken_back(slot);
        runnable_.emplace_back(slot, sequence);
        break;
      case 2:
        if (table_.retry(slot))
          runnable_.emplace_back(slot, sequence);
        else
          table_.fail(slot, bytes_of("error"), effects_);
        break;
      default:
        table_.complete(slot, {.bytes = bytes_of(std::string(below(100), 'r'))}, effects_);
    }
  }

  void release_one() {
    if (tasks_.empty()) return;
    const std::uint32_t slot = any_live();
    if (table_.at(slot).referenced)
      table_.released(slot, effects_);
    else if (below(2) == 0)
      table_.revived(slot);
  }

  void borrow() {
    if (tasks_.empty()) return;
    const std::uint32_t slot = any_live();
    auto& borrowers = tasks_[slot].borrowers;
    if (borrowers.empty() || below(2) == 0) {
      borrowers.push_back(100 + below(5));
      table_.borrower_added(slot, borrowers.back(), 1, effects_);
    } else {
      const std::uint64_t process = borrowers.back();
      borrowers.pop_back();
      table_.borrower_added(slot, process, -1, effects_);
    }
  }

  void rare() {
    if (below(3) == 0) {
      table_.worker_died(below(kWorkers), effects_);
    } else if (below(3) == 0) {
      const std::uint64_t process = 100 + below(5);
      for (auto& [slot, task] : tasks_) std::erase(task.borrowers, process);
      table_.borrower_died(process, effects_);
    } else if (!tasks_.empty()) {
      const std::uint32_t slot = any_live();
      if (!table_.at(slot).complete()) table_.fail(slot, bytes_of("cancelled"), effects_);
    }
  }

  void drain() {
    for (std::size_t i = 0; i < effects_.size(); ++i) {
      const Effect effect = effects_[i];
      switch (effect.kind) {
        case Effect::Kind::runnable:
          runnable_.emplace_back(effect.slot, table_.sequence_of(effect.slot));
          break;
        case Effect::Kind::complete: {
          ++tasks_.at(effect.slot).completions;
          ReferenceList held;
          table_.drop_task(table_.at(effect.slot), held);
          break;
        }
        case Effect::Kind::lost:
          table_.fail(effect.slot, bytes_of("died"), effects_);
          break;
        case Effect::Kind::notify:
          ASSERT_EQ(tasks_.at(effect.slot).sequence, effect.token);
          ++tasks_.at(effect.slot).notified;
          break;
        case Effect::Kind::forgotten: {
          const Task& task = tasks_.at(effect.slot);
          ASSERT_EQ(task.completions, 1);
          ASSERT_EQ(task.notified, task.watched);
          ASSERT_TRUE(task.borrowers.empty());
          ReferenceList nested;
          table_.recycle(effect.slot, nested);
          tasks_.erase(effect.slot);
          break;
        }
      }
    }
    effects_.clear();
  }

  void wind_up() {
    for (int idle = 0; idle < 2;) {
      const bool busy = !runnable_.empty() || !pushed_.empty();
      push();
      finish_one();
      drain();
      idle = busy ? 0 : idle + 1;
    }
    while (!tasks_.empty()) {
      const std::uint32_t slot = tasks_.begin()->first;
      ASSERT_TRUE(table_.at(slot).complete());
      if (!table_.at(slot).referenced) table_.revived(slot);
      while (!tasks_.at(slot).borrowers.empty()) {
        const std::uint64_t process = tasks_.at(slot).borrowers.back();
        tasks_.at(slot).borrowers.pop_back();
        table_.borrower_added(slot, process, -1, effects_);
      }
      table_.released(slot, effects_);
      drain();
    }
    EXPECT_EQ(table_.live(), 0u);
    EXPECT_EQ(table_.watches(), 0u);
    EXPECT_EQ(table_.borrowed_records(), 0u);
    table_.each([](std::uint32_t slot, Record&) { ADD_FAILURE() << "slot " << slot; });
  }

  std::mt19937 random_;
  OwnerTable table_;
  Effects effects_;
  std::map<std::uint32_t, Task> tasks_;  // by slot
  std::deque<std::pair<std::uint32_t, std::uint64_t>> runnable_;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> pushed_;
};

TEST(OwnerTable, NothingIsLostOrDoubledInRandomHistories) {
  const std::uint32_t first = std::random_device{}();
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    const std::uint32_t seed = first + i;
    SCOPED_TRACE("seed " + std::to_string(seed));
    World(seed).run(300);
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace ray::ownership
