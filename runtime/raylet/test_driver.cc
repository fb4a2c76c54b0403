#include "runtime/raylet/test_driver.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace ray::raylet {
namespace {

// What this process has, sanitizers' options among it, and more.
std::vector<std::string> environment_with(std::vector<std::string> more) {
  for (char** entry = ::environ; *entry != nullptr; ++entry) more.emplace_back(*entry);
  return more;
}

}  // namespace

TestGcs::TestGcs(const std::string& parent) {
  int ends[2];
  CHECK(::pipe2(ends, O_CLOEXEC) == 0);
  const base::UniqueFd write_end(ends[1]);
  ipc::SpawnOptions options;
  options.path = RAY_TEST_DAEMON;
  options.arguments = {"rayd", "--role", "gcs", "--gcs-address", "127.0.0.1:0"};
  options.environment = environment_with({"XDG_RUNTIME_DIR=" + parent});
  options.fds = {{write_end.get(), 1}, {STDERR_FILENO, STDERR_FILENO}};
  options.death_signal = SIGKILL;
  daemon_ = ipc::spawn(options).value();
  FILE* output = ::fdopen(ends[0], "r");
  char session[256];
  char address[256];
  CHECK(::fscanf(output, "%255s %255s", session, address) == 2);
  ::fclose(output);
  address_ = address;
}

TestGcs::~TestGcs() {
  ::kill(daemon_.pid, SIGTERM);
  ::waitpid(daemon_.pid, nullptr, 0);
}

TestDriver::~TestDriver() {
  close();
  if (daemon_.pid <= 0) return;
  if (!daemon_ends() && daemon_.pid > 0) {  // it still runs
    ::kill(daemon_.pid, SIGKILL);
    ::waitpid(daemon_.pid, nullptr, 0);
  }
  if (session_) (void)session_->remove();
}

void TestDriver::start(const std::string& mode, std::vector<std::string> daemon_options) {
  session_ = base::Session::create(parent_).value();
  auto [ours, its] = ipc::UnixSocket::pair().value();
  ipc::SpawnOptions options;
  options.path = RAY_TEST_DAEMON;
  options.environment = environment_with({});
  options.arguments = {"rayd",        "--session-folder",         session_->path(),
                       "--owner-pid", std::to_string(::getpid()), "--owner-fd",
                       "3",           "--object-store-memory",    "16777216"};
  for (std::string& option : daemon_options) options.arguments.push_back(std::move(option));
  options.fds = {{STDERR_FILENO, STDERR_FILENO}, {its.fd(), 3}};
  daemon_ = ipc::spawn(options).value();
  socket_.emplace(std::move(ours));
  say_hello(mode);
}

void TestDriver::join(const std::string& session_folder, const std::string& mode) {
  socket_.emplace(ipc::UnixSocket::connect(session_folder + "/raylet.sock").value());
  say_hello(mode);
}

void TestDriver::say_hello(const std::string& mode) {
  ipc::Hello hello;
  hello.pid = ::getpid();
  hello.registry_hash = kTestRegistryHash;
  hello.name = "test";
  hello.working_folder = "/";
  hello.arguments = {"test_program", mode};
  const base::UniqueFd program(::open(RAY_TEST_PROGRAM, O_RDONLY | O_CLOEXEC));
  CHECK(program);
  const int attached[] = {program.get()};
  CHECK(socket_->send(ipc::encode_typed(hello), attached, kDeadlineNs).ok());
  welcome_ = await<ipc::Welcome>();
}

void TestDriver::demand(std::uint32_t scheduling_class, std::uint32_t wanted,
                        std::string_view resources, bool actor) {
  ipc::LeaseDemand demand;
  demand.scheduling_class = scheduling_class;
  demand.wanted = wanted;
  demand.actor = actor;
  demand.resources = base::ResourceSet::parse(resources).value();
  demand.label = "f";
  send(demand);
}

bool TestDriver::daemon_ends() {
  pollfd ended{.fd = daemon_.pidfd.get(), .events = POLLIN, .revents = 0};
  if (::poll(&ended, 1, kDeadlineNs / 1'000'000) != 1) return false;
  int status = -1;
  ::waitpid(daemon_.pid, &status, 0);
  daemon_.pid = -1;
  return status == 0 && !std::filesystem::exists(session_->path());
}

}  // namespace ray::raylet
