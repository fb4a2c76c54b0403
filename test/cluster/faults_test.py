#!/usr/bin/env python3
"""What user code may do to its process, and what becomes of those that depend on it."""

import signal
import unittest

import harness


class Faults(harness.ClusterTest):
    def check(self, mode, *lines, engine=None):
        # A forked child lacks the threads whose stacks hold what it inherits: no leak of its own.
        program = self.run_program(harness.PROGRAMS / "faults", mode, self.scratch, engine=engine,
                                   LSAN_OPTIONS="detect_leaks=0")
        self.assertEqual(program.stdout.splitlines(), [*lines, "end"], program.report())
        return program

    def test_environments_are_inherited_and_one_that_cannot_be_made_is_an_error(self):
        self.check("environment", "hi", f"hi {self.scratch.name}", "task: RuntimeEnvError", "another: RuntimeEnvError",
                   "later: RuntimeEnvError", "actor: RuntimeEnvError", "2")

    def test_a_forked_child_of_the_driver_is_refused_and_harms_nothing(self):
        self.check("fork_in_driver", "4", "100 3")

    def test_a_forked_child_is_refused_in_one_process_too(self):
        self.check("fork_in_driver", "4", "100 3", engine="local")

    def test_a_forked_child_of_a_task_is_refused_and_harms_nothing(self):
        self.check("fork_in_worker", "4", "4", "4", "2")

    def test_a_forked_child_that_returns_from_a_task_ends_there(self):
        program = self.check("return_in_child", "p ended", "p ended")
        self.assertEqual(program.stderr.count("returned from a remote function"), 2)

    def test_a_child_that_a_task_left_ends_with_the_program(self):
        self.check("leave_children", "1")
        child = int((self.scratch / "child").read_text())
        harness.wait_until(lambda: child not in harness.descendants(), "the child's end")

    def test_a_task_that_becomes_another_program_has_crashed(self):
        self.check("exec_in_task", "exec: WorkerCrashedError", "2")

    def test_the_death_of_an_owner_is_an_error_at_all_who_wait(self):
        self.check("owner_dies", "5000000", "waiting in get: OwnerDiedError", "get later: OwnerDiedError",
                   "a task that waits: TaskError", "a task that depends: OwnerDiedError",
                   "what was there: OwnerDiedError")

    def test_a_driver_killed_under_load_leaves_nothing(self):
        for _ in range(5):
            driver = self.start(harness.PROGRAMS / "faults", "load", self.scratch)
            driver.wait_for_line("ready")
            driver.process.kill()
            self.assertEqual(driver.wait(), -signal.SIGKILL)
            self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main(verbosity=2)
