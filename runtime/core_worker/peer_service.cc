#include "runtime/core_worker/peer_service.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/core_worker/call_executor.h"
#include "runtime/core_worker/core.h"
#include "runtime/core_worker/oversized_records.h"
#include "runtime/core_worker/reference_table.h"

namespace ray::core_worker {

namespace {

// That every ring of the fabric takes.
std::size_t payload_bytes_max(const ipc::FabricLimits& limits) {
  return std::min(limits.request_lines / 2 * ipc::kRequestLineBytes,
                  limits.reply_lines / 2 * ipc::kReplyLineBytes) -
         ipc::kRecordHeaderBytes;
}

}  // namespace

class PeerService::RemoteWant final : public Watcher {
 public:
  RemoteWant(PeerService& peers, std::uint64_t process, std::uint64_t sequence, std::uint32_t slot)
      : peers_(peers), process_(process), sequence_(sequence), slot_(slot) {}

  void completed() override {
    peers_.send_value(process_, sequence_, slot_);
    delete this;
  }

 private:
  PeerService& peers_;
  const std::uint64_t process_;
  const std::uint64_t sequence_;
  const std::uint32_t slot_;
};

void PeerService::request_value(BorrowedCell& cell) {
  if (std::exchange(cell.requested, true)) return;
  if (is_dead(cell.id.owner)) {
    const auto error = core_.make_error(internal::ErrorKind::owner_died,
                                        "the process that owns the object has died");
    core_.references->arrive(cell, {.is_error = true, .bytes = error});
    return;
  }
  send(cell.id.owner, {RecordKind::want, cell.id.slot, cell.id.sequence, {}});
}

void PeerService::cancel(const BorrowedCell& cell, bool force) {
  if (cell.complete()) return;
  Outgoing message{RecordKind::cancel, cell.id.slot, cell.id.sequence, {}};
  RecordWriter(message.payload).put(CancelRequest{.force = force});
  send(cell.id.owner, std::move(message));
}

void PeerService::tell_source(std::uint64_t worker, const internal::ObjectId& task,
                              const StreamNews& news) {
  Outgoing message{RecordKind::stream_news, task.slot, task.sequence, {}};
  RecordWriter(message.payload).put(news);
  send(worker, std::move(message));
}

void PeerService::cancel_call(std::uint64_t worker, const internal::ObjectId& call) {
  send(worker, {RecordKind::cancel_call, call.slot, call.sequence, {}});
}

void PeerService::change_borrow(const internal::ObjectId& id, std::uint64_t process,
                                std::int32_t count) {
  if (id.owner == core_.welcome.process) {
    if (core_.table.find(id.sequence, id.slot) == nullptr) return;
    if (is_dead(process)) return;
    core_.table.borrower_added(id.slot, process, count, core_.effects);
    // The raylet reports the death only of processes that this one has a channel with.
    Peer& peer = peers_[process];
    if (peer.out == nullptr && !peer.opening && process != id.owner) open(process, peer);
    return;
  }
  Outgoing message{RecordKind::borrow, id.slot, id.sequence, {}};
  RecordWriter(message.payload).put(BorrowChange{.process = process, .count = count});
  send(id.owner, std::move(message));
}

void PeerService::open(std::uint64_t process, Peer& peer) {
  peer.opening = true;
  const std::uint64_t request = core_.control.next_request();
  openings_[request] = process;
  core_.control.queue(
      ipc::OpenChannel{.request = request, .peer = process, .purpose = ipc::ChannelPurpose::peer});
}

void PeerService::send(std::uint64_t process, Outgoing message) {
  if (is_dead(process)) return;
  Peer& peer = peers_[process];
  if (peer.out != nullptr && peer.waiting.empty() && try_send(*peer.out, message)) return;
  peer.waiting.push_back(std::move(message));
  ++unsent_;
  core_.leader->note_activity();  // nobody rings when there is room again
  if (peer.out == nullptr && !peer.opening) open(process, peer);
}

bool PeerService::try_send(Link& link, const Outgoing& message) {
  const auto kind = static_cast<std::uint8_t>(message.kind);
  auto write = [&](auto& producer) {
    if (!producer.write(kind, message.tag, message.sequence, message.payload)) return false;
    producer.publish();
    return true;
  };
  if (!(link.requests_out ? write(*link.requests_out) : write(*link.replies_out))) return false;
  core_.ring_later(*link.entry);
  return true;
}

void PeerService::flush(Peer& peer) {
  while (peer.out != nullptr && !peer.waiting.empty()) {
    if (!try_send(*peer.out, peer.waiting.front())) return;
    peer.waiting.pop_front();
    --unsent_;
  }
}

void PeerService::channel_opened(const ipc::ChannelOpened& opened) {
  std::uint64_t process = opened.peer;
  if (opened.initiator) {
    const auto request = openings_.find(opened.request);
    if (request == openings_.end()) return;
    process = request->second;
    openings_.erase(request);
    peers_[process].opening = false;
    if (!opened.error.empty()) {
      core_.process_gone(process, opened.error);
      return;
    }
  }
  ipc::ProcessEntry* entry = core_.fabric.process(opened.peer_index);
  const std::optional<ipc::Channel> rings = core_.fabric.channel(opened.channel);
  if (entry == nullptr || !rings) {
    core_.log.error("the raylet named a channel that is not in the fabric");
    return;
  }
  auto link = std::make_unique<Link>();
  link->process = process;
  link->channel = opened.channel;
  link->entry = entry;
  link->rings = *rings;
  if (opened.initiator) {
    link->requests_out.emplace(rings->requests);
    link->replies_in.emplace(rings->replies);
  } else {
    link->replies_out.emplace(rings->replies);
    link->requests_in.emplace(rings->requests);
  }
  Peer& peer = peers_[process];
  if (peer.out == nullptr) peer.out = link.get();
  links_.push_back(std::move(link));
  ++core_.poll_generation;
  flush(peer);
}

void PeerService::process_died(std::uint64_t process) {
  dead_.insert(process);
  for (const auto& link : links_) {
    if (link->process != process) continue;
    while (read(*link)) {
    }
    core_.control.queue(ipc::CloseChannel{link->channel});
  }
  const auto peer = peers_.find(process);
  if (peer != peers_.end()) {
    unsent_ -= peer->second.waiting.size();
    peers_.erase(peer);
  }
  std::erase_if(links_, [&](const auto& link) { return link->process == process; });
  ++core_.poll_generation;
}

void PeerService::add_rings(PollSet& rings) const {
  for (const auto& link : links_) {
    if (link->replies_in) {
      rings.add_replies(link->rings.replies);
    } else {
      rings.add_requests(link->rings.requests);
    }
  }
}

bool PeerService::progress() {
  bool any = false;
  // Reading may complete what adds no link; links come and go by control messages only.
  for (std::size_t i = 0; i < links_.size(); ++i) any |= read(*links_[i]);
  if (unsent_ != 0) {
    for (auto& [process, peer] : peers_) flush(peer);
  }
  return any;
}

bool PeerService::read(Link& link) {
  constexpr int kAtOnce = 64;
  auto drain = [&](auto& consumer) {
    ipc::Record record;
    int count = 0;
    while (count < kAtOnce && consumer.take(record) == ipc::TakeResult::record) {
      handle(link, record);
      ++count;
    }
    if (count != 0) consumer.release();
    return count != 0;
  };
  return link.replies_in ? drain(*link.replies_in) : drain(*link.requests_in);
}

void PeerService::handle(Link& link, const ipc::Record& record) {
  switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::want:
      return handle_want(link.process, record);
    case RecordKind::value:
      return handle_value(link.process, record);
    case RecordKind::stored_value:
      return handle_stored_value(link.process, record);
    case RecordKind::borrow:
      return handle_borrow(record);
    case RecordKind::cancel:
      return handle_cancel(record);
    case RecordKind::stream_news:
      return handle_stream_news(link.process, record);
    case RecordKind::cancel_call:
      return core_.executor->cancel({link.process, record.sequence, record.tag});
    default:
      core_.log.error("a peer wrote a record of kind ", static_cast<int>(record.kind));
  }
}

