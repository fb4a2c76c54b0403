// CallExecution is one call as the dispatcher of its function sees it, from the record in the ring
// to the reply.
//
// Threading: the thread that runs the call; what it says needs the engine's lock, needs it.
#pragma once

#include <ray/internal/engine.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/core_worker/call_format.h"
#include "runtime/core_worker/call_plan.h"
#include "runtime/core_worker/cells.h"
#include "runtime/ipc/record_ring.h"
#include "runtime/object_store/store_client.h"

namespace ray::core_worker {

class Core;

class CallExecution final : public internal::Execution {
 public:
  explicit CallExecution(Core& core) : core_(core) {}

  // Takes the call apart; false where it makes no sense. `payload` stays readable until finish().
  // Under the lock.
  bool parse(const ipc::RecordHeader& name, std::uint64_t owner,
             std::span<const std::byte> payload);
  std::uint64_t function_key() const { return head_.function; }
  // Pins what lies in the store. On failure the call has failed.
  bool prepare();

  internal::Value dependency(std::size_t index) override;
  std::byte* result(std::size_t index, std::size_t bytes, internal::Cells nested) override;
  bool yield() override;
  void fail(std::span<const std::byte> error) override;
  void construct(void* object, void (*destroy)(void*)) override;

  void fail(internal::ErrorKind kind, const std::string& message);
  bool has_failed() const { return failed_; }
  void* made_object() const { return object_; }
  void (*destroy_object() const)(void*) { return destroy_; }
  internal::ObjectId actor() const { return object_id(actor_head_.id); }  // that it constructs
  const ActorHead& actor_head() const { return actor_head_; }
  const ConcurrencyLimits& actor_limits() const { return actor_limits_; }
  const std::string& group() const { return group_; }         // "": the annotation's
  std::uint64_t item_window() const { return item_window_; }  // 0: the annotation's
  internal::ObjectId id() const { return {owner_, sequence_, slot_}; }

  // Writes the reply into `payload` and says of which kind it is. Large results are sealed first,
  // by seal(), without the lock.
  void seal();
  RecordKind write_reply(std::vector<std::byte>& payload, std::uint64_t ticks);
  // The same for result 0 as item `index` of a stream; drop_item() makes room for the next.
  void seal_item(std::uint64_t index);
  RecordKind write_item(std::vector<std::byte>& payload, std::uint64_t index);
  void drop_item();
  // Puts a reply that is too large for a ring into the store, and what it is then in its place;
  // without the lock. On failure the call has failed, and its reply is to be written again.
  bool store_reply(std::vector<std::byte>& payload);
  // Under the lock, after the reply is written.
  void finish();

 private:
  struct Dependency {
    bool stored = false;
    object_store::Location location;
    std::span<const std::byte> bytes;
    std::vector<internal::ObjectCell*> nested;
    std::shared_ptr<const void> pin;
  };
  struct Result {
    std::vector<std::byte> bytes;
    object_store::Extent extent;  // where it is large
    object_store::Location location;
    bool large = false;   // in `extent`, not sealed yet
    bool stored = false;  // sealed at `location`
    ReferenceList nested;
  };

  bool parse_stored(std::span<const std::byte>& payload);
  bool parse_lists(RecordReader& reader);
  bool parse_actor(RecordReader& reader);
  bool parse_ids(RecordReader& reader, std::uint32_t count, std::vector<ObjectCell*>& cells);
  bool pin(const object_store::Location& location, std::span<const std::byte>& bytes,
           std::shared_ptr<const void>& pin);
  void forget_results();
  void seal(Result& result, std::uint64_t sequence, std::uint32_t slot);
  void write_result(RecordWriter& writer, const Result& result);

  Core& core_;
  std::uint64_t owner_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint32_t slot_ = 0;
  CallHead head_;
  ActorHead actor_head_;
  ConcurrencyLimits actor_limits_;
  std::string group_;
  std::uint64_t item_window_ = 0;
  std::shared_ptr<const void> record_pin_;  // where the record itself is in the store
  bool large_arguments_ = false;
  object_store::Location arguments_location_;
  std::shared_ptr<const void> arguments_pin_;
  std::vector<ObjectCell*> nested_;
  std::vector<ObjectCell*> lent_;  // all references that came with the call
  std::vector<ResultName> names_;  // of the results after the first
  std::vector<Dependency> dependencies_;

  std::vector<Result> results_;
  std::size_t results_used_ = 0;
  std::size_t inline_total_ = 0;
  bool failed_ = false;
  std::vector<std::byte> error_;
  std::vector<std::byte> store_full_;  // what result() threw, as an error of its own kind
  void* object_ = nullptr;
  void (*destroy_)(void*) = nullptr;
};

}  // namespace ray::core_worker
