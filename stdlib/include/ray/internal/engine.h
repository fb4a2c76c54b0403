// Engine is the one door between typed code (stubs, dispatchers, ray::get and friends) and what
// runs it: above it the user's types, below it bytes and ids.
//
// Three engines exist: native (processes and shared memory), local (this process) and, later, ray
// (an existing Ray cluster). Nothing above this header knows which one runs.
//
// Threading: every member may be called from any thread, except where it says otherwise.
// Ownership: an ObjectCell is made by an engine with one reference, which it hands to its caller;
// `release` is called exactly once, when the count reaches zero. Cells and engines are never freed
// while a reference exists, not even by shutdown(): static refs outlive it.
#pragma once

#include <ray/options.h>

#include <atomic>
#include <chrono>
#include <compare>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ray::inline v1 {

struct Node;
struct RuntimeContext;

namespace internal {

class Engine;

// Names an object or an actor in the cluster: the process that owns it, a sequence that never
// repeats in that process, and the owner's table slot.
struct ObjectId {
  std::uint64_t owner = 0;
  std::uint64_t sequence = 0;
  std::uint32_t slot = 0;

  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};

// The head of an engine's record of an object or actor that this process refers to. ObjectRef and
// ActorHandle are one pointer to a cell; copying one is one relaxed increment, without a call.
struct ObjectCell {
  std::atomic<std::uint32_t> references{1};
  Engine* engine = nullptr;
  ObjectId id;
};

using Cells = std::span<ObjectCell* const>;
using Deadline = std::optional<std::chrono::steady_clock::time_point>;  // none: wait for ever

// Memory that an encoder fills: it belongs to the engine, is aligned to 64 and exactly `size` long.
struct Buffer {
  std::byte* data = nullptr;
  std::size_t size = 0;
  std::uintptr_t token = 0;  // the engine's own name for it
};

// An encoded value, readable while `pin` lives.
struct Value {
  std::span<const std::byte> bytes;
  Cells nested;           // the refs and handles inside, by index, held for as long as the value
  bool is_error = false;  // bytes are an ErrorRecord (ray/error.h)
  std::shared_ptr<const void> pin;  // null where the ObjectCell alone keeps the bytes
};

// What a registry record says of one remote function, constructor or method. One object per
// function, constant but for `engine_slot`, reached through the linker section "ray_functions".
class Execution;
struct FunctionRecord {
  enum class Kind : std::uint8_t { task, constructor, method };
  static constexpr std::uint32_t kVersion = 1;

  std::uint32_t version = kVersion;
  Kind kind = Kind::task;
  bool is_generator = false;  // its one return is a stream
  std::uint16_t num_returns = 1;
  std::uint64_t key = 0;       // hash of qualified name and signature
  const char* name = "";       // "ns::retrieve", "Tracker::count"
  const char* signature = "";  // "Item (int, const std::vector<std::string> &)"
  const char* file = "";       // of the user's declaration
  std::uint32_t line = 0;
  void (*dispatch)(Execution&) = nullptr;     // decodes, calls, encodes; never throws
  void (*options)(CallOptions&) = nullptr;    // writes what the annotation says; may be null
  std::atomic<std::uint32_t> engine_slot{0};  // for the engine: its cached scheduling class + 1
  // Whether a pointer to a function or member, of the type with that tag, names this one; may be
  // null. Its bytes alone would not do: those to virtual methods of two classes may be the same.
  bool (*is_pointed_to_by)(const void* pointer, const void* type) = nullptr;
  bool is_async = false;  // of a constructor: some methods are coroutines, one thread runs all
};

// max_concurrency of an actor that is_async, where nobody says another.
inline constexpr int kAsyncConcurrency = 1000;

// One call on its way out. Spans need to live only until the call returns.
struct Submission {
  FunctionRecord* function = nullptr;
  const CallOptions* options = nullptr;       // null: what the annotation says; else already merged
  ObjectCell* actor = nullptr;                // the callee of a method; null otherwise
  std::span<const std::byte> arguments = {};  // encoded; where it is large, use `large` instead
  Buffer large = {};                          // from allocate(), filled: taken over by the engine
  Cells dependencies = {};                    // awaited, then given to the body as values, by index
  Cells nested = {};  // refs and handles inside `arguments`, passed as themselves
};

// Resumes the coroutines of one call on one thread, once what they wait for has come. One of them
// waits at a time, for one thing: the others wait for it. Used by that thread.
class Resumer {
 public:
  // Calls `go_on` once `cell` is complete, later; false, and never, where it is complete already.
  virtual bool when_ready(ObjectCell& cell, std::function<void()> go_on) = 0;
  virtual void at(std::chrono::steady_clock::time_point time, std::function<void()> go_on) = 0;

  // `coroutine` waits from now on. What this gives resumes it, unless it has been cancelled.
  std::function<void()> suspend(std::coroutine_handle<> coroutine);
  // The coroutine that waits goes on at once, and finds that it is cancelled.
  void cancel();
  // In that coroutine: throws TaskCancelledError, once.
  void throw_if_cancelled();
  bool was_cancelled() const { return was_cancelled_; }

 protected:
  ~Resumer() = default;

