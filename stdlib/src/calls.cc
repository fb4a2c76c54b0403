// What calls need beside templates: buffers on the way out, errors on the way in, and the table of
// functions that are called by pointer.
#include <ray/cluster.h>
#include <ray/error.h>
#include <ray/internal/generated.h>
#include <ray/internal/plain_call.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace ray::inline v1::internal {
namespace {

// One buffer of kInlineBytesMax a thread, lent to the outermost call that needs one.
struct ThreadBuffer {
  std::unique_ptr<std::byte[]> memory;
};
thread_local ThreadBuffer thread_buffer;

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kThreadBytes = Engine::kInlineBytesMax + kAlignment;

struct PointerTable {
  struct Entry {
    std::array<std::byte, 16> bytes{};
    const void* tag = nullptr;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::mutex mutex;
  std::vector<Entry> entries;
};

PointerTable& pointer_table() {
  static auto* table = new PointerTable;
  return *table;
}

// Whether the exception being handled is that of a call which was cancelled while it waited.
bool is_own_cancellation(const Execution& execution) {
  if (execution.resumer == nullptr || !execution.resumer->was_cancelled()) return false;
  try {
    throw;
  } catch (const TaskCancelledError&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

void OutgoingBuffer::grow() {
  if (size_ > Engine::kInlineBytesMax) {
    large_ = engine_.allocate(size_);
    data_ = large_.data;
    return;
  }
  heap_ = std::move(thread_buffer.memory);
  if (heap_ == nullptr) heap_.reset(new std::byte[kThreadBytes]);
  data_ = heap_.get() + padding(reinterpret_cast<std::uintptr_t>(heap_.get()), kAlignment);
}

void OutgoingBuffer::shrink() noexcept {
  if (large_.data != nullptr) engine_.abandon(large_);
  if (heap_ != nullptr) thread_buffer.memory = std::move(heap_);
}

void fail_with_current_exception(Execution& execution, const FunctionInfo& info) noexcept {
  std::string where =
      std::string(info.name) + " (" + info.file + ":" + std::to_string(info.line) + ")";
  std::string node_id;
  try {
    if (Engine* engine = engine_or_null()) node_id = engine->runtime_context().node_id;
  } catch (...) {  // the record then names no node
  }
  ErrorRecord record = current_exception_record(info.name, where, node_id);
  if (is_own_cancellation(execution)) record.kind = ErrorKind::task_cancelled;
  execution.fail(encode_error(record));
}

FunctionRecord* annotated_function(const void* pointer, const void* type) {
  FunctionRecord* record = find_function(pointer, type);
  if (record != nullptr && record->num_returns != 1) {
    throw_invalid_argument(std::string(record->name) +
                           " has several returns: call it as f.remote(...)");
  }
  return record;
}

std::uint64_t number_of_pointer(const void* pointer, std::size_t size, const void* tag) {
  PointerTable::Entry entry;
  std::memcpy(entry.bytes.data(), pointer, size);
  entry.tag = tag;
  PointerTable& table = pointer_table();
  std::lock_guard lock(table.mutex);
  for (std::size_t i = 0; i < table.entries.size(); ++i) {
    if (table.entries[i] == entry) return i;
  }
  table.entries.push_back(entry);
  return table.entries.size() - 1;
}

void pointer_of_number(std::uint64_t number, void* pointer, std::size_t size, const void* tag) {
  PointerTable& table = pointer_table();
  std::lock_guard lock(table.mutex);
  if (number >= table.entries.size() || table.entries[number].tag != tag) {
    throw_error(ErrorKind::error,
                "this function is known in the process that called it only: annotate it with "
                "[[ray::remote]] and compile it with ray-cc");
  }
  std::memcpy(pointer, table.entries[number].bytes.data(), size);
}

}  // namespace ray::inline v1::internal
