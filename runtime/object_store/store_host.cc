#include "runtime/object_store/store_host.h"

#include <algorithm>
#include <new>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/status.h"
#include "runtime/object_store/store_size.h"

namespace ray::object_store {
namespace {

constexpr std::uint64_t kArenaBytesMin = 1 << 20;
constexpr std::uint32_t kSlotsPerLeaseMax = 4096;
constexpr std::size_t kDeadOwnersMax = 65'536;
constexpr std::size_t kRescanPerTick = 8'192;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kScanWhileWaitingNs = 10 * kMillisecond;
constexpr std::int64_t kScanWhileRetiringNs = 100 * kMillisecond;

StoreLayout layout_of(const StoreHost::Options& options) {
  constexpr std::uint64_t kSlotsMax = 1 << 20;
  StoreLayout layout;
  layout.capacity =
      align_up(options.capacity != 0 ? options.capacity : default_store_bytes(), kPageBytes);
  layout.slots = options.slots != 0 ? options.slots
                                    : static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
                                          layout.capacity / kPageBytes, 1024, kSlotsMax));
  layout.clients_max = options.clients_max;
  return layout;
}

}  // namespace

absl::StatusOr<std::unique_ptr<StoreHost>> StoreHost::create(const Options& options) {
  const StoreLayout layout = layout_of(options);
  RAY_ASSIGN_OR_RETURN(ipc::SharedMemory memory,
                       ipc::SharedMemory::create("ray-object-store", layout.size()));
  new (memory.data()) StoreHeader{.magic = kStoreMagic,
                                  .version = kStoreVersion,
                                  .slots = layout.slots,
                                  .clients_max = layout.clients_max,
                                  .page_bytes = kPageBytes,
                                  .capacity = layout.capacity};
  return std::unique_ptr<StoreHost>(new StoreHost(options, layout, std::move(memory)));
}

StoreHost::StoreHost(const Options& options, const StoreLayout& layout, ipc::SharedMemory memory)
    : options_(options),
      layout_(layout),
      memory_(std::move(memory)),
      allocator_(layout.data(), layout.capacity),
      directory_(at<SlotRecord>(layout.slot_table()), layout.slots),
      demand_(layout.data()) {
  for (std::uint32_t i = layout.clients_max; i > 0; --i) free_indices_.push_back(i - 1);
  if (options.populate_bytes_min > 0) {
    populator_ = std::make_unique<Populator>(memory_, layout.data());
    populator_->extend(layout.data(), layout.data() + options.populate_bytes_min);
  }
}

absl::Status StoreHost::register_client(base::ProcessId process, std::int32_t pid) {
  if (clients_.contains(process)) return absl::AlreadyExistsError("already a client of the store");
  if (free_indices_.empty()) {
    return absl::ResourceExhaustedError("too many processes use the object store");
  }
  const std::uint32_t index = free_indices_.back();
  free_indices_.pop_back();
  Client& client = clients_[process];
  client.pid = pid;
  client.index = index;
  client.pins = PinBitmap(at<void>(layout_.pin_bitmap(index)));
  at<ClientRecord>(layout_.client_table())[index].process.store(process.value,
                                                                std::memory_order_release);
  return absl::OkStatus();
}

StoreHost::Outbox StoreHost::unregister_client(base::ProcessId process, std::int64_t now_ns) {
  Outbox out;
  const auto found = clients_.find(process);
  if (found == clients_.end()) return out;
  Client& client = found->second;
  // It may have told an owner of an object that it could not tell the host of any more.
  const std::vector<std::uint32_t> slots(client.slots.begin(), client.slots.end());
  for (const std::uint32_t slot : slots) adopt(process, client, slot, now_ns);
  for (const std::uint32_t slot : client.slots) directory_.release(slot);
  leased_bytes_ -= client.leased.bytes();
  for (const auto& [offset, length] : client.leased.take_all()) allocator_.release(offset, length);

  at<ClientRecord>(layout_.client_table())[client.index].process.store(0);
  CHECK(memory_.punch_hole(layout_.pin_bitmap(client.index), layout_.pin_bytes()).ok());
  free_indices_.push_back(client.index);
  clients_.erase(found);
  std::erase_if(waiting_, [&](const Waiting& waiting) { return waiting.process == process; });

  remember_dead(process);
  free_owned_by(process);
  rescan(retiring_.size(), now_ns);
  serve_waiting(now_ns, out);
  return out;
}

