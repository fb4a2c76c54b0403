#include <ray/actors.h>
#include <ray/error.h>
#include <ray/internal/class_layout.h>
#include <ray/objects.h>

#include <algorithm>
#include <memory>
#include <string>

namespace ray::inline v1 {

std::string to_string(const ObjectId& id) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  auto append = [&](std::uint64_t number, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      text += kDigits[number >> shift & 0xf];
    }
  };
  append(id.owner, 16);
  append(id.sequence, 16);
  append(id.slot, 8);
  return text;
}

internal::Deadline Timeout::deadline() const {
  constexpr double kForEver = 1e9;  // seconds: 31 years; the clock's own range is near
  if (!limited_ || !(seconds_ < kForEver)) return std::nullopt;
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(
             std::chrono::duration<double>(std::max(seconds_, 0.0)));
}

namespace internal {

void CellPointer::throw_empty_ref() { throw_invalid_argument("this ref is empty"); }

Value get_value(const CellPointer& cell, const Deadline& deadline) {
  ObjectCell& object = *cell;
  Value value = object.engine->get(object, deadline);
  if (value.is_error) throw_error(value.bytes);
  return value;
}

void wait_for_all(Cells cells, const Deadline& deadline) {
  if (cells.size() < 2) return;  // the get that follows waits as well
  auto ready = std::make_unique<bool[]>(cells.size());
  cells.front()->engine->wait(cells, cells.size(), deadline, true, {ready.get(), cells.size()});
}

std::vector<bool> wait_for_some(Cells cells, const WaitOptions& options) {
  std::size_t wanted = options.num_returns;
  if (wanted > cells.size()) {
    throw_invalid_argument("wait for " + std::to_string(wanted) + " of " +
                           std::to_string(cells.size()) + " refs");
  }
  std::vector<bool> chosen(cells.size());
  if (wanted == 0) return chosen;
  auto ready = std::make_unique<bool[]>(cells.size());
  cells.front()->engine->wait(cells, wanted, options.timeout.deadline(), options.fetch_local,
                              {ready.get(), cells.size()});
  for (std::size_t i = 0; i < cells.size() && wanted > 0; ++i) {
    if (!ready[i]) continue;
    chosen[i] = true;
    --wanted;
  }
  return chosen;
}

void cancel(ObjectCell& result, bool force) { result.engine->cancel(result, force); }

ObjectCell* find_actor(std::string_view name, std::string_view name_space, std::string_view type) {
  FoundActor found = engine().find_actor(name, name_space);
  CellPointer cell(found.cell);
  if (found.cell == nullptr) return nullptr;
  require_same_class(name, found, class_of_type(type));
  acquire(found.cell);
  return found.cell;
}

void kill(ObjectCell* actor, bool no_restart) {
  if (actor == nullptr) throw_invalid_argument("this actor handle is empty");
  actor->engine->kill(*actor, no_restart);
}

}  // namespace internal
}  // namespace ray::inline v1
