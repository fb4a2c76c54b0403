#include "runtime/local_engine/local_object.h"

#include <cstring>
#include <utility>

namespace ray::local_engine {
namespace {
constexpr std::align_val_t kAlignment{64};
}

LocalData::LocalData(std::size_t size, Cells nested, bool is_error)
    : bytes_(static_cast<std::byte*>(::operator new(size, kAlignment))),
      size_(size),
      is_error_(is_error) {
  set_nested(nested);
}

LocalData::~LocalData() {
  for (ObjectCell* cell : nested_) internal::drop(cell);
  ::operator delete(bytes_, kAlignment);
}

void LocalData::set_nested(Cells nested) {
  for (ObjectCell* cell : nested) {
    internal::acquire(cell);
    nested_.push_back(cell);
  }
}

DataPointer LocalData::error(std::span<const std::byte> encoded) {
  auto data = std::make_shared<LocalData>(encoded.size(), Cells(), true);
  if (!encoded.empty()) std::memcpy(data->bytes(), encoded.data(), encoded.size());
  return data;
}

DataPointer LocalData::error(internal::ErrorKind kind, std::string message) {
  internal::ErrorRecord record;
  record.kind = kind;
  record.message = std::move(message);
  return error(internal::encode_error(record));
}

}  // namespace ray::local_engine
