#include "runtime/main/output_tailer.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace ray::main {
namespace {

constexpr std::string_view kFilePrefix = "worker-";

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the driver's terminal is gone: nobody is left to tell
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

OutputTailer::OutputTailer(std::string folder, int out_fd, int err_fd)
    : folder_(std::move(folder)), out_fd_(out_fd), err_fd_(err_fd) {
  inotify_fd_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  stop_fd_ = ::eventfd(0, EFD_CLOEXEC);
  ::inotify_add_watch(inotify_fd_, folder_.c_str(), IN_CREATE | IN_MODIFY);
  thread_ = std::thread([this] { run(); });
}

OutputTailer::~OutputTailer() {
  stop();
  ::close(inotify_fd_);
  ::close(stop_fd_);
}

void OutputTailer::stop() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  (void)!::write(stop_fd_, &one, sizeof one);
  thread_.join();
}

void OutputTailer::run() {
  for (bool last = false; !last;) {
    pollfd polled[2] = {{inotify_fd_, POLLIN, 0}, {stop_fd_, POLLIN, 0}};
    if (::poll(polled, 2, -1) < 0 && errno != EINTR) return;
    last = (polled[1].revents & POLLIN) != 0;
    char events[4096];  // which file changed is not looked up: reading a file to its end is cheap
    while (::read(inotify_fd_, events, sizeof events) > 0) {
    }
    open_new_files();
    for (auto& [name, file] : files_) copy(file, last);
  }
  for (auto& [name, file] : files_) ::close(file.fd);
  files_.clear();
}

void OutputTailer::open_new_files() {
  DIR* folder = ::opendir(folder_.c_str());
  if (folder == nullptr) return;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string name = entry->d_name;
    if (name.starts_with(kFilePrefix) && !files_.contains(name)) open_file(name);
  }
  ::closedir(folder);
}

void OutputTailer::open_file(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return;
  const int fd = ::open((folder_ + "/" + name).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  const bool is_error = name.substr(dot) == ".err";
  files_[name] = File{.fd = fd,
                      .out_fd = is_error ? err_fd_ : out_fd_,
                      .pid = name.substr(kFilePrefix.size(), dot - kFilePrefix.size()),
                      .task = "worker",
                      .pending = ""};
}

void OutputTailer::copy(File& file, bool last) {
  char buffer[16384];
  for (;;) {
    const ssize_t size = ::read(file.fd, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    file.pending.append(buffer, static_cast<std::size_t>(size));
    std::size_t begin = 0;
    for (std::size_t end; (end = file.pending.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      show(file, std::string_view(file.pending).substr(begin, end - begin));
    }
    file.pending.erase(0, begin);
  }
  if (last && !file.pending.empty()) {
    show(file, file.pending);
    file.pending.clear();
  }
}

void OutputTailer::show(File& file, std::string_view line) {
  // A task may end without a newline: the marker of the next then stands behind its last words.
  if (const std::size_t marker = line.find(kTaskMarker); marker != std::string_view::npos) {
    if (marker > 0) show(file, line.substr(0, marker));
    file.task = line.substr(marker + kTaskMarker.size());
    return;
  }
  std::string text = "(" + file.task + " pid=" + file.pid + ") ";
  text.append(line).push_back('\n');
  write_all(file.out_fd, text);  // one write a line, so that lines of several workers do not mix
}

}  // namespace ray::main
