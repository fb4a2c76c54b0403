// cluster.h is a program's connection to a cluster, and what it can ask about it.
//
// Threading: init() and shutdown() are called by one thread, while no other uses the library; the
// rest by any thread. Errors: ray::Error "call ray::init() first" where there is no connection.
#pragma once

#include <ray/options.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ray::inline v1 {

// One machine, or what stands for one.
struct Node {
  std::string id;  // hexadecimal
  std::string address;
  bool alive = false;
  Resources resources;  // in all, with CPU, GPU, and memory in bytes
  Labels labels;
};

// Where the caller runs. Ids are hexadecimal; those that do not apply are empty.
struct RuntimeContext {
  std::string job_id;
  std::string node_id;
  std::string worker_id;
  std::string task_id;
  std::string actor_id;
  std::string name_space;
  bool was_restarted = false;  // this actor has run before, elsewhere
  std::vector<std::string> gpu_ids;
};

// Starts a cluster on this machine, or joins the one at `address`. Throws ray::Error (a
// std::logic_error) where there is a connection already.
void init(const InitOptions& options = {});
// Ends the connection, and the cluster where init() started it. Refs that remain name nothing any
// more. Does nothing where there is no connection.
void shutdown() noexcept;
bool is_initialized() noexcept;

std::vector<Node> nodes();
Resources cluster_resources();    // of all nodes together
Resources available_resources();  // what of it is free now
RuntimeContext runtime_context();

// Ends the actor that runs this call: the call and those queued behind it fail with ActorDiedError.
// Throws ray::Error outside an actor.
[[noreturn]] void exit_actor();

}  // namespace ray::inline v1
