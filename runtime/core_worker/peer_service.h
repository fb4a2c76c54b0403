// PeerService speaks with other owners and borrowers: it asks owners for the values of borrowed
// objects, answers such questions, and passes on who borrows what.
//
// Between two processes there is one link for each direction of asking that was ever needed; what
// this process sends to another always takes the same link, so it arrives in order: that a borrow
// begins before it ends. Argument bytes and values never pass a raylet.
// Threading: under the engine's lock.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "runtime/core_worker/call_format.h"
#include "runtime/core_worker/cells.h"
#include "runtime/core_worker/progress_leader.h"
#include "runtime/ipc/fabric.h"

namespace ray::core_worker {

class Core;

class PeerService {
 public:
  explicit PeerService(Core& core) : core_(core) {}

  // Asks the owner, once; the answer completes the cell.
  void request_value(BorrowedCell& cell);
  // Asks the owner to cancel the task that makes it.
  void cancel(const BorrowedCell& cell, bool force);
  // Tells `worker`, which runs the generator that is `task`.
  void tell_source(std::uint64_t worker, const internal::ObjectId& task, const StreamNews& news);
  // Asks the worker of an async actor to end a call that waits there.
  void cancel_call(std::uint64_t worker, const internal::ObjectId& call);
  // `process` holds the object `id` `count` times more: told to its owner, here or elsewhere.
  void change_borrow(const internal::ObjectId& id, std::uint64_t process, std::int32_t count);

  void channel_opened(const ipc::ChannelOpened& opened);
  void process_died(std::uint64_t process);
  bool is_dead(std::uint64_t process) const { return dead_.contains(process); }

  // Reads what has come; true if there was any.
  bool progress();
  void add_rings(PollSet& rings) const;
  bool has_links() const { return !links_.empty(); }
  bool has_unsent() const { return unsent_ != 0; }

 private:
  struct Outgoing {
    RecordKind kind;
    std::uint32_t tag;
    std::uint64_t sequence;
    std::vector<std::byte> payload;
  };
  // One channel; this process writes requests where it is the initiator, else replies.
  struct Link {
    std::uint64_t process = 0;
    std::uint32_t channel = 0;
    ipc::ProcessEntry* entry = nullptr;
    ipc::Channel rings;
    std::optional<ipc::RequestProducer> requests_out;
    std::optional<ipc::ReplyConsumer> replies_in;
    std::optional<ipc::ReplyProducer> replies_out;
    std::optional<ipc::RequestConsumer> requests_in;
  };
  // Everything about one other process.
  struct Peer {
    bool opening = false;
    Link* out = nullptr;
    std::deque<Outgoing> waiting;  // for the link, or for room
  };
  // A borrower waits for the value of a record of ours.
  class RemoteWant;

  void open(std::uint64_t process, Peer& peer);
  void send(std::uint64_t process, Outgoing message);
  bool try_send(Link& link, const Outgoing& message);
  void flush(Peer& peer);
  bool read(Link& link);
  void handle(Link& link, const ipc::Record& record);
  void handle_want(std::uint64_t process, const ipc::Record& record);
  void handle_value(std::uint64_t process, const ipc::Record& record);
  void handle_stored_value(std::uint64_t process, const ipc::Record& record);
  void send_oversized(std::uint64_t process, Outgoing message);
  void handle_borrow(const ipc::Record& record);
  void handle_cancel(const ipc::Record& record);
  void handle_stream_news(std::uint64_t process, const ipc::Record& record);
  void send_value(std::uint64_t process, std::uint64_t sequence, std::uint32_t slot);

  Core& core_;
  std::vector<std::unique_ptr<Link>> links_;
  absl::flat_hash_map<std::uint64_t, Peer> peers_;
  absl::flat_hash_map<std::uint64_t, std::uint64_t> openings_;  // request -> process
  absl::flat_hash_set<std::uint64_t> dead_;
  std::size_t unsent_ = 0;  // messages in all `waiting`
};

}  // namespace ray::core_worker