 private:
  std::coroutine_handle<> waiting_;
  std::uint64_t waits_ = 0;  // so far: tells one from the next
  bool cancelled_ = false;   // not yet thrown
  bool was_cancelled_ = false;
};

// One call being run, as the dispatcher sees it. Used by one thread.
class Execution {
 public:
  virtual ~Execution() = default;

  // Readable until dispatch has returned and nothing is suspended.
  std::span<const std::byte> arguments;
  Cells nested;
  void* instance = nullptr;  // the actor's object, for methods
  // Where a body that is a coroutine goes on. Null: dispatch returns once it is done.
  Resumer* resumer = nullptr;
  // What dispatch has left of such a body. The engine destroys it: when it is done, which may be
  // after each call of `go_on`, and the call has its results; or sooner, and the call has none.
  std::coroutine_handle<> suspended;

  // Dependency `index` of the Submission: always a value, never an error (an engine does not run a
  // task with a failed dependency: it fails the task with that error).
  virtual Value dependency(std::size_t index) = 0;
  // Memory for encoded result `index` < num_returns. The dispatcher fills it before it returns or
  // asks for the next. `nested` are the refs inside. Throws ObjectStoreFullError.
  virtual std::byte* result(std::size_t index, std::size_t bytes, Cells nested) = 0;
  // Sends result 0, as it is now, as the next item of a generator's stream. Waits while too many
  // have not been taken; false where nobody will take any more.
  virtual bool yield() = 0;
  // The body or a codec threw: `error` is an encoded ErrorRecord; it replaces all results.
  virtual void fail(std::span<const std::byte> error) = 0;
  // A constructor's result: the engine calls `destroy(object)` when the actor ends.
  virtual void construct(void* object, void (*destroy)(void*)) = 0;
};

// What is known of an actor that was found by its name.
struct FoundActor {
  ObjectCell* cell = nullptr;  // null: there is none
  std::string constructor;     // "ns::Tracker::Tracker"
  std::string layout;          // of its creator (ray/internal/class_layout.h); "": of this program
};

class Engine {
 public:
  // An encoded call or value of at most this many bytes stays with its owner and travels inline;
  // larger ones are written to memory from allocate().
  static constexpr std::size_t kInlineBytesMax = 100 * 1024;

  virtual ~Engine() = default;

  // Objects. Errors are thrown as ray:: exceptions.
  virtual Buffer allocate(std::size_t bytes) = 0;
  virtual void abandon(Buffer buffer) noexcept = 0;
  virtual ObjectCell* put(Buffer filled, Cells nested) = 0;                     // takes `filled`
  virtual ObjectCell* put(std::span<const std::byte> bytes, Cells nested) = 0;  // small values
  virtual Value get(ObjectCell& cell, const Deadline& deadline) = 0;
  // Waits until `num_ready` of `cells` are complete (value or error) or the deadline has passed;
  // sets ready[i]. Never throws for the objects' own errors. More than there are: only for time.
  virtual void wait(Cells cells, std::size_t num_ready, const Deadline& deadline, bool fetch_local,
                    std::span<bool> ready) = 0;
  // Calls `done` once `cell` is complete, at once or on an engine's thread, never under a lock.
  virtual void when_ready(ObjectCell& cell, std::function<void()> done) = 0;
  virtual void release(ObjectCell& cell) noexcept = 0;

  // Calls. `returns` has function->num_returns places, each filled with a new reference.
  virtual void submit(const Submission& call, std::span<ObjectCell*> returns) = 0;
  // Streams: what submit() of a generator returns is the stream's one cell. The next item with a
  // new reference, once there is one; null at the end. Where the generator failed, the last item is
  // a cell with its error. Throws GetTimeoutError.
  virtual ObjectCell* next_item(ObjectCell& stream, const Deadline& deadline) = 0;
  // Frees the items that were not taken and stops the generator at its next yield. Once, last; not
  // under a lock that the engine's callbacks take.
  virtual void close_stream(ObjectCell& stream) noexcept = 0;
  // Gives the new actor's cell, or that of the one found for get_if_exists.
  virtual ObjectCell* create_actor(const Submission& constructor) = 0;
  virtual FoundActor find_actor(std::string_view name, std::string_view name_space) = 0;
  virtual void kill(ObjectCell& actor, bool no_restart) = 0;
  virtual void cancel(ObjectCell& result, bool force) = 0;
  [[noreturn]] virtual void exit_actor() = 0;

  // The cluster.
  virtual std::vector<Node> nodes() = 0;
  virtual std::map<std::string, double> cluster_resources() = 0;
  virtual std::map<std::string, double> available_resources() = 0;
  virtual RuntimeContext runtime_context() = 0;
};

// The engine of this process; throws ray::Error "call ray::init() first" where there is none.
// Between init() and shutdown() it is constant.
Engine& engine();
Engine* engine_or_null() noexcept;

inline void acquire(ObjectCell* cell) noexcept {
  if (cell != nullptr) cell->references.fetch_add(1, std::memory_order_relaxed);
}
inline void drop(ObjectCell* cell) noexcept {
  if (cell != nullptr && cell->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    cell->engine->release(*cell);
  }
}

}  // namespace internal
}  // namespace ray::inline v1