StoreHost::Outbox StoreHost::owner_died(base::ProcessId owner, std::int64_t now_ns) {
  Outbox out;
  remember_dead(owner);
  free_owned_by(owner);
  serve_waiting(now_ns, out);
  return out;
}

StoreHost::Outbox StoreHost::handle(base::ProcessId process, const ClientMessage& message,
                                    std::int64_t now_ns) {
  Outbox out;
  if (!clients_.contains(process)) return out;  // a dead client's last words were dealt with
  if (const auto* asked = std::get_if<LeaseArena>(&message)) {
    lease(process, *asked, now_ns, out);
    return out;
  }
  if (const auto* sealed = std::get_if<ObjectSealed>(&message)) {
    object_sealed(process, *sealed, now_ns);
  } else if (const auto* freed = std::get_if<FreeObjects>(&message)) {
    for (const Location& location : freed->objects) free_object(process, location, now_ns);
  } else if (const auto* returned = std::get_if<ReturnArena>(&message)) {
    return_arena(process, *returned);
  } else if (const auto* disclaimed = std::get_if<DisclaimObjects>(&message)) {
    disclaim(process, *disclaimed);
  }
  serve_waiting(now_ns, out);
  return out;
}

StoreHost::Outbox StoreHost::tick(std::int64_t now_ns) {
  Outbox out;
  rescan(std::min(retiring_.size(), kRescanPerTick), now_ns);
  serve_waiting(now_ns, out);
  while (!waiting_.empty() && waiting_.front().deadline_ns <= now_ns) {
    const Waiting late = std::move(waiting_.front());
    waiting_.pop_front();
    out.push_back({late.process, full(late.lease, options_.full_wait_ms, now_ns)});
  }
  return out;
}

std::optional<std::int64_t> StoreHost::next_tick_ns() const {
  if (!waiting_.empty()) {
    return std::min(last_scan_ns_ + kScanWhileWaitingNs, waiting_.front().deadline_ns);
  }
  if (!retiring_.empty()) return last_scan_ns_ + kScanWhileRetiringNs;
  return std::nullopt;
}

void StoreHost::lease(base::ProcessId process, const LeaseArena& asked, std::int64_t now_ns,
                      Outbox& out) {
  // Those who wait already come first: a large object would wait for ever behind small ones.
  if (waiting_.empty()) {
    std::optional<ArenaLeased> leased = try_lease(process, asked);
    if (!leased && !retiring_.empty()) {
      rescan(retiring_.size(), now_ns);
      leased = try_lease(process, asked);
    }
    if (leased) {
      populate_ahead(now_ns);
      out.push_back({process, *std::move(leased)});
      return;
    }
  }
  if (asked.minimum > layout_.capacity) {
    out.push_back({process, full(asked, 0, now_ns)});
    return;
  }
  if (waiting_.empty()) last_scan_ns_ = now_ns;
  waiting_.push_back({process, asked, now_ns + options_.full_wait_ms * kMillisecond});
  for (const auto& [holder, client] : clients_) {
    if (client.leased.bytes() > 0 || !client.slots.empty()) {
      out.push_back({holder, ReclaimArena{.wanted = asked.minimum}});
    }
  }
}

// None where memory or slots are missing.
std::optional<ArenaLeased> StoreHost::try_lease(base::ProcessId process, const LeaseArena& asked) {
  ArenaLeased leased;
  leased.request = asked.request;
  if (asked.minimum > 0) {
    if (asked.minimum > allocator_.largest_free()) return std::nullopt;
    const std::uint64_t minimum = align_up(asked.minimum, kObjectAlignment);
    const std::uint64_t share = layout_.capacity / (8 * clients_.size());
    const std::uint64_t wanted = std::min(asked.wanted, std::max(kArenaBytesMin, share));
    // Never beyond the largest free range, which is a multiple of the alignment.
    leased.length = std::max(
        minimum, std::min(wanted / kObjectAlignment * kObjectAlignment, allocator_.largest_free()));
  }
  if (asked.slots > 0) {
    if (directory_.free_slots() == 0) return std::nullopt;
    const auto share = static_cast<std::uint32_t>(directory_.free_slots() / (2 * clients_.size()));
    std::uint32_t count = std::min({asked.slots, std::max(share, 1u), kSlotsPerLeaseMax});
    for (; count > 0; --count) leased.slots.push_back(directory_.lease(process));
  }
  Client& client = clients_.at(process);
  client.slots.insert(leased.slots.begin(), leased.slots.end());
  if (leased.length > 0) {
    const std::optional<std::uint64_t> offset = allocator_.allocate(leased.length);
    CHECK(offset.has_value());
    leased.offset = *offset;
    client.leased.add(leased.offset, leased.length);
    leased_bytes_ += leased.length;
  }
  return leased;
}

