// TaskSubmitter turns what a stub hands over into records of the owner's table: tasks, methods,
// actors and values of put.
//
// Threading: without the lock, from any thread.
#pragma once

#include <ray/internal/engine.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/core_worker/call_plan.h"
#include "runtime/core_worker/cells.h"
#include "runtime/ipc/control_messages.h"

namespace ray::core_worker {

class Core;
struct ActorEntry;

class TaskSubmitter {
 public:
  TaskSubmitter(Core& core, FunctionTable& functions) : core_(core), functions_(functions) {}

  void submit(const internal::Submission& call, std::span<ObjectCell*> returns);
  ObjectCell* create_actor(const internal::Submission& constructor);
  internal::FoundActor find_actor(std::string_view name, std::string_view name_space);
  ObjectCell* put(std::span<const std::byte> bytes, internal::Cells nested);
  ObjectCell* put(const internal::Buffer& filled, internal::Cells nested);
  void cancel(ObjectCell& result, bool force);

 private:
  void fill(std::uint32_t slot, const internal::Submission& call);
  void add_results(std::uint32_t slot, std::span<ObjectCell*> returns);
  bool await_all(std::uint32_t slot, internal::Cells dependencies);
  void check_pending(const ActorEntry& actor);
  std::optional<internal::ObjectId> register_actor(const internal::ObjectId& id,
                                                   const internal::CallOptions& options,
                                                   const char* class_name);
  std::optional<ipc::ActorFound> look_up(std::string_view name, std::string_view name_space);
  ObjectCell* borrow_actor(const internal::ObjectId& id);

  Core& core_;
  FunctionTable& functions_;
};

}  // namespace ray::core_worker
