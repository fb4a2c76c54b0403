#include "runtime/ipc/fabric.h"

#include <algorithm>
#include <bit>
#include <new>

#include "absl/status/status.h"
#include "runtime/base/check.h"
#include "runtime/base/status.h"
#include "runtime/ipc/cores.h"

namespace ray::ipc {
namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::uint32_t kEntriesMax = 1u << 20;
constexpr std::uint32_t kLinesMax = 1u << 20;

constexpr std::size_t pages(std::size_t bytes) {
  return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

// The one place that knows where things lie. Sizes fit 64 bits by the limits above.
struct FabricLayout {
  explicit FabricLayout(const FabricLimits& limits)
      : request_lines_bytes(std::size_t{limits.request_lines} * kRequestLineBytes),
        reply_lines_bytes(std::size_t{limits.reply_lines} * kReplyLineBytes),
        channel_bytes(2 * kPageBytes + pages(request_lines_bytes) + pages(reply_lines_bytes)),
        processes(pages(sizeof(FabricHeader))),
        channels(processes + pages(limits.processes * sizeof(ProcessEntry))),
        total(channels + limits.channels * channel_bytes) {}

  std::size_t process(std::uint32_t index) const {
    return processes + index * sizeof(ProcessEntry);
  }
  std::size_t channel(std::uint32_t index) const { return channels + index * channel_bytes; }

  std::size_t request_lines_bytes;
  std::size_t reply_lines_bytes;
  std::size_t channel_bytes;
  std::size_t processes;  // offset
  std::size_t channels;   // offset
  std::size_t total;
};
static_assert(sizeof(RingControl) <= kPageBytes && sizeof(FabricHeader) <= kPageBytes);

bool ring_size_is_sound(std::uint32_t lines) {
  return std::has_single_bit(lines) && lines >= 64 && lines <= kLinesMax;
}

bool are_sound(const FabricLimits& limits) {
  return limits.processes >= 1 && limits.processes <= kEntriesMax && limits.channels >= 1 &&
         limits.channels <= kEntriesMax && ring_size_is_sound(limits.request_lines) &&
         ring_size_is_sound(limits.reply_lines);
}

FabricHeader* header_of(const SharedMemory& memory) {
  return reinterpret_cast<FabricHeader*>(memory.data());
}

absl::StatusOr<std::uint32_t> take_lowest(std::vector<bool>& used, const char* what) {
  const auto free = std::find(used.begin(), used.end(), false);
  if (free == used.end()) return absl::ResourceExhaustedError(what);
  *free = true;
  return static_cast<std::uint32_t>(free - used.begin());
}

}  // namespace

absl::StatusOr<Fabric> Fabric::create(const FabricLimits& limits) {
  if (!are_sound(limits)) return absl::InvalidArgumentError("fabric limits out of range");
  RAY_ASSIGN_OR_RETURN(SharedMemory memory,
                       SharedMemory::create("ray-fabric", FabricLayout(limits).total));
  const auto cores = static_cast<std::uint32_t>(usable_cores());
  new (memory.data()) FabricHeader{.magic = FabricHeader::kMagic,
                                   .version = FabricHeader::kVersion,
                                   .cores = cores,
                                   .limits = limits,
                                   .awake = 0};
  return Fabric(std::move(memory), limits, cores);
}

absl::StatusOr<Fabric> Fabric::map(base::UniqueFd fd) {
  RAY_ASSIGN_OR_RETURN(SharedMemory memory, SharedMemory::map(std::move(fd), Access::read_write));
  if (memory.size() < sizeof(FabricHeader)) return absl::DataLossError("no fabric: too small");
  const FabricHeader& header = *header_of(memory);
  if (header.magic != FabricHeader::kMagic || header.version != FabricHeader::kVersion) {
    return absl::FailedPreconditionError("no fabric of this version");
  }
  const FabricLimits limits = header.limits;
  if (!are_sound(limits) || FabricLayout(limits).total != memory.size()) {
    return absl::DataLossError("fabric whose sizes contradict each other");
  }
  const std::uint32_t cores = std::clamp(header.cores, 1u, 1u << 16);
  return Fabric(std::move(memory), limits, cores);
}

std::atomic<std::int32_t>& Fabric::awake() const { return header_of(memory_)->awake; }

ProcessEntry* Fabric::process(std::uint32_t index) const {
  if (index >= limits_.processes) return nullptr;
  return reinterpret_cast<ProcessEntry*>(memory_.data() + FabricLayout(limits_).process(index));
}

std::optional<Channel> Fabric::channel(std::uint32_t index) const {
  if (index >= limits_.channels) return std::nullopt;
  const FabricLayout layout(limits_);
  std::byte* requests = memory_.data() + layout.channel(index);
  std::byte* replies = requests + kPageBytes + pages(layout.request_lines_bytes);
  return Channel{.requests = {.control = reinterpret_cast<RingControl*>(requests),
                              .lines = requests + kPageBytes,
                              .capacity = limits_.request_lines},
                 .replies = {.control = reinterpret_cast<RingControl*>(replies),
                             .lines = replies + kPageBytes,
                             .capacity = limits_.reply_lines}};
}

void Fabric::reset_process(std::uint32_t index) const {
  ProcessEntry* entry = process(index);
  CHECK(entry != nullptr);
  // One that was killed while awake did not count itself out.
  if (entry->awake.exchange(0) != 0) awake().fetch_sub(1);
  entry->bell.state.store(Bell::kAwake);
  entry->bell.background.store(0);
  entry->cpu.store(ProcessEntry::kNoCpu);
}

absl::Status Fabric::reset_channel(std::uint32_t index) const {
  CHECK(index < limits_.channels);
  const FabricLayout layout(limits_);
  return memory_.punch_hole(layout.channel(index), layout.channel_bytes);
}

FabricAllocator::FabricAllocator(const Fabric& fabric)
    : fabric_(fabric), processes_(fabric.limits().processes), channels_(fabric.limits().channels) {}

absl::StatusOr<std::uint32_t> FabricAllocator::take_process() {
  return take_lowest(processes_, "no room for another process on this node");
}

absl::StatusOr<std::uint32_t> FabricAllocator::take_channel() {
  return take_lowest(channels_, "no room for another channel on this node");
}

void FabricAllocator::give_back_process(std::uint32_t index) {
  CHECK(index < processes_.size() && processes_[index]);
  fabric_.reset_process(index);
  processes_[index] = false;
}

absl::Status FabricAllocator::give_back_channel(std::uint32_t index) {
  CHECK(index < channels_.size() && channels_[index]);
  // Where the hole cannot be punched the channel is not new, and stays out of use.
  RAY_RETURN_IF_ERROR(fabric_.reset_channel(index));
  channels_[index] = false;
  return absl::OkStatus();
}

}  // namespace ray::ipc
