// Checks are the known mistakes, one function each: it looks through the program, and reports.
//
// A check would rather miss a mistake than see one that is none; docs/diagnostics says of each what
// it goes by.
#pragma once

#include "compiler/mistakes/program.h"

namespace ray::compiler {

void check_get_in_loop(Program& program);
void check_get_to_pass_on(Program& program);
void check_get_in_order(Program& program);
void check_get_all_again(Program& program);
void check_own_result(Program& program);
void check_get_in_coroutine(Program& program);
void check_repeated_argument(Program& program);
void check_large_capture(Program& program);
void check_unbounded_submission(Program& program);
void check_discarded_ref(Program& program);
void check_tiny_task(Program& program);
void check_returned_put(Program& program);
void check_shared_state(Program& program);
void check_fork_in_task(Program& program);
void check_kept_view(Program& program);
void check_unsynchronised_field(Program& program);
void check_impossible_option(Program& program);
void check_inherited_serialize(Program& program);

inline void check_mistakes(Program& program) {
  check_get_in_loop(program);
  check_get_to_pass_on(program);
  check_get_in_order(program);
  check_get_all_again(program);
  check_own_result(program);
  check_get_in_coroutine(program);
  check_repeated_argument(program);
  check_large_capture(program);
  check_unbounded_submission(program);
  check_discarded_ref(program);
  check_tiny_task(program);
  check_returned_put(program);
  check_shared_state(program);
  check_fork_in_task(program);
  check_kept_view(program);
  check_unsynchronised_field(program);
  check_impossible_option(program);
  check_inherited_serialize(program);
}

}  // namespace ray::compiler
