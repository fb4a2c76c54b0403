// OutputTailer copies what a job's workers print to the driver's own stdout and stderr, a line at a
// time, each with a prefix that says who printed it: "(retrieve pid=123) text".
//
// Workers write plain files, worker-<pid>.out and worker-<pid>.err in one folder, so that a stopped
// driver never blocks a worker's printf. A line "\x01ray:task NAME" in a file is not shown: it
// names the function that what follows comes from.
//
// Threading: one thread of its own between the constructor and stop(). Ownership: borrows the two
// descriptors it prints to.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace ray::main {

inline constexpr std::string_view kTaskMarker = "\x01ray:task ";

class OutputTailer {
 public:
  OutputTailer(std::string folder, int out_fd, int err_fd);
  ~OutputTailer();
  OutputTailer(const OutputTailer&) = delete;
  OutputTailer& operator=(const OutputTailer&) = delete;

  // Shows all that the files hold by now, unfinished lines too, and ends the thread.
  void stop();

 private:
  struct File {
    int fd = -1;
    int out_fd = -1;  // where its lines go
    std::string pid;
    std::string task;     // from the last marker
    std::string pending;  // read, without its newline yet
  };

  void run();
  void open_new_files();
  void open_file(const std::string& name);
  void copy(File& file, bool last);
  void show(File& file, std::string_view line);

  const std::string folder_;
  const int out_fd_;
  const int err_fd_;
  int inotify_fd_ = -1;
  int stop_fd_ = -1;
  std::map<std::string, File> files_;  // by name; the thread's alone
  std::thread thread_;
};

}  // namespace ray::main
