// SharedMemory is a mapped memfd: memory that several processes of a node see, which has no name in
// the file system and is gone with the last process that holds it.
//
// The file is sealed against change of size, so that no peer can turn a read into a SIGBUS by
// cutting it off; map() refuses a file without that seal. Pages are reserved, not allocated: an
// untouched page costs nothing. A mapping is MADV_DONTFORK (a user's fork() does not inherit it)
// and the descriptor close-on-exec. Positions in it are passed as offsets; addresses differ.
// Threading: constant after construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/unique_fd.h"

namespace ray::ipc {

enum class Access { read_only, read_write };

class SharedMemory {
 public:
  // `name` appears in /proc/<pid>/maps. The memory is zero.
  static absl::StatusOr<SharedMemory> create(const std::string& name, std::size_t bytes);
  // Maps all of a descriptor that a peer sent.
  static absl::StatusOr<SharedMemory> map(base::UniqueFd fd, Access access);

  SharedMemory() = default;
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  ~SharedMemory();

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  int fd() const { return fd_.get(); }

  // Null where [offset, offset + length) does not lie inside: for offsets that a peer sent.
  std::byte* at(std::size_t offset, std::size_t length) const {
    return offset <= size_ && length <= size_ - offset ? data_ + offset : nullptr;
  }

  // Changes the access of the pages [offset, offset + length), both multiples of 4096.
  absl::Status protect(std::size_t offset, std::size_t length, Access access) const;
  // Gives the pages back to the machine; they read as zero from then on, in every process.
  absl::Status punch_hole(std::size_t offset, std::size_t length) const;
  // Allocates the pages now, so that the first write to them is fast. Blocks 0.3 ms per MiB.
  absl::Status populate(std::size_t offset, std::size_t length) const;

 private:
  SharedMemory(base::UniqueFd fd, std::byte* data, std::size_t size)
      : fd_(std::move(fd)), data_(data), size_(size) {}
  static absl::StatusOr<SharedMemory> map_sized(base::UniqueFd fd, std::size_t bytes,
                                                Access access);

  base::UniqueFd fd_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ray::ipc
