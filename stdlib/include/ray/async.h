// async.h is Task<T>: the result of a coroutine that awaits refs, time and other Tasks, where a
// plain function would block its thread. Annotated, it is an async task; a class with such methods
// is an async actor, which has many calls in flight on one thread (docs/async.md):
//
//   [[ray::remote]] ray::Task<int> add(ray::ObjectRef<int> a, ray::ObjectRef<int> b) {
//     co_return co_await a + co_await b;
//   }
//
// `add.remote(a, b)` gives an ObjectRef<int>. A plain call `add(a, b)` gives a Task that has not
// begun: `co_await add(a, b)` runs it in another Task, ray::get(add(a, b)) here and now.
//
// Threading: a Task and all that it awaits run on the thread that began it, and go on there.
// Ownership: a Task owns its frame; one that is destroyed before its end takes with it what is in
// there. Limits: a Task is awaited once, and awaits nothing that does not stand here: anything else
// might resume it on another thread. One that only a Condition could wake, which nobody is left to
// notify, throws ray::Error.
#pragma once

#include <ray/error.h>
#include <ray/internal/engine.h>
#include <ray/object_ref.h>

#include <chrono>
#include <concepts>
#include <coroutine>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace ray::inline v1 {

template <class T = void>
class Task;

namespace internal {
struct AwaitCondition;
}

// Condition lets Tasks of one thread wait for each other, as the calls of an async actor do:
// `while (!open_) co_await changed_;` goes on behind `open_ = true; changed_.notify_all();`.
//
// Threading: that one thread. Ownership: outlives those that wait.
class Condition {
 public:
  Condition() = default;
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  // Whoever waits now goes on when the caller awaits something, or ends.
  void notify_all();

 private:
  friend struct internal::AwaitCondition;
  std::vector<internal::AwaitCondition*> waiting_;
};

namespace internal {

// What sleep_for gives: to be awaited.
struct Sleep {
  std::chrono::steady_clock::time_point until;
};

template <class T>
struct AwaitRef {
  Resumer& resumer;
  ObjectRef<T> ref;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> task) const {
    return resumer.when_ready(*ref.ray$cell(), resumer.suspend(task));
  }
  T await_resume() const {
    resumer.throw_if_cancelled();
    return ray::get(ref);
  }
};

struct AwaitTime {
  Resumer& resumer;
  Sleep sleep;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) const {
    resumer.at(sleep.until, resumer.suspend(task));
  }
  void await_resume() const { resumer.throw_if_cancelled(); }
};

struct AwaitCondition {
  AwaitCondition(Resumer& on, Condition& awaited) : resumer(on), condition(awaited) {}
  AwaitCondition(const AwaitCondition&) = delete;
  AwaitCondition& operator=(const AwaitCondition&) = delete;
  ~AwaitCondition();

  Resumer& resumer;
  Condition& condition;
  std::function<void()> go_on;  // while it waits

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task);
  void await_resume() const { resumer.throw_if_cancelled(); }
};

template <class T>
struct AwaitTask {
  Resumer& resumer;
  Task<T>& task;

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) const {
    return task.begin(resumer, awaiting);
  }
  T await_resume() const { return task.take(); }
};

// What the promises of all Tasks share.

// What a Task cannot await, which is said once: it seems to give what it is.
template <class Other>
struct AwaitNothing : std::suspend_never {
  Other await_resume() const;
};

class TaskPromiseBase {
 public:
  void begin(Resumer& resumer, std::coroutine_handle<> awaiting) noexcept {
    resumer_ = &resumer;
    awaiting_ = awaiting;
  }
  bool has_begun() const noexcept { return resumer_ != nullptr; }

  std::suspend_always initial_suspend() const noexcept { return {}; }
  auto final_suspend() const noexcept {
    struct GoOnOutside {
      std::coroutine_handle<> awaiting;
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept {
        return awaiting;
      }
      void await_resume() const noexcept {}
    };
    return GoOnOutside{awaiting_};
  }
  void unhandled_exception() noexcept { error_ = std::current_exception(); }

  template <class T>
  AwaitRef<T> await_transform(const ObjectRef<T>& ref) {
    return {*resumer_, ref};
  }
  template <class T>
  AwaitTask<T> await_transform(Task<T>&& task) {
    return {*resumer_, task};
  }
  template <class T>
  AwaitTask<T> await_transform(Task<T>& task) {
    return {*resumer_, task};
  }
  AwaitTime await_transform(Sleep sleep) { return {*resumer_, sleep}; }
  AwaitCondition await_transform(Condition& condition) { return {*resumer_, condition}; }
  template <class Other>
  AwaitNothing<Other> await_transform(const Other&) {
    static_assert(!std::is_same_v<Other, Other>,
                  "a ray::Task awaits refs, ray::Tasks, a ray::Condition and ray::sleep_for(...), "
                  "nothing else [-Wray-wrong-argument]");
    return {};
  }

 protected:
  void rethrow() const {
    if (error_ != nullptr) std::rethrow_exception(error_);
  }

 private:
  Resumer* resumer_ = nullptr;  // once it has begun
  std::coroutine_handle<> awaiting_ = std::noop_coroutine();
  std::exception_ptr error_;
};

template <class T>
class TaskPromise : public TaskPromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  template <class U = T>
    requires std::convertible_to<U&&, T>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    rethrow();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const { rethrow(); }
};

// Runs a Task that has not begun on this thread, until it is done. Where nothing can go on, the
// thread waits as in ray::get: a worker's lends its CPU.
void run_here(std::coroutine_handle<> task, TaskPromiseBase& promise);
// What dispatch does with the body of a call, which gives the call's results itself.
void run_body(Task<void> body, Execution& execution);
Sleep sleep_for_seconds(double seconds);

}  // namespace internal

template <class T>
class [[nodiscard]] Task {
 public:
  static_assert(std::is_void_v<T> || std::is_object_v<T>,
                "a Task's result is a value or nothing [-Wray-not-serialisable]");
  using value_type = T;
  using promise_type = internal::TaskPromise<T>;

  Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  Task& operator=(Task other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~Task() {
    if (coroutine_ != nullptr) coroutine_.destroy();
  }

 private:
  template <class>
  friend struct internal::AwaitTask;
  template <class>
  friend class internal::TaskPromise;
  friend void internal::run_body(Task<void> body, internal::Execution& execution);
  template <class U>
  friend U get(Task<U> task);

  using Coroutine = std::coroutine_handle<promise_type>;

  explicit Task(Coroutine coroutine) noexcept : coroutine_(coroutine) {}

  promise_type& promise() const {
    if (coroutine_ == nullptr || coroutine_.promise().has_begun()) {
      internal::throw_invalid_argument("this task has been awaited already");
    }
    return coroutine_.promise();
  }
  std::coroutine_handle<> begin(internal::Resumer& resumer, std::coroutine_handle<> awaiting) {
    promise().begin(resumer, awaiting);
    return coroutine_;
  }
  T take() const { return coroutine_.promise().take(); }

  Coroutine coroutine_;
};

template <class T>
Task<T> internal::TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline Task<void> internal::TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

// Runs the task on this thread, to its end; throws what it throws.
template <class T>
T get(Task<T> task) {
  internal::run_here(task.coroutine_, task.promise());
  return task.take();
}

// `co_await ray::sleep_for(100ms)`: lets others run for so long, or a little longer.
template <class Rep, class Period>
internal::Sleep sleep_for(std::chrono::duration<Rep, Period> duration) {
  return internal::sleep_for_seconds(std::chrono::duration<double>(duration).count());
}

}  // namespace ray::inline v1
