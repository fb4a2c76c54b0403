#!/usr/bin/env python3
"""What calls of actors may do at once, their order, and how much may be under way."""

import unittest

import harness

EXPECTED = {
    "overlap": ["3", "3", "3", "2"],
    "groups": ["0", "3", "3", "3"],
    "order": ["in order"],
    "burst": ["20000", "10000 10000"],
    "large_burst": ["600"],
    "many_values": ["3000000"],
    "stopped_caller": ["1001", "0", "200"],
    "borrowed_retries": ["7"],
    "leave": ["the actor ended itself by exit_actor()",
              "the actor died: it called exit_actor()",
              "the actor died: it called exit_actor()"],
    "restarted": ["0", "died", "1"],
}


class Actors(harness.ClusterTest):
    def test_a_lease_shows_its_gpus_and_no_others(self):
        program = self.run_program(harness.PROGRAMS / "actors", "gpus", self.scratch,
                                   CUDA_VISIBLE_DEVICES="5,7")
        *tasks, actor = program.stdout.splitlines()
        self.assertTrue(set(tasks) <= {"5 is 5", "7 is 7"}, tasks)
        self.assertEqual(len(tasks), 2)
        self.assertEqual(actor, "the same")


def add_test(mode):
    def test(self):
        program = self.run_program(harness.PROGRAMS / "actors", mode, self.scratch)
        self.assertEqual(program.stdout.splitlines(), EXPECTED[mode])
        self.assertEqual(program.stderr, "")

    setattr(Actors, f"test_{mode}", test)


for _mode in EXPECTED:
    add_test(_mode)

if __name__ == "__main__":
    unittest.main(verbosity=2)
