#!/usr/bin/env python3
"""Failures without a death, the same on both engines."""

import unittest

import harness

BOTH = "caught std ray"
EXPECTED = f"""\
call before init: {BOTH}
put before init: {BOTH}
is_initialized: 0
is_initialized: 1
init twice: {BOTH}
as its std type: {BOTH}
as TaskError: {BOTH}
as ray::Error: {BOTH}
as std::exception: {BOTH}
an int: {BOTH}
an int, as std::exception: {BOTH}
a user's type: {BOTH}
as itself: 7
through two tasks: {BOTH}
of a dependency: {BOTH}
decoding throws: {BOTH}
decoding a put throws: caught std
the message is there: 1
a method throws: {BOTH}
and the actor lives: 6
a constructor throws: {BOTH}
get with a timeout: {BOTH}
wait with a timeout: 0 1
the value comes all the same: 300
get of a cancelled ref: {BOTH}
what depends on it: {BOTH}
the others run: 4
call after shutdown: {BOTH}
init after shutdown: 2
"""


class Errors(harness.ClusterTest):
    def check(self, engine):
        program = self.run_program(harness.PROGRAMS / "errors", engine=engine)
        self.assertEqual(program.stdout, EXPECTED, program.stderr)

    def test_each_is_caught_as_what_it_is(self):
        self.check(engine=None)

    def test_each_is_caught_as_what_it_is_in_one_process(self):
        self.check(engine="local")


if __name__ == "__main__":
    unittest.main(verbosity=2)