StoreFull StoreHost::full(const LeaseArena& asked, std::int64_t waited_ms,
                          std::int64_t now_ns) const {
  return StoreFull{.request = asked.request,
                   .text = store_full_text(asked.minimum, usage(), holders(now_ns), waited_ms)};
}

void StoreHost::serve_waiting(std::int64_t now_ns, Outbox& out) {
  while (!waiting_.empty()) {
    Waiting& first = waiting_.front();
    std::optional<ArenaLeased> leased = try_lease(first.process, first.lease);
    if (!leased) return;
    out.push_back({first.process, *std::move(leased)});
    waiting_.pop_front();
    populate_ahead(now_ns);
  }
}

void StoreHost::object_sealed(base::ProcessId process, const ObjectSealed& message,
                              std::int64_t now_ns) {
  const ObjectDirectory::Entry* entry = directory_.find(message.slot, message.sequence);
  // Where its owner's free came first, it was adopted then.
  if (entry == nullptr || entry->state != SlotState::leased || entry->creator != process) return;
  adopt(process, clients_.at(process), message.slot, now_ns);
}

// Makes an object of what a client has sealed in a slot it leased. Nothing where it has not.
void StoreHost::adopt(base::ProcessId process, Client& creator, std::uint32_t slot,
                      std::int64_t now_ns) {
  const std::optional<ObjectDirectory::Claim> claim = directory_.claim(slot);
  if (!claim) return;
  if (claim->length > layout_.capacity || claim->offset % kObjectAlignment != 0 ||
      !creator.leased.take(claim->offset, reserved_bytes(claim->length))) {
    ++rejected_;
    return;
  }
  leased_bytes_ -= reserved_bytes(claim->length);
  creator.slots.erase(slot);
  directory_.seal(slot, *claim, now_ns);
  ++owned_[claim->object.owner];
  if (dead_owners_.contains(claim->object.owner)) retire(slot);
}

void StoreHost::free_object(base::ProcessId process, const Location& location,
                            std::int64_t now_ns) {
  const ObjectDirectory::Entry* entry = directory_.find(location.slot, location.sequence);
  if (entry == nullptr) return;  // freed before, with its owner
  if (entry->state == SlotState::leased) {
    // The creator told the owner before its own message came here.
    const auto creator = clients_.find(entry->creator);
    CHECK(creator != clients_.end());
    adopt(creator->first, creator->second, location.slot, now_ns);
  }
  if (entry->state == SlotState::retiring) return;
  if (entry->state != SlotState::sealed || entry->object.owner != process) {
    ++rejected_;
    return;
  }
  retire(location.slot);
}

void StoreHost::return_arena(base::ProcessId process, const ReturnArena& message) {
  Client& client = clients_.at(process);
  if (message.length > 0) {
    if (message.offset % kObjectAlignment == 0 && message.length % kObjectAlignment == 0 &&
        client.leased.take(message.offset, message.length)) {
      allocator_.release(message.offset, message.length);
      leased_bytes_ -= message.length;
    } else {
      ++rejected_;
    }
  }
  for (const std::uint32_t slot : message.slots) {
    if (client.slots.erase(slot) == 1) {
      directory_.release(slot);
    } else {
      ++rejected_;
    }
  }
}

void StoreHost::disclaim(base::ProcessId owner, const DisclaimObjects& message) {
  const absl::flat_hash_set<base::ObjectId> objects(message.objects.begin(), message.objects.end());
  for (std::uint32_t slot = 0; slot < directory_.slots_used(); ++slot) {
    const ObjectDirectory::Entry& entry = directory_.at(slot);
    if (entry.state == SlotState::sealed && entry.creator == message.creator &&
        entry.object.owner == owner && objects.contains(entry.object)) {
      retire(slot);
    }
  }
}

