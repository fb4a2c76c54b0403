// CHECK and DCHECK end the process, with place and condition on stderr, when the program itself is
// wrong. What a peer, a user or the machine may cause is an absl::Status instead.
#pragma once

namespace ray::base {

[[noreturn]] void check_failed(const char* file, int line, const char* condition);

}  // namespace ray::base

#define CHECK(condition)                             \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::ray::base::check_failed(__FILE__, __LINE__, #condition))

#ifdef NDEBUG
#define DCHECK(condition) static_cast<void>(sizeof(static_cast<bool>(condition)))
#else
#define DCHECK(condition) CHECK(condition)
#endif
