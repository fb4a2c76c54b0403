#include "runtime/ipc/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "runtime/base/status.h"
#include "runtime/base/text.h"

namespace ray::ipc {
namespace {

constexpr int kSizeSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

int protection(Access access) {
  return access == Access::read_only ? PROT_READ : PROT_READ | PROT_WRITE;
}

}  // namespace

absl::StatusOr<SharedMemory> SharedMemory::create(const std::string& name, std::size_t bytes) {
  base::UniqueFd fd(memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return base::errno_status("memfd_create");
  if (ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) {
    return base::errno_status(base::concat("reserve ", bytes, " bytes of shared memory"));
  }
  if (fcntl(fd.get(), F_ADD_SEALS, kSizeSeals) != 0) return base::errno_status("seal a memfd");
  return map_sized(std::move(fd), bytes, Access::read_write);
}

absl::StatusOr<SharedMemory> SharedMemory::map(base::UniqueFd fd, Access access) {
  const int seals = fcntl(fd.get(), F_GET_SEALS);
  if (seals < 0) return base::errno_status("read the seals of a memfd");
  if ((seals & F_SEAL_SHRINK) == 0) {
    return absl::InvalidArgumentError("shared memory that its owner could still cut off");
  }
  struct stat found;
  if (fstat(fd.get(), &found) != 0) return base::errno_status("fstat a memfd");
  return map_sized(std::move(fd), static_cast<std::size_t>(found.st_size), access);
}

absl::StatusOr<SharedMemory> SharedMemory::map_sized(base::UniqueFd fd, std::size_t bytes,
                                                     Access access) {
  void* data = mmap(nullptr, bytes, protection(access), MAP_SHARED | MAP_NORESERVE, fd.get(), 0);
  if (data == MAP_FAILED) {
    return base::errno_status(base::concat("map ", bytes, " bytes of shared memory"));
  }
  SharedMemory memory(std::move(fd), static_cast<std::byte*>(data), bytes);
  if (madvise(data, bytes, MADV_DONTFORK) != 0) return base::errno_status("madvise DONTFORK");
  return memory;
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : fd_(std::move(other.fd_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) munmap(data_, size_);
}

absl::Status SharedMemory::protect(std::size_t offset, std::size_t length, Access access) const {
  std::byte* start = at(offset, length);
  if (start == nullptr) return absl::OutOfRangeError("protect beyond the shared memory");
  if (mprotect(start, length, protection(access)) != 0) return base::errno_status("mprotect");
  return absl::OkStatus();
}

absl::Status SharedMemory::punch_hole(std::size_t offset, std::size_t length) const {
  if (at(offset, length) == nullptr) {
    return absl::OutOfRangeError("punch a hole beyond the shared memory");
  }
  if (fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                static_cast<off_t>(length)) != 0) {
    return base::errno_status("punch a hole into shared memory");
  }
  return absl::OkStatus();
}

absl::Status SharedMemory::populate(std::size_t offset, std::size_t length) const {
  std::byte* start = at(offset, length);
  if (start == nullptr) return absl::OutOfRangeError("populate beyond the shared memory");
  if (madvise(start, length, MADV_POPULATE_WRITE) != 0) {
    return base::errno_status("populate shared memory");
  }
  return absl::OkStatus();
}

}  // namespace ray::ipc
