#include "runtime/core_worker/served_channel.h"

namespace ray::core_worker {

bool ServedChannel::write(RecordKind kind, std::uint32_t tag, std::uint64_t sequence,
                          std::span<const std::byte> payload) {
  if (!replies.write(static_cast<std::uint8_t>(kind), tag, sequence, payload)) return false;
  replies.publish();
  return true;
}

void ServedChannel::send(RecordKind kind, std::uint32_t tag, std::uint64_t sequence,
                         std::span<const std::byte> payload) {
  if (unsent_.empty() && write(kind, tag, sequence, payload)) return;
  unsent_.push_back({kind, tag, sequence, {payload.begin(), payload.end()}});
}

bool ServedChannel::flush() {
  bool any = false;
  while (!unsent_.empty()) {
    const Unsent& first = unsent_.front();
    if (!write(first.kind, first.tag, first.sequence, first.payload)) break;
    unsent_.pop_front();
    any = true;
  }
  return any;
}

}  // namespace ray::core_worker