void PeerService::handle_want(std::uint64_t process, const ipc::Record& record) {
  if (is_dead(process)) return;
  const Record* wanted = core_.table.find(record.sequence, record.tag);
  if (wanted != nullptr && !wanted->complete()) {
    auto* want = new RemoteWant(*this, process, record.sequence, record.tag);
    core_.table.watch(record.tag, reinterpret_cast<std::uint64_t>(want));
    return;
  }
  send_value(process, record.sequence, record.tag);
}

void PeerService::send_value(std::uint64_t process, std::uint64_t sequence, std::uint32_t slot) {
  if (is_dead(process)) return;
  Outgoing message{RecordKind::value, slot, sequence, {}};
  RecordWriter writer(message.payload);
  DependencyHead head;
  const Record* record = core_.table.find(sequence, slot);
  if (record == nullptr) {
    const auto error =
        core_.make_error(internal::ErrorKind::object_lost, "the object was freed by its owner");
    head.is_error = 1;
    head.bytes = error.size();
    writer.put(head);
    writer.align();
    writer.put_bytes(error);
    return send(process, std::move(message));
  }
  head.is_error = record->state.load(std::memory_order_relaxed) == RecordState::failed;
  head.stored = record->form == ownership::ResultForm::stored;
  const auto bytes = head.stored ? std::span<const std::byte>() : record->result_bytes();
  head.bytes = bytes.size();
  const ReferenceList* nested = record->result_nested();
  head.nested = nested == nullptr ? 0 : static_cast<std::uint32_t>(nested->size());
  writer.put(head);
  if (head.stored != 0) {
    StoredAt stored;
    std::memcpy(stored.words, record->body.stored.location.data(), sizeof stored.words);
    writer.put(stored);
  }
  for (std::uint32_t i = 0; i < head.nested; ++i) {
    writer.put(packed_id((*nested)[i]->id));
    change_borrow((*nested)[i]->id, process, 1);
  }
  writer.align();
  writer.put_bytes(bytes);
  if (message.payload.size() > payload_bytes_max(core_.fabric.limits())) {
    return send_oversized(process, std::move(message));
  }
  send(process, std::move(message));
}

