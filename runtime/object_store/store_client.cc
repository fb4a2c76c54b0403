#include "runtime/object_store/store_client.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "runtime/base/check.h"
#include "runtime/base/clock.h"
#include "runtime/base/status.h"

namespace ray::object_store {
namespace {

constexpr std::uint64_t kArenaBytesFirst = 1 << 20;
constexpr std::uint32_t kSlotsFirst = 64;
constexpr std::uint32_t kSlotsMax = 1024;
constexpr std::int64_t kMillisecond = 1'000'000;
// An arena is to last so many times as long as it took to lease. A smaller one would be asked for
// too often; a larger one would not fit the caches, which makes a copy three times slower.
constexpr std::int64_t kArenaLastsLeases = 8;
constexpr std::int64_t kLeaseNsMax = kMillisecond;  // longer ones waited for memory
constexpr std::size_t kDisclaimedPerMessage = 16'384;

// Pages come into the writable mapping by this much: 0.06 ms a MiB, against 0.27 by page faults.
constexpr std::uint64_t kChunkBytes = 256 << 10;
constexpr std::uint64_t kChunksPerCall = 16;

std::optional<StoreLayout> read_layout(const ipc::SharedMemory& memory) {
  if (memory.size() < kPageBytes) return std::nullopt;
  StoreHeader header;
  std::memcpy(&header, memory.data(), sizeof(header));
  if (header.magic != kStoreMagic || header.version != kStoreVersion ||
      header.page_bytes != kPageBytes || header.capacity > memory.size()) {
    return std::nullopt;
  }
  const StoreLayout layout{
      .slots = header.slots, .clients_max = header.clients_max, .capacity = header.capacity};
  return layout.size() == memory.size() ? std::optional(layout) : std::nullopt;
}

std::optional<std::uint32_t> find_client(const ipc::SharedMemory& memory, const StoreLayout& layout,
                                         base::ProcessId process) {
  const auto* records =
      reinterpret_cast<const ClientRecord*>(memory.data() + layout.client_table());
  for (std::uint32_t i = 0; i < layout.clients_max; ++i) {
    if (records[i].process.load(std::memory_order_acquire) == process.value) return i;
  }
  return std::nullopt;
}

absl::StatusOr<ipc::SharedMemory> map_copy(int descriptor, ipc::Access access) {
  base::UniqueFd copy(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!copy) return base::errno_status("duplicate the object store's descriptor");
  return ipc::SharedMemory::map(std::move(copy), access);
}

}  // namespace

absl::StatusOr<std::unique_ptr<StoreClient>> StoreClient::attach(int descriptor,
                                                                 const Options& options,
                                                                 StoreTransport& transport) {
  RAY_ASSIGN_OR_RETURN(ipc::SharedMemory readable, map_copy(descriptor, ipc::Access::read_only));
  RAY_ASSIGN_OR_RETURN(ipc::SharedMemory writable, map_copy(descriptor, ipc::Access::read_write));
  const std::optional<StoreLayout> layout = read_layout(readable);
  if (!layout) return absl::InvalidArgumentError("the descriptor is not an object store's");
  const std::optional<std::uint32_t> index = find_client(readable, *layout, options.process);
  if (!index) return absl::NotFoundError("the object store does not know this process");
  return std::unique_ptr<StoreClient>(new StoreClient(options, *layout, *index, std::move(readable),
                                                      std::move(writable), transport));
}

StoreClient::StoreClient(const Options& options, const StoreLayout& layout, std::uint32_t index,
                         ipc::SharedMemory readable, ipc::SharedMemory writable,
                         StoreTransport& transport)
    : options_(options),
      layout_(layout),
      readable_(std::move(readable)),
      writable_(std::move(writable)),
      slots_(reinterpret_cast<SlotRecord*>(writable_.data() + layout.slot_table())),
      pin_bits_(writable_.data() + layout.pin_bitmap(index)),
      transport_(transport),
      mapped_(writable_.size() / kChunkBytes / 64 + 1),
      arena_bytes_(kArenaBytesFirst),
      slots_asked_(kSlotsFirst) {}

absl::StatusOr<Extent> StoreClient::allocate(std::uint64_t bytes) {
  // What cannot be rounded up cannot be leased either; the host's answer is the same for all of
  // them.
  bytes = std::min<std::uint64_t>(bytes, std::numeric_limits<std::int64_t>::max());
  while (true) {
    std::optional<Extent> extent;
    {
      std::lock_guard lock(mutex_);
      extent = cut(bytes);
    }
    if (!extent) {
      RAY_ASSIGN_OR_RETURN(extent, lease(bytes));
    }
    if (extent) {
      map_pages(extent->offset, extent->length);
      return *extent;
    }
  }
}

// From the arena, where it has the room.
std::optional<Extent> StoreClient::cut(std::uint64_t bytes) {
  if (free_slots_.empty() || arena_.length < reserved_bytes(bytes)) return std::nullopt;
  const Extent extent = start(arena_.offset, bytes);
  arena_.offset += reserved_bytes(bytes);
  arena_.length -= reserved_bytes(bytes);
  return extent;
}

Extent StoreClient::start(std::uint64_t offset, std::uint64_t bytes) {
  const Filling filling{.slot = free_slots_.back(), .reserved = reserved_bytes(bytes)};
  free_slots_.pop_back();
  CHECK(filling_.emplace(offset, filling).second);
  return Extent{.data = writable_.data() + offset, .length = bytes, .offset = offset};
}

LeaseArena StoreClient::next_lease(std::uint64_t bytes) {
  const std::uint64_t reserved = reserved_bytes(bytes);
  LeaseArena asked;
  // Only slots are missing where the arena has the room.
  asked.minimum = arena_.length >= reserved ? 0 : reserved;
  // A large object is leased alone: cut from an arena it would leave a large rest.
  asked.wanted = reserved > arena_bytes_ / 4 ? reserved : arena_bytes_;
  asked.slots = free_slots_.size() < slots_asked_ / 4 ? slots_asked_ : 1;
  return asked;
}

// None where it got slots alone: the arena is to be tried again.
absl::StatusOr<std::optional<Extent>> StoreClient::lease(std::uint64_t bytes) {
  LeaseArena asked;
  {
    std::lock_guard lock(mutex_);
    asked = next_lease(bytes);
  }
  const std::int64_t asked_ns = base::monotonic_ns();
  RAY_ASSIGN_OR_RETURN(const HostMessage answer,
                       transport_.call(asked, asked_ns + options_.call_timeout_ms * kMillisecond));
  if (const auto* full = std::get_if<StoreFull>(&answer)) {
    return absl::ResourceExhaustedError(full->text);
  }
  const auto* leased = std::get_if<ArenaLeased>(&answer);
  if (leased == nullptr || !plausible(*leased) || leased->length < asked.minimum ||
      leased->slots.empty()) {
    return absl::InternalError("the object store answered a lease with something else");
  }
  const std::int64_t now_ns = base::monotonic_ns();
  const std::int64_t lease_ns = std::min(now_ns - asked_ns, kLeaseNsMax);
  std::optional<Extent> extent;
  Range rest;
  {
    std::lock_guard lock(mutex_);
    free_slots_.insert(free_slots_.end(), leased->slots.begin(), leased->slots.end());
    if (now_ns - last_lease_ns_ < kArenaLastsLeases * lease_ns) {
      arena_bytes_ = std::min(arena_bytes_ * 2, std::max(kArenaBytesFirst, layout_.capacity / 8));
      slots_asked_ = std::min(slots_asked_ * 2, kSlotsMax);
    }
    last_lease_ns_ = now_ns;
    if (asked.minimum == 0) return extent;
    extent = start(leased->offset, bytes);
    rest = {leased->offset + asked.minimum, leased->length - asked.minimum};
    // Another thread may have leased meanwhile; the smaller rest goes back.
    if (rest.length > arena_.length) std::swap(rest, arena_);
  }
  if (rest.length > 0) give_back(rest, {});
  return extent;
}

bool StoreClient::plausible(const ArenaLeased& leased) const {
  const std::uint64_t begin = layout_.data();
  return (leased.length == 0 || (leased.offset >= begin && leased.offset <= layout_.size() &&
                                 leased.length <= layout_.size() - leased.offset)) &&
         std::all_of(leased.slots.begin(), leased.slots.end(),
                     [this](std::uint32_t slot) { return slot < layout_.slots; });
}

void StoreClient::give_back(Range range, std::vector<std::uint32_t> slots) {
  transport_.post(
      ReturnArena{.offset = range.offset, .length = range.length, .slots = std::move(slots)});
}

Location StoreClient::seal(const Extent& extent, const base::ObjectId& object) {
  Filling filling;
  {
    std::lock_guard lock(mutex_);
    const auto found = filling_.find(extent.offset);
    CHECK(found != filling_.end() && reserved_bytes(extent.length) == found->second.reserved);
    filling = found->second;
    filling_.erase(found);
  }
  SlotRecord& record = slots_[filling.slot];
  const Location location{.slot = filling.slot,
                          .sequence = record.sequence.load(std::memory_order_relaxed),
                          .offset = extent.offset,
                          .length = extent.length};
  record.owner = object.owner.value;
  record.object_sequence = object.sequence;
  record.object_slot = object.slot;
  record.offset = extent.offset;
  record.length = extent.length;
  record.state.store(SlotState::sealed, std::memory_order_release);
  transport_.post(ObjectSealed{.slot = location.slot, .sequence = location.sequence});
  return location;
}

void StoreClient::abandon(const Extent& extent) noexcept {
  Range rest;
  {
    std::lock_guard lock(mutex_);
    const auto found = filling_.find(extent.offset);
    CHECK(found != filling_.end());
    rest = {extent.offset, found->second.reserved};
    free_slots_.push_back(found->second.slot);
    filling_.erase(found);
    if (rest.offset + rest.length == arena_.offset) {
      arena_.offset = rest.offset;
      arena_.length += rest.length;
      return;
    }
  }
  give_back(rest, {});
}

absl::StatusOr<std::span<const std::byte>> StoreClient::pin(const Location& location) {
  if (location.slot >= layout_.slots || location.offset < layout_.data() ||
      readable_.at(location.offset, location.length) == nullptr) {
    return absl::InvalidArgumentError("an object's location lies outside of the object store");
  }
  const SlotRecord& record = slots_[location.slot];
  std::lock_guard lock(mutex_);
  const auto [pin, first] = pins_.try_emplace(location.slot, 0);
  if (first) {
    pin_bits_.set(location.slot);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  // A slot that this process has pinned keeps its object, even one that is being retired.
  const SlotState state = record.state.load(std::memory_order_acquire);
  const bool alive = record.sequence.load(std::memory_order_relaxed) == location.sequence &&
                     (state == SlotState::sealed || (!first && state == SlotState::retiring));
  if (alive && record.offset == location.offset && record.length == location.length) {
    ++pin->second;
    return std::span<const std::byte>(readable_.data() + location.offset, location.length);
  }
  if (first) {
    pins_.erase(pin);
    pin_bits_.clear(location.slot);
  }
  if (alive) return absl::InvalidArgumentError("an object is not where its location says");
  return absl::NotFoundError("the object has been released by its owner");
}

void StoreClient::unpin(const Location& location) noexcept {
  std::lock_guard lock(mutex_);
  const auto pin = pins_.find(location.slot);
  CHECK(pin != pins_.end());
  if (--pin->second > 0) return;
  pins_.erase(pin);
  pin_bits_.clear(location.slot);
}

void StoreClient::free(const Location& location) noexcept {
  transport_.post(FreeObjects{.objects = {location}});
}

void StoreClient::disclaim(base::ProcessId dead_process, std::vector<base::ObjectId> objects) {
  for (std::size_t i = 0; i < objects.size(); i += kDisclaimedPerMessage) {
    const std::size_t end = std::min(i + kDisclaimedPerMessage, objects.size());
    transport_.post(DisclaimObjects{.creator = dead_process,
                                    .objects = {objects.begin() + i, objects.begin() + end}});
  }
}

void StoreClient::handle(const HostMessage& message) {
  if (const auto* late = std::get_if<ArenaLeased>(&message)) {
    if (plausible(*late)) give_back({late->offset, late->length}, late->slots);
    return;
  }
  if (!std::holds_alternative<ReclaimArena>(message)) return;
  Range rest;
  std::vector<std::uint32_t> slots;
  {
    std::lock_guard lock(mutex_);
    std::swap(rest, arena_);
    std::swap(slots, free_slots_);
    arena_bytes_ = kArenaBytesFirst;
    slots_asked_ = kSlotsFirst;
  }
  if (rest.length > 0 || !slots.empty()) give_back(rest, std::move(slots));
}

// Brings the extent's pages into the writable mapping before they are written one fault at a time.
void StoreClient::map_pages(std::uint64_t offset, std::uint64_t length) {
  if (length == 0) return;
  const std::uint64_t last = (offset + length - 1) / kChunkBytes;
  const auto mapped = [this](std::uint64_t chunk) {
    return (mapped_[chunk / 64].load(std::memory_order_relaxed) >> (chunk % 64) & 1) != 0;
  };
  for (std::uint64_t chunk = offset / kChunkBytes; chunk <= last;) {
    std::uint64_t end = chunk;
    while (end <= last && end - chunk < kChunksPerCall && !mapped(end)) ++end;
    if (end == chunk) {
      ++chunk;
      continue;
    }
    const std::uint64_t begin_byte = chunk * kChunkBytes;
    const std::uint64_t end_byte = std::min<std::uint64_t>(end * kChunkBytes, writable_.size());
    // Reading maps pages writable here (shared, without write notification) and costs a third of
    // MADV_POPULATE_WRITE. Where the kernel has neither, the faults come one by one.
    madvise(writable_.data() + begin_byte, end_byte - begin_byte, MADV_POPULATE_READ);
    for (; chunk < end; ++chunk) {
      mapped_[chunk / 64].fetch_or(std::uint64_t{1} << (chunk % 64), std::memory_order_relaxed);
    }
  }
}

}  // namespace ray::object_store
