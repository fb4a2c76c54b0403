#!/usr/bin/env python3
"""Large values, every size around a limit, and a store that is full."""

import unittest

import harness


class Objects(harness.ClusterTest):
    def output(self, mode, engine=None):
        return self.run_program(harness.PROGRAMS / "objects", mode, engine=engine).stdout

    def test_a_task_returns_a_gibibyte(self):
        self.assertEqual(self.output("returns_a_gibibyte"), f"{1 << 30} 7 7\n")

    def test_a_full_store_is_an_error_and_loses_nothing(self):
        output = self.output("full_store")
        put, result = output.split("ObjectStoreFullError: ")[1:]
        self.assertIn("Held by:\n  pid ", put)
        self.assertIn("can never fit", result)
        self.assertEqual(output.splitlines()[-1], f"after letting go: {32 << 20}")

    def test_memory_of_dropped_refs_is_used_again(self):
        self.assertEqual(self.output("recycled"), "720\n")

    def test_values_of_every_size_come_back_whole(self):
        self.assertEqual(self.output("sizes_around_the_limits"), "0 wrong\n")

    def test_values_of_every_size_come_back_whole_in_one_process(self):
        self.assertEqual(self.output("sizes_around_the_limits", engine="local"), "0 wrong\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
