#!/usr/bin/env python3
"""Generators, and who dies before they end."""

import os
import signal
import unittest

import harness


class Streams(harness.ClusterTest):
    def begin(self, mode, **keywords):
        return self.start(harness.PROGRAMS / "streams", mode, self.scratch, **keywords)

    def mark(self, name):
        """What a generator left under that name, once it has."""
        file = self.scratch / name
        harness.wait_until(file.exists, name)
        return int(file.read_text())

    def finish(self, program):
        self.assertEqual(program.wait(), 0, program.report())
        lines = program.stdout.splitlines()
        self.assertEqual(lines[-1], "end")
        return lines[:-1]

    def killed(self, mode):
        """What the consumer of six items printed whose generator was killed behind the third."""
        program = self.begin(mode)
        program.wait_for_line("2")  # items come before the generator ends
        os.kill(self.mark("pid"), signal.SIGKILL)
        return self.finish(program)

    def test_a_task_that_is_killed_yields_each_item_once(self):
        self.assertEqual(self.killed("task"), ["0", "1", "2", "3", "4", "5"])

    def test_a_task_that_is_killed_without_retries_ends_with_an_error(self):
        self.assertEqual(self.killed("task_without_retries"), ["0", "1", "2", "WorkerCrashedError"])

    def test_a_method_whose_actor_is_killed_yields_each_item_once(self):
        self.assertEqual(self.killed("method"), ["0", "1", "2", "3", "4", "5"])

    def test_a_method_whose_actor_is_killed_without_retries_ends_with_an_error(self):
        self.assertEqual(self.killed("method_without_retries"),
                         ["0", "1", "2", "ActorUnavailableError"])

    def test_a_stream_that_is_dropped_ends_its_generator(self):
        for engine in (None, "local"):
            with self.subTest(engine):
                self.assertEqual(self.finish(self.begin("dropped", engine=engine)), [])
                self.assertLessEqual(self.mark("ended"), 28)  # 20 taken, 8 ahead
                (self.scratch / "ended").unlink()

    def test_the_death_of_a_consumer_ends_its_generator(self):
        program = self.begin("consumer")
        os.kill(self.mark("pid"), signal.SIGKILL)
        self.assertEqual(self.finish(program), ["WorkerCrashedError"])
        self.assertLessEqual(self.mark("ended"), 65)

    def test_a_driver_killed_with_blocked_generators_leaves_nothing(self):
        program = self.begin("driver")
        program.wait_for_line("ready")
        program.process.kill()
        self.assertEqual(program.wait(), -signal.SIGKILL)
        self.assert_nothing_left()

    def test_generators_that_wait_lend_their_cpus(self):
        for engine in (None, "local"):
            with self.subTest(engine):
                self.assertEqual(self.finish(self.begin("many", engine=engine)),
                                 [str(12 * 49 * 50 // 2), str(99 * 100 // 2)])

    def test_items_larger_than_the_store_together_pass_through_it(self):
        self.assertEqual(self.finish(self.begin("large")), [str(49 * 50 // 2 * 1_000_000)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
