#!/usr/bin/env python3
"""Workers and zygotes end, or stop, at any moment; all comes out right, and nothing hangs."""

import os
import random
import signal
import time
import unittest

import harness

BLOWS = 80


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it ended by itself


def children_of(parents):
    """The living programs whose parent is one of these."""
    return {pid for pid, (parent, state, name) in harness.processes().items()
            if parent in parents and state != "Z" and name == "chaos"}


class Chaos(harness.ClusterTest):
    def victim(self, chance):
        """One of the daemon's zygotes, seldom, or a worker: the children of zygotes."""
        daemons = {pid for pid, name in harness.descendants().items() if name == "rayd"}
        zygotes = children_of(daemons)
        workers = children_of(zygotes)
        some = zygotes if chance.random() < 0.1 else workers
        return chance.choice(sorted(some)) if some else None

    def test_every_result_is_right_while_processes_are_killed_and_stopped(self):
        seed = random.randrange(1 << 32)
        print(f"seed {seed}")
        chance = random.Random(seed)
        driver = self.start(harness.PROGRAMS / "chaos")
        driver.wait_for_line("ready")
        for _ in range(BLOWS):
            pid = harness.wait_until(lambda: self.victim(chance), "somebody to hit")
            stops = chance.random() < 0.3
            send(pid, signal.SIGSTOP if stops else signal.SIGKILL)
            time.sleep(chance.random() * 0.04)
            if stops:
                send(pid, signal.SIGCONT)
            self.assertIsNone(driver.process.poll(), driver.report())
        driver.say("stop")
        self.assertEqual(driver.wait(), 0, driver.report())
        self.assertEqual(driver.stdout.splitlines()[-1], "0 wrong", driver.report())


if __name__ == "__main__":
    unittest.main(verbosity=2)