void StoreHost::free_owned_by(base::ProcessId owner) {
  const auto owned = owned_.find(owner);
  if (owned == owned_.end()) return;
  for (std::uint32_t slot = 0; slot < directory_.slots_used(); ++slot) {
    const ObjectDirectory::Entry& entry = directory_.at(slot);
    if (entry.state == SlotState::sealed && entry.object.owner == owner) retire(slot);
  }
}

void StoreHost::remember_dead(base::ProcessId owner) {
  if (!dead_owners_.insert(owner).second) return;
  dead_owners_by_age_.push_back(owner);
  if (dead_owners_by_age_.size() <= kDeadOwnersMax) return;
  dead_owners_.erase(dead_owners_by_age_.front());
  dead_owners_by_age_.pop_front();
}

void StoreHost::retire(std::uint32_t slot) {
  directory_.retire(slot);
  const auto owned = owned_.find(directory_.at(slot).object.owner);
  if (--owned->second == 0) owned_.erase(owned);
  if (pinned(slot)) {
    retiring_.push_back(slot);
  } else {
    release_object(slot);
  }
}

bool StoreHost::pinned(std::uint32_t slot) const {
  return std::any_of(clients_.begin(), clients_.end(),
                     [slot](const auto& client) { return client.second.pins.test(slot); });
}

void StoreHost::release_object(std::uint32_t slot) {
  const ObjectDirectory::Entry& entry = directory_.at(slot);
  allocator_.release(entry.offset, entry.reserved());
  directory_.release(slot);
}

// Looks again at `count` of the objects that were freed while somebody read them.
void StoreHost::rescan(std::size_t count, std::int64_t now_ns) {
  last_scan_ns_ = now_ns;
  for (; count > 0; --count) {
    const std::uint32_t slot = retiring_.front();
    retiring_.pop_front();
    if (pinned(slot)) {
      retiring_.push_back(slot);
    } else {
      release_object(slot);
    }
  }
}

void StoreHost::populate_ahead(std::int64_t now_ns) {
  const std::uint64_t used_to = allocator_.high_water();
  const std::uint64_t demand = demand_.update(used_to, now_ns);
  if (populator_ == nullptr) return;
  populator_->extend(used_to, used_to + std::max(options_.populate_bytes_min, demand));
}

StoreUsage StoreHost::usage() const {
  const std::uint64_t populated =
      std::max(allocator_.high_water(), populator_ != nullptr ? populator_->end() : 0);
  return {.capacity = layout_.capacity,
          .sealed = layout_.capacity - allocator_.free_bytes() - leased_bytes_,
          .leased = leased_bytes_,
          .free = allocator_.free_bytes(),
          .largest_free = allocator_.largest_free(),
          .populated = populated - layout_.data(),
          .objects = directory_.objects(),
          .rejected = rejected_};
}

std::vector<StoreHolder> StoreHost::holders(std::int64_t now_ns) const {
  absl::flat_hash_map<base::ProcessId, StoreHolder> by_process;
  for (const auto& [process, client] : clients_) {
    by_process[process].pid = client.pid;
    by_process[process].leased = client.leased.bytes();
  }
  for (std::uint32_t slot = 0; slot < directory_.slots_used(); ++slot) {
    const ObjectDirectory::Entry& entry = directory_.at(slot);
    if (entry.state == SlotState::sealed) {
      StoreHolder& owner = by_process[entry.object.owner];
      ++owner.objects;
      owner.sealed += entry.reserved();
      owner.oldest_ns = std::max(owner.oldest_ns, now_ns - entry.sealed_ns);
    } else if (entry.state == SlotState::retiring) {
      for (const auto& [process, client] : clients_) {
        if (client.pins.test(slot)) by_process[process].pinned_after_free += entry.reserved();
      }
    }
  }
  std::vector<StoreHolder> holders;
  for (auto& [process, holder] : by_process) {
    holder.process = process;
    if (holder.bytes() > 0) holders.push_back(holder);
  }
  std::sort(holders.begin(), holders.end(), [](const StoreHolder& a, const StoreHolder& b) {
    return std::pair(b.bytes(), a.process) < std::pair(a.bytes(), b.process);
  });
  return holders;
}

}  // namespace ray::object_store
