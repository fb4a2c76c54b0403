#!/usr/bin/env python3
"""Who dies, who notices, and what is left: nothing."""

import os
import signal
import time
import unittest

import harness

GONE_S = 2  # what is promised; reported, not asserted, since machines differ


class Died(harness.ClusterTest):
    def busy(self):
        """A driver at work, and the pids of its workers and of everything it started."""
        driver = self.start(harness.PROGRAMS / "busy")
        driver.wait_for_line("ready")
        workers = [int(line.split()[1]) for line in driver.stdout.splitlines()
                   if line.startswith("worker ")]
        self.assertEqual(len(workers), 2)
        return driver, workers

    def daemon_of(self, driver):
        daemons = [pid for pid, name in harness.descendants().items()
                   if name == "rayd" and pid != driver.pid]
        self.assertEqual(len(daemons), 1, harness.descendants())
        return daemons[0]

    def assert_all_gone(self):
        start = time.monotonic()
        self.assert_nothing_left()
        seconds = time.monotonic() - start
        late = " LATE" if seconds > GONE_S else ""
        print(f"{self.id()}: gone after {seconds:.2f} s{late}")

    def test_driver_killed_leaves_nothing(self):
        driver, workers = self.busy()
        self.assertEqual(len(self.session_folders()), 1)
        self.assertGreaterEqual(len(harness.descendants()), 4)
        driver.process.kill()
        self.assertEqual(driver.wait(), -signal.SIGKILL)
        self.assert_all_gone()

    def test_driver_terminated_leaves_nothing(self):
        driver, workers = self.busy()
        driver.process.terminate()
        self.assertEqual(driver.wait(), -signal.SIGTERM)
        self.assert_all_gone()

    def test_control_c_ends_the_driver_and_then_the_rest(self):
        driver, workers = self.busy()
        os.killpg(driver.pid, signal.SIGINT)  # what a terminal does: the foreground group gets it
        self.assertEqual(driver.wait(), -signal.SIGINT)
        self.assert_all_gone()

    def test_control_c_does_not_reach_the_workers(self):
        driver, workers = self.busy()
        for pid in workers + [self.daemon_of(driver)]:
            self.assertNotEqual(os.getpgid(pid), driver.pid)
        driver.process.kill()
        driver.wait()

    def test_stopped_worker_dies_with_its_driver(self):
        driver, workers = self.busy()
        os.kill(workers[0], signal.SIGSTOP)
        driver.process.kill()
        driver.wait()
        self.assert_all_gone()

    def test_daemon_killed_is_an_error_at_the_driver(self):
        driver, workers = self.busy()
        os.kill(self.daemon_of(driver), signal.SIGKILL)
        self.assertEqual(driver.wait(), 5, driver.report())
        self.assertIn("error: ", driver.stdout)

    def test_daemon_killed_takes_the_workers_along(self):
        driver, workers = self.busy()
        os.kill(self.daemon_of(driver), signal.SIGKILL)
        harness.wait_until(lambda: not set(workers) & set(harness.descendants()),
                           "the workers' end")
        driver.wait()

    def test_what_nobody_could_remove_is_swept_by_the_next_init(self):
        driver, _ = self.busy()
        os.kill(driver.pid, signal.SIGSTOP)
        os.kill(self.daemon_of(driver), signal.SIGKILL)
        driver.process.kill()
        driver.wait()
        left, = self.session_folders()
        self.run_program(harness.PROGRAMS / "cluster", "looks")
        self.assertFalse(left.exists())

    def test_two_clusters_do_not_touch_each_other(self):
        first, _ = self.busy()
        second, _ = self.busy()
        first.process.kill()
        first.wait()
        self.run_program(harness.PROGRAMS / "cluster", "looks")
        self.assertIsNone(second.process.poll())
        second.process.kill()
        second.wait()


class WorkerDied(harness.ClusterTest):
    def worker_death(self, mode):
        return self.start(harness.PROGRAMS / "worker_death", mode, self.scratch)

    def attempt(self, number):
        """The pid that the given attempt left, once it has."""
        file = self.scratch / str(number)
        harness.wait_until(file.exists, f"attempt {number}")
        return int(file.read_text())

    def attempts(self):
        return sorted(name for name in os.listdir(self.scratch) if name.isdigit())

    def finish(self, program):
        self.assertEqual(program.wait(), 0, program.report())
        lines = program.stdout.splitlines()
        self.assertEqual(lines[-1], "end")
        return lines[:-1]

    def test_killed_while_running_is_tried_again(self):
        program = self.worker_death("running")
        os.kill(self.attempt(1), signal.SIGKILL)
        self.assertEqual(self.finish(program), ["attempt 2"])
        self.assertNotEqual(self.attempt(1), self.attempt(2))

    def test_killed_while_running_without_retries_is_an_error(self):
        program = self.worker_death("running_without_retries")
        os.kill(self.attempt(1), signal.SIGKILL)
        line, = self.finish(program)
        self.assertTrue(line.startswith("WorkerCrashedError: "), line)
        self.assertIn("sleep_the_first_time", line)

    def test_killed_while_idle_is_replaced(self):
        program = self.worker_death("idle")
        pid = int(program.wait_for_line("pid "))
        os.kill(pid, signal.SIGKILL)
        harness.wait_until(lambda: pid not in harness.descendants(), "the worker's end")
        program.say("")
        self.assertEqual(self.finish(program)[-1], "another")

    def test_what_a_worker_has_stored_outlives_it(self):
        self.assertEqual(self.finish(self.worker_death("large_result")), ["10000000"])

    def test_a_task_that_ends_its_process_is_tried_again_then_an_error(self):
        for how in ("abort", "exit", "segv"):
            with self.subTest(how):
                for name in self.attempts():
                    (self.scratch / name).unlink()
                line, = self.finish(self.worker_death(how))
                self.assertTrue(line.startswith("WorkerCrashedError: "), line)
                self.assertEqual(self.attempts(), ["1", "2", "3"])  # max_retries = 2

    def test_an_actor_that_aborts_is_dead_for_later_calls_too(self):
        lines = self.finish(self.worker_death("actor"))
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertTrue(line.startswith("ActorDiedError: "), line)

    def test_an_actor_killed_from_outside_is_dead(self):
        program = self.worker_death("actor_killed_outside")
        os.kill(int(program.wait_for_line("pid ")), signal.SIGKILL)
        program.say("")
        self.assertTrue(self.finish(program)[-1].startswith("ActorDiedError: "), program.report())

    def test_kill_ends_running_and_queued_calls(self):
        lines = self.finish(self.worker_death("actor_killed_by_call"))
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertTrue(line.startswith("ActorDiedError: "), line)


if __name__ == "__main__":
    unittest.main(verbosity=2)
