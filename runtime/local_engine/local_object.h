// LocalObject is a value, or the place of one, in the local engine.
//
// Threading: `data`, `waiters`, `dependents` and `continuations` are protected by the engine's
// mutex until `data` is set; from then on the object does not change, but for its stream, which the
// mutex protects throughout. Ownership: whoever refers to
// one holds a reference to its cell; it deletes itself through LocalEngine::release.
#pragma once

#include <ray/error.h>
#include <ray/internal/engine.h>
#include <ray/object_ref.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <vector>

namespace ray::local_engine {

using internal::CellPointer;
using internal::Cells;
using internal::ObjectCell;

struct LocalCall;

// Encoded bytes, aligned to 64, with the refs inside them.
class LocalData {
 public:
  LocalData(std::size_t size, Cells nested, bool is_error);
  LocalData(const LocalData&) = delete;
  LocalData& operator=(const LocalData&) = delete;
  ~LocalData();

  // An encoded error.
  static std::shared_ptr<LocalData> error(std::span<const std::byte> encoded);
  static std::shared_ptr<LocalData> error(internal::ErrorKind kind, std::string message);

  std::byte* bytes() { return bytes_; }
  std::size_t size() const { return size_; }
  std::span<const std::byte> view() const { return {bytes_, size_}; }
  Cells nested() const { return nested_; }
  void set_nested(Cells nested);
  bool is_error() const { return is_error_; }

 private:
  std::byte* bytes_;
  std::size_t size_;
  std::vector<ObjectCell*> nested_;  // one reference each
  bool is_error_;
};
using DataPointer = std::shared_ptr<LocalData>;

// A thread that sleeps until enough objects are complete.
struct LocalWaiter {
  std::size_t missing = 0;
  std::condition_variable wake;
};

// What a generator has yielded and nobody has taken yet.
struct LocalStream {
  void wake() {
    for (LocalWaiter* waiter : waiters) {
      waiter->missing = 0;
      waiter->wake.notify_one();
    }
  }

  std::size_t items_max = std::numeric_limits<std::size_t>::max();
  std::deque<CellPointer> items;
  std::uint64_t received = 0;  // taken ones too
  bool closed = false;
  bool error_taken = false;
  std::vector<LocalWaiter*> waiters;  // for items, or for room
};

struct LocalCell : ObjectCell {
  bool is_actor = false;
};

struct LocalObject : LocalCell {
  DataPointer data;  // null: not complete
  std::vector<LocalWaiter*> waiters;
  std::vector<std::shared_ptr<LocalCall>> dependents;
  std::vector<std::function<void()>> continuations;
  std::weak_ptr<LocalCall> made_by;
  std::shared_ptr<LocalStream> stream;  // of a generator's result
};

// A counted pointer to a new reference.
inline CellPointer share(ObjectCell* cell) {
  internal::acquire(cell);
  return CellPointer(cell);
}

}  // namespace ray::local_engine
