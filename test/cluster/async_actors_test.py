#!/usr/bin/env python3
"""How many calls may wait in an async actor, and what becomes of them when a process ends."""

import signal
import unittest

import harness

EXPECTED = {
    "limit": ["1500 1000"],
    "killed": ["3 inside", "unavailable", "unavailable", "unavailable",
               "3 inside", "died", "died", "died", "died"],
    "retried": ["4", "4", "4", "4"],
    "owner_dies": ["1 inside", "the owner died"],
}


class AsyncActors(harness.ClusterTest):
    def test_a_driver_killed_while_calls_wait_leaves_nothing(self):
        driver = self.start(harness.PROGRAMS / "async_actors", "load")
        driver.wait_for_line("100")
        driver.process.kill()
        self.assertEqual(driver.wait(), -signal.SIGKILL)
        self.assert_nothing_left()


def add_test(mode):
    def test(self):
        program = self.run_program(harness.PROGRAMS / "async_actors", mode)
        self.assertEqual(program.stdout.splitlines(), EXPECTED[mode], program.report())

    setattr(AsyncActors, f"test_{mode}", test)


for _mode in EXPECTED:
    add_test(_mode)

if __name__ == "__main__":
    unittest.main(verbosity=2)
