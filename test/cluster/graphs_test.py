#!/usr/bin/env python3
"""Shapes of calls that must end, on two CPUs and on both engines."""

import unittest

import harness

EXPECTED = {
    "recursion": "30",
    "fan_out": "500500",
    "deep_recursion": "few processes",
    "wide_fan_out": "few processes",
    "bushy_tree": "few processes",
    "held_resource": "5",
    "large_frames": "60",
    "queued_behind": "1525",
    "long_chain": "10000",
    "tree": "89",
    "many_dropped": "10001",
    "many_threads": "500 1000 1500 2000 2500 3000 3500 4000",
    "actors": "140",
    "actor_order": "in order",
}


class Graphs(harness.ClusterTest):
    pass


def add_test(shape, engine):
    def test(self):
        program = self.run_program(harness.PROGRAMS / "graphs", shape, engine=engine)
        self.assertEqual(program.stdout.strip(), EXPECTED[shape])
        self.assertEqual(program.stderr, "")

    setattr(Graphs, f"test_{shape}_ends{'_in_one_process' if engine else ''}", test)


for _shape in EXPECTED:
    for _engine in (None, "local"):
        add_test(_shape, _engine)

if __name__ == "__main__":
    unittest.main(verbosity=2)
