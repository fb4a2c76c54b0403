#include <ray/error.h>
#include <ray/internal/codec_stream.h>
#include <sys/mman.h>

#include <cstdint>
#include <map>
#include <new>
#include <string>
#include <utility>

namespace ray::inline v1::internal {

void throw_corrupt(const char* why) {
  throw_error(ErrorKind::error, std::string("these bytes are not what they should be: ") + why);
}

void throw_size_changed() {
  throw_error(ErrorKind::error,
              "a value changed while it was encoded, or its own functions wrote something else the "
              "second time");
}

void use_large_pages(void* memory, std::size_t bytes) noexcept {
  constexpr std::uintptr_t kPage = std::uintptr_t{2} << 20;
  const auto begin = (reinterpret_cast<std::uintptr_t>(memory) + kPage - 1) & ~(kPage - 1);
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) & ~(kPage - 1);
  // A system without them refuses, and the memory is as good as before.
  if (begin < end) (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

struct SharedTable::State {
  std::map<std::pair<const void*, const void*>, std::uint64_t> numbers;
};

void SharedTable::destroy(State* state) { delete state; }

std::pair<std::uint64_t, bool> SharedTable::add(const void* object, const void* type) {
  if (state_ == nullptr) state_ = new State;
  auto [at, fresh] = state_->numbers.emplace(std::pair(object, type), state_->numbers.size() + 1);
  return {at->second, fresh};
}

std::byte* Decoder::scratch(std::size_t bytes, std::size_t alignment) {
  scratch_.emplace_back(new std::byte[bytes + alignment]);
  auto address = reinterpret_cast<std::uintptr_t>(scratch_.back().get());
  return scratch_.back().get() + padding(address, alignment);
}

}  // namespace ray::inline v1::internal