// The borrower owns what is stored for it, and frees it when it has read it.
void PeerService::send_oversized(std::uint64_t process, Outgoing message) {
  const base::ObjectId id{base::ProcessId{process}, message.sequence, message.tag};
  std::vector<std::byte> payload = std::move(message.payload);
  core_.oversized->store(
      id, std::move(payload),
      [this, process, sequence = message.sequence, slot = message.tag](const auto& location) {
        Outgoing sent{RecordKind::stored_value, slot, sequence, {}};
        RecordWriter writer(sent.payload);
        if (location.ok()) {
          StoredAt stored;
          const ownership::Location words = packed(*location);
          std::memcpy(stored.words, words.data(), sizeof stored.words);
          writer.put(stored);
        } else {
          sent.kind = RecordKind::value;
          const auto error = core_.make_error(internal::ErrorKind::object_store_full,
                                              std::string(location.status().message()));
          writer.put(DependencyHead{.bytes = error.size(), .is_error = 1});
          writer.align();
          writer.put_bytes(error);
        }
        send(process, std::move(sent));
      });
}

void PeerService::handle_stored_value(std::uint64_t process, const ipc::Record& record) {
  StoredAt stored;
  if (!RecordReader(record.payload).get(stored)) return;
  const object_store::Location location = unpacked(stored.words);
  const auto bytes = core_.store->pin(location);
  if (!bytes.ok()) {
    core_.log.error("a peer stored a value that is not there: ", bytes.status().message());
    return;
  }
  handle_value(process, {record.kind, record.tag, record.sequence, *bytes});
  core_.store->unpin(location);
  core_.free_later(location);
}

void PeerService::handle_value(std::uint64_t process, const ipc::Record& record) {
  RecordReader reader(record.payload);
  DependencyHead head;
  StoredAt stored;
  ReferenceTable::Arrival arrival;
  bool sound = reader.get(head) && (head.stored == 0 || reader.get(stored));
  for (std::uint32_t i = 0; sound && i < head.nested; ++i) {
    PackedId id;
    sound = reader.get(id);
    if (sound) arrival.nested.push_back(&core_.references->meet(object_id(id), 1));
  }
  sound = sound && reader.align() && reader.get_bytes(head.bytes, arrival.bytes);
  BorrowedCell* cell = core_.references->find_borrowed({process, record.sequence, record.tag});
  if (!sound || cell == nullptr) {
    if (!sound) core_.log.error("a peer wrote a value that makes no sense");
    core_.references->drop_all(arrival.nested);
    return;
  }
  arrival.is_error = head.is_error != 0;
  arrival.stored = head.stored != 0;
  arrival.location = unpacked(stored.words);
  core_.references->arrive(*cell, std::move(arrival));
}

void PeerService::handle_borrow(const ipc::Record& record) {
  BorrowChange change;
  if (!RecordReader(record.payload).get(change)) return;
  change_borrow({core_.welcome.process, record.sequence, record.tag}, change.process, change.count);
}

void PeerService::handle_cancel(const ipc::Record& record) {
  CancelRequest request;
  Record* task = core_.table.find(record.sequence, record.tag);
  if (task == nullptr || !RecordReader(record.payload).get(request)) return;
  core_.cancel(ReferenceTable::task_of(cell_of(*task)), request.force != 0);
}

void PeerService::handle_stream_news(std::uint64_t process, const ipc::Record& record) {
  StreamNews news;
  if (!RecordReader(record.payload).get(news)) return;
  core_.executor->items().told({process, record.sequence, record.tag}, news);
}

}  // namespace ray::core_worker
