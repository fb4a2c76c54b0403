// Session is the folder of one running local cluster: its sockets and logs. It exists as long as
// its process holds the lock of a file inside, which the kernel drops when that process dies, so
// that the next session can remove what a killed one left behind.
//
// Layout: <parent>/ray-cc-<uid>/session-<16 hex>/lock, all of mode 0700, refused where another user
// owns any of it. <parent>/ray-cc-<uid>/lock is held while sessions are made or swept.
// Threading: a plain value; create and sweep may run in several processes at once.
// Limits: the lock follows the descriptor through fork(), not through exec.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/base/unique_fd.h"

namespace ray::base {

class Session {
 public:
  // Makes and locks a new folder. `parent` is $XDG_RUNTIME_DIR or /tmp: it exists already.
  static absl::StatusOr<Session> create(const std::string& parent);

  // Takes over a session whose process has died or is about to: the folder is this one's to remove.
  // It is refused where it is no session of this user. Locked where the lock is free by now.
  static absl::StatusOr<Session> adopt(const std::string& path);

  Session(Session&&) noexcept = default;
  Session& operator=(Session&&) noexcept = default;
  ~Session() = default;  // unlocks; remove() is asked for, since a crash must not differ from it

  const std::string& path() const { return path_; }
  // For a child that is to hold the session as well: it stays locked until both have ended.
  int lock_fd() const { return lock_.get(); }
  // Deletes the folder and what is in it, and unlocks.
  absl::Status remove();

 private:
  Session(std::string path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  UniqueFd lock_;
};

// Removes the sessions of this user under `parent` that no process holds; gives their paths.
absl::StatusOr<std::vector<std::string>> sweep_sessions(const std::string& parent);

}  // namespace ray::base
