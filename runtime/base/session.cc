#include "runtime/base/session.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "absl/status/status.h"
#include "runtime/base/ids.h"
#include "runtime/base/status.h"
#include "runtime/base/text.h"

namespace ray::base {
namespace {

constexpr std::string_view kSessionPrefix = "session-";

std::string folder_of_user(const std::string& parent) {
  return concat(parent, "/ray-cc-", getuid());
}

// /tmp is everybody's: a folder of our name may have been put there by another user.
absl::Status make_private_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return errno_status(concat("create ", path));
  }
  struct stat found;
  if (lstat(path.c_str(), &found) != 0) return errno_status(concat("look at ", path));
  if (!S_ISDIR(found.st_mode) || found.st_uid != getuid() || (found.st_mode & 077) != 0) {
    return absl::PermissionDeniedError(
        concat(path, " is not a folder that only this user can reach"));
  }
  return absl::OkStatus();
}

// Opens and locks `path`, or waits for its lock. `wait` false: Unavailable where it is held.
absl::StatusOr<UniqueFd> lock_file(const std::string& path, int open_flags, bool wait) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | open_flags, 0600));
  if (!fd) return errno_status(concat("open ", path));
  while (flock(fd.get(), wait ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return absl::UnavailableError(concat(path, " is locked"));
    return errno_status(concat("lock ", path));
  }
  return fd;
}

absl::Status remove_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return errno_status(concat("remove ", path), error.value());
  return absl::OkStatus();
}

// Held while sessions appear and disappear, for milliseconds: without it a sweep could remove a
// folder between its creation and its lock.
absl::StatusOr<UniqueFd> lock_all_sessions(const std::string& parent) {
  RAY_RETURN_IF_ERROR(make_private_folder(folder_of_user(parent)));
  return lock_file(folder_of_user(parent) + "/lock", O_CREAT, true);
}

}  // namespace

absl::StatusOr<Session> Session::create(const std::string& parent) {
  RAY_ASSIGN_OR_RETURN(const UniqueFd all, lock_all_sessions(parent));
  const std::string path =
      concat(folder_of_user(parent), "/", kSessionPrefix, to_hex(random_bits()));
  RAY_RETURN_IF_ERROR(make_private_folder(path));
  RAY_ASSIGN_OR_RETURN(UniqueFd lock, lock_file(path + "/lock", O_CREAT | O_EXCL, true));
  return Session(path, std::move(lock));
}

absl::StatusOr<Session> Session::adopt(const std::string& path) {
  if (!std::filesystem::path(path).filename().string().starts_with(kSessionPrefix)) {
    return absl::InvalidArgumentError(concat(path, " is not a session"));
  }
  struct stat found;
  if (lstat(path.c_str(), &found) != 0) return errno_status(concat("look at ", path));
  if (!S_ISDIR(found.st_mode) || found.st_uid != getuid()) {
    return absl::PermissionDeniedError(concat(path, " is not a folder of this user"));
  }
  absl::StatusOr<UniqueFd> lock = lock_file(path + "/lock", 0, false);
  if (!lock.ok() && !absl::IsUnavailable(lock.status())) return lock.status();
  return Session(path, lock.ok() ? *std::move(lock) : UniqueFd());
}

absl::Status Session::remove() {
  const absl::Status status = remove_folder(path_);
  lock_.reset();
  return status;
}

absl::StatusOr<std::vector<std::string>> sweep_sessions(const std::string& parent) {
  RAY_ASSIGN_OR_RETURN(const UniqueFd all, lock_all_sessions(parent));
  std::vector<std::string> swept;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of_user(parent), error)) {
    const std::string path = entry.path().string();
    if (!entry.path().filename().string().starts_with(kSessionPrefix)) continue;
    const absl::StatusOr<UniqueFd> lock = lock_file(path + "/lock", 0, false);
    // A folder without a lock file: its creator died right after making it.
    if (!lock.ok() && !absl::IsNotFound(lock.status())) continue;
    RAY_RETURN_IF_ERROR(remove_folder(path));
    swept.push_back(path);
  }
  if (error) return errno_status(concat("list ", folder_of_user(parent)), error.value());
  return swept;
}

}  // namespace ray::base
