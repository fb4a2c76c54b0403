// ItemStream is what an owner knows of the items of one generator; ItemSource is the same stream
// where the generator runs. Between them go items, numbered from 0, and how many were taken.
//
// A generator whose worker died is run again and yields everything again: what came before is
// dropped, so each item is delivered once. The source may be `window` items ahead of what it was
// told; it is told at each half of that, so the last item that may wait is always asked for.
// Threading: one caller at a time (its user's lock). No I/O, no clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "runtime/ownership/record.h"

namespace ray::ownership {

class ItemStream {
 public:
  explicit ItemStream(std::uint64_t window) : step_(std::max<std::uint64_t>(window / 2, 1)) {}

  enum class Arrival {
    next,       // wanted: to be pushed
    duplicate,  // of a run before this one
    wrong,      // no generator yields in that order
  };
  // Item `index` came. Item 0 begins a run, whose source has been told nothing.
  Arrival arrived(std::uint64_t index) {
    if (index == 0) announced_ = told_ = 0;
    if (index != announced_) return Arrival::wrong;
    ++announced_;
    return index < received_ ? Arrival::duplicate : Arrival::next;
  }
  void push(Reference* item) {
    ++received_;
    items_.push_back(item);
  }
  // The next item, null where there is none yet.
  Reference* take() {
    if (items_.empty()) return nullptr;
    Reference* item = items_.front();
    items_.pop_front();
    ++taken_;
    return item;
  }
  // How many were taken, where the source has to know. Asked after each of the above.
  std::optional<std::uint64_t> news() {
    if (announced_ == 0 || taken_ < told_ + step_) return std::nullopt;
    told_ = taken_;
    return taken_;
  }
  // Those that nobody will take.
  std::deque<Reference*> close() { return std::exchange(items_, {}); }

  // How many items have come of the run that goes on.
  std::uint64_t announced() const { return announced_; }

 private:
  const std::uint64_t step_;
  std::deque<Reference*> items_;
  std::uint64_t received_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t announced_ = 0;
  std::uint64_t told_ = 0;
};

class ItemSource {
 public:
  explicit ItemSource(std::uint64_t window) : window_(window) {}

  std::uint64_t next_index() { return yielded_++; }
  void told(std::uint64_t taken) { taken_ = std::max(taken_, taken); }
  void close() { closed_ = true; }

  // Whether the generator may go on to its next item.
  bool has_room() const { return yielded_ < taken_ || yielded_ - taken_ < window_; }
  bool is_closed() const { return closed_; }

 private:
  std::uint64_t window_;
  std::uint64_t yielded_ = 0;
  std::uint64_t taken_ = 0;
  bool closed_ = false;
};

}  // namespace ray::ownership
