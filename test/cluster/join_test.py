#!/usr/bin/env python3
"""Clusters that outlive their drivers: started by rayctl, and as two processes that speak gRPC."""

import signal
import unittest

import harness

RAYCTL = harness.BUILD / "bin" / "rayctl"
RAYD = harness.BUILD / "bin" / "rayd"


class Join(harness.ClusterTest):
    def run_the_chapter(self, address):
        program = self.run_program(harness.EXAMPLES / "learning_ray", RAY_ADDRESS=address)
        self.assertIn("((6, Data), (7, Science))", program.stdout)
        self.assertIn("counts: 8", program.stdout)

    def daemon(self, *options):
        """A running rayd and the lines that it says first."""
        daemon = self.start(RAYD, *options)
        return daemon, daemon.wait_for_line("")

    def test_a_started_cluster_serves_one_driver_after_the_other_until_it_is_stopped(self):
        # The daemon keeps stderr, so its end is waited for, not that of its output.
        address = self.start(RAYCTL, "start", "--num-cpus", "2").wait_for_line("")
        self.assertEqual(str(self.session_folders()[0]), address)
        self.run_the_chapter(address)
        self.run_the_chapter(address)
        status = self.run_program(RAYCTL, "status").stdout
        self.assertIn(address, status)
        self.assertRegex(status, r"CPU +2 of 2")
        self.run_program(RAYCTL, "stop")
        self.assert_nothing_left()

    def test_raylet_and_gcs_may_be_two_processes(self):
        gcs, _ = self.daemon("--role", "gcs", "--gcs-address", "127.0.0.1:0")
        listening = harness.wait_until(lambda: gcs.stdout.splitlines()[1:], "the GCS' address")[0]
        raylet, address = self.daemon("--role", "raylet", "--gcs-address", listening,
                                      "--num-cpus", "2")
        self.run_the_chapter(address)
        for daemon in (raylet, gcs):
            daemon.process.send_signal(signal.SIGTERM)
            self.assertEqual(daemon.wait(), 0, daemon.report())

    def test_two_programs_share_an_actor_only_if_they_mean_the_same_by_its_types(self):
        address = self.start(RAYCTL, "start", "--num-cpus", "2").wait_for_line("")

        def say(program, what):
            return self.run_program(harness.PROGRAMS / program, what, RAY_ADDRESS=address).stdout

        self.assertEqual(say("shared_actor_int", "create"), "")
        self.assertEqual(say("shared_actor_int", "use"), "sum 10\n")
        self.assertEqual(say("shared_actor_int", "use_or_create"), "sum 10\n")
        for what in ("use", "use_or_create"):
            refusal = say("shared_actor_double", what)
            self.assertIn('the actor "plot" was created by a program', refusal)
            self.assertIn("'Point' is not the same type in both programs: field 'y' is 'double' "
                          "here and 'int' there", refusal)
        self.assertIn('the actor "plot" is a Plot, not a Other', say("shared_actor_int", "other"))
        self.run_program(RAYCTL, "stop")
        self.assert_nothing_left()

    def test_nothing_answers_at_an_address_where_nothing_is(self):
        program = self.start(harness.PROGRAMS / "graphs", "recursion",
                             RAY_ADDRESS=str(self.sessions / "none"))
        self.assertNotEqual(program.wait(), 0)
        self.assertIn(str(self.sessions / "none"), program.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
