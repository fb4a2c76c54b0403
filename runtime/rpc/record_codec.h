// Records of rpc/gcs.h as protobuf messages, and back. What comes from a peer is checked: an enum
// that it does not have is an error.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/ray.pb.h"
#include "runtime/rpc/gcs.h"

namespace ray::rpc {

void to_proto(const base::ObjectId& id, proto::ObjectId& message);
void to_proto(const NodeRecord& record, proto::NodeRecord& message);
void to_proto(const JobRecord& record, proto::JobRecord& message);
void to_proto(const ActorRecord& record, proto::ActorRecord& message);

base::ObjectId from_proto(const proto::ObjectId& message);
NodeRecord from_proto(const proto::NodeRecord& message);
JobRecord from_proto(const proto::JobRecord& message);
absl::StatusOr<ActorRecord> from_proto(const proto::ActorRecord& message);

// The two have the same codes.
grpc::Status to_grpc(const absl::Status& status);
absl::Status from_grpc(const grpc::Status& status);

}  // namespace ray::rpc
