#include "runtime/rpc/record_codec.h"

namespace ray::rpc {

void to_proto(const base::ObjectId& id, proto::ObjectId& message) {
  message.set_owner(id.owner.value);
  message.set_sequence(id.sequence);
  message.set_slot(id.slot);
}

void to_proto(const NodeRecord& record, proto::NodeRecord& message) {
  message.set_id(record.id.value);
  message.set_address(record.address);
  message.set_alive(record.alive);
  message.mutable_resources()->insert(record.resources.begin(), record.resources.end());
  message.mutable_available()->insert(record.available.begin(), record.available.end());
  message.mutable_labels()->insert(record.labels.begin(), record.labels.end());
}

void to_proto(const JobRecord& record, proto::JobRecord& message) {
  message.set_id(record.id.value);
  message.set_node(record.node.value);
  message.set_driver(record.driver.value);
  message.set_name(record.name);
  message.set_running(record.running);
}

void to_proto(const ActorRecord& record, proto::ActorRecord& message) {
  to_proto(record.id, *message.mutable_id());
  message.set_job(record.job.value);
  message.set_class_name(record.class_name);
  message.set_name(record.name);
  message.set_name_space(record.name_space);
  message.set_detached(record.detached);
  message.set_max_restarts(record.max_restarts);
  message.set_max_task_retries(record.max_task_retries);
  message.set_state(static_cast<proto::ActorRecord::State>(record.state));
  message.set_node(record.node.value);
  message.set_worker(record.worker.value);
  message.set_restarts(record.restarts);
  message.set_cause(record.cause);
  message.set_layout(record.layout);
}

base::ObjectId from_proto(const proto::ObjectId& message) {
  return base::ObjectId{base::ProcessId{message.owner()}, message.sequence(), message.slot()};
}

NodeRecord from_proto(const proto::NodeRecord& message) {
  NodeRecord record;
  record.id = base::NodeId{message.id()};
  record.address = message.address();
  record.alive = message.alive();
  record.resources.insert(message.resources().begin(), message.resources().end());
  record.available.insert(message.available().begin(), message.available().end());
  record.labels.insert(message.labels().begin(), message.labels().end());
  return record;
}

JobRecord from_proto(const proto::JobRecord& message) {
  JobRecord record;
  record.id = base::JobId{message.id()};
  record.node = base::NodeId{message.node()};
  record.driver = base::ProcessId{message.driver()};
  record.name = message.name();
  record.running = message.running();
  return record;
}

absl::StatusOr<ActorRecord> from_proto(const proto::ActorRecord& message) {
  if (!proto::ActorRecord::State_IsValid(message.state())) {
    return absl::InvalidArgumentError("an actor in a state that there is not");
  }
  ActorRecord record;
  record.id = from_proto(message.id());
  record.job = base::JobId{message.job()};
  record.class_name = message.class_name();
  record.name = message.name();
  record.name_space = message.name_space();
  record.detached = message.detached();
  record.max_restarts = message.max_restarts();
  record.max_task_retries = message.max_task_retries();
  record.state = static_cast<ActorRecord::State>(message.state());
  record.node = base::NodeId{message.node()};
  record.worker = base::ProcessId{message.worker()};
  record.restarts = message.restarts();
  record.cause = message.cause();
  record.layout = message.layout();
  return record;
}

grpc::Status to_grpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()));
}

absl::Status from_grpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace ray::rpc
