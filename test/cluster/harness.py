"""A cluster of its own for one test: programs run in it, and nothing of it is left afterwards.

Every program gets a fresh XDG_RUNTIME_DIR, so that its session folder is in a place that the test
owns. The test process is a subreaper: whatever a program leaves behind, however it detached
itself, becomes a descendant of the test, is found, reported as a failure, and killed.
"""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

BUILD = pathlib.Path(os.environ.get("RAY_BUILD", "build")).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = BUILD / "test" / "programs"
EXAMPLES = BUILD / "examples"
# Far above anything seen: a test that comes near it hangs. Sanitizers and busy machines are slow.
PATIENCE_S = 120
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


def _become_subreaper():
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _die_with_parent():  # in a program, before it starts: no test's death leaves a program behind
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def processes():
    """Maps pid to (parent, state, name) for every process there is."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                text = stat.read()
        except OSError:
            continue
        name = text[text.index("(") + 1:text.rindex(")")]
        state, parent = text[text.rindex(")") + 2:].split()[:2]
        found[int(entry)] = (int(parent), state, name)
    return found


def descendants(of=None):
    """Maps pid to name for the living descendants of this process, or of another."""
    known = processes()
    family = {of or os.getpid()}
    grown = True
    while grown:
        grown = False
        for pid, (parent, _, _) in known.items():
            if parent in family and pid not in family:
                family.add(pid)
                grown = True
    return {pid: known[pid][2] for pid in family
            if pid in known and pid != (of or os.getpid()) and known[pid][1] != "Z"}


def reap():
    """Collects the dead that were given to this process, but for those a Popen waits for."""
    own = {program.process.pid for program in Program.running}
    for pid, (parent, state, _) in processes().items():
        if parent == os.getpid() and state == "Z" and pid not in own:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass


def wait_until(condition, what, patience_s=PATIENCE_S):
    """Polls until `condition()` is true, gives what it gave; raises when patience is over."""
    give_up = time.monotonic() + patience_s
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > give_up:
            raise AssertionError(f"still waiting after {patience_s} s: {what}")
        time.sleep(0.01)


class Program:
    """One running program, its output collected as it comes."""

    running = set()

    def __init__(self, command, environment, folder, stdout=subprocess.PIPE):
        self.command = command
        self.process = subprocess.Popen(command, env=environment, cwd=folder,
                                        stdin=subprocess.PIPE, stdout=stdout,
                                        stderr=subprocess.PIPE, text=True, errors="replace",
                                        start_new_session=True, preexec_fn=_die_with_parent)
        Program.running.add(self)
        self._lines = {"stdout": [], "stderr": []}
        self._readers = {name: self._reader(name) for name in self._lines
                         if getattr(self.process, name) is not None}

    def _reader(self, name):
        def read():
            for line in getattr(self.process, name):
                self._lines[name].append(line)

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    @property
    def pid(self):
        return self.process.pid

    @property
    def stdout(self):
        return "".join(self._lines["stdout"])

    @property
    def stderr(self):
        return "".join(self._lines["stderr"])

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_for_line(self, start):
        """The rest of the first line of output that begins with `start`."""
        def look():
            for line in list(self._lines["stdout"]):
                if line.startswith(start):
                    return (line[len(start):].strip(),)
            if self.process.poll() is not None and not self._readers["stdout"].is_alive():
                raise AssertionError(f"ended with {self.process.returncode} before it printed "
                                     f"'{start}'\n{self.report()}")
            return None

        return wait_until(look, f"'{start}' from {self.command}")[0]

    def wait(self, patience_s=PATIENCE_S):
        """Its exit status, once it has ended and its output is complete."""
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"hangs: {self.command}\n{self.report()}") from None
        for name, reader in self._readers.items():
            reader.join(10)
            if not reader.is_alive():  # else somebody whom it left behind still has the other end
                getattr(self.process, name).close()
        self.process.stdin.close()
        Program.running.discard(self)
        return self.process.returncode

    def report(self):
        return f"--- stdout\n{self.stdout}--- stderr\n{self.stderr}---"

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        Program.running.discard(self)


class ClusterTest(unittest.TestCase):
    """A test with a session root of its own, which must be as empty afterwards as before."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        _become_subreaper()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that tearDown runs

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="raytest-"))
        self.sessions = self.root / "run"
        self.sessions.mkdir(mode=0o700)
        self.scratch = self.root / "scratch"
        self.scratch.mkdir()
        self.programs = []

    def tearDown(self):
        try:
            self.assert_nothing_left()
        finally:
            self._kill_everything()
            shutil.rmtree(self.root, ignore_errors=True)

    def start(self, program, *arguments, engine=None, stdout=subprocess.PIPE, **environment):
        """Starts an executable with `arguments`; `engine` is what RAY_ENGINE says, if anything."""
        variables = {k: v for k, v in os.environ.items() if not k.startswith("RAY_")}
        variables["XDG_RUNTIME_DIR"] = str(self.sessions)
        if engine is not None:
            variables["RAY_ENGINE"] = engine
        variables.update(environment)
        started = Program([str(program), *map(str, arguments)], variables, self.scratch, stdout)
        self.programs.append(started)
        return started

    def run_program(self, program, *arguments, status=0, **keywords):
        """Runs an executable to its end, which must be with `status`."""
        started = self.start(program, *arguments, **keywords)
        actual = started.wait()
        self.assertEqual(actual, status, f"{started.command}\n{started.report()}")
        return started

    def session_folders(self):
        return sorted(self.sessions.glob("ray-cc-*/session-*"))

    def assert_nothing_left(self):
        """No process and no session folder: looks again until they are gone, or patience is."""
        for program in self.programs:
            if program in Program.running and program.process.poll() is not None:
                program.wait()

        def gone():
            reap()
            return not descendants() and not self.session_folders()

        give_up = time.monotonic() + 20
        while not gone():
            if time.monotonic() > give_up:
                reports = "\n".join(program.report() for program in self.programs)
                self.fail(f"left behind: processes {descendants()}, "
                          f"folders {self.session_folders()}\n{reports}")
            time.sleep(0.01)

    def _kill_everything(self):
        for program in self.programs:
            program.end()
        for _ in range(100):
            left = descendants()
            if not left:
                break
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.01)
            reap()
