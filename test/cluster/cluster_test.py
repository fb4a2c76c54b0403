#!/usr/bin/env python3
"""What a program is told of its cluster, and what its terminal shows."""

import stat
import unittest

import harness


class Cluster(harness.ClusterTest):
    def test_an_impossible_task_stays_pending_and_a_warning_says_why(self):
        program = self.run_program(harness.PROGRAMS / "cluster", "infeasible")
        self.assertEqual(program.stdout, "0 ready, 1 pending\n")
        self.assertIn("impossible", program.stderr)
        self.assertIn("GPU", program.stderr)
        self.assertIn("unobtainium", program.stderr)

    def test_output_of_workers_is_shown_with_its_source(self):
        program = self.run_program(harness.PROGRAMS / "cluster", "output")
        lines = program.stdout.splitlines()
        pid = next(line for line in lines if line.startswith("pid ")).split()[1]
        self.assertIn(f"(greet pid={pid}) hello you", lines)
        self.assertIn(f"(greet pid={pid}) and on stderr you", program.stderr.splitlines())

    def test_the_cluster_is_as_init_asked(self):
        program = self.run_program(harness.PROGRAMS / "cluster", "looks")
        self.assertEqual(program.stdout, "1 node, alive 1\n3 CPU, 1 licence\n3 available\n"
                                         "context: 1\n5 licensed\n")

    def test_nobody_else_may_enter_the_session_folder(self):
        driver = self.start(harness.PROGRAMS / "busy")
        driver.wait_for_line("ready")
        folder, = self.session_folders()
        for folder in (folder, folder.parent):
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700, folder)
        driver.process.kill()
        driver.wait()


if __name__ == "__main__":
    unittest.main(verbosity=2)
