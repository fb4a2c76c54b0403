#!/usr/bin/env python3
"""Every example, run to its end on real input, natively and in one process."""

import collections
import glob
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import sys
import unittest
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cluster"))
import harness  # noqa: E402

DATABASE = "Learning Ray Flexible Distributed Python for Data Science".split()
ITEMS = [f"({index}, {word})" for index, word in enumerate(DATABASE)]
RUNTIME = re.compile(r"Runtime: (\d+\.\d\d) seconds, data:")


class LearningRay(harness.ClusterTest):
    def sections(self, engine):
        program = self.run_program(harness.EXAMPLES / "learning_ray", engine=engine)
        self.assertEqual(program.stderr, "")
        parts = re.split(r"\n== (\d)\. [^\n]*\n", "\n" + program.stdout)
        return {int(number): text.strip().splitlines()
                for number, text in zip(parts[1::2], parts[2::2])}

    def check(self, sections):
        self.assertEqual(sorted(sections), list(range(1, 9)))
        self.assertRegex(sections[1][0], r"^\d+ CPUs$")
        for step in (2, 3, 4):
            self.assertRegex(sections[step][0], RUNTIME)
            self.assertEqual(sections[step][1:], ITEMS)
        pairs = [line for line in sections[5] if not RUNTIME.match(line)]
        self.assertEqual(sorted(pairs), ITEMS)
        self.assertEqual([bool(RUNTIME.match(line)) for line in sections[5]],
                         [True, False, False] * 4)
        self.assertEqual(sections[6], [f"({ITEMS[i]}, {ITEMS[i + 1]})" for i in (0, 2, 4, 6)])
        self.assertEqual(sections[7], ITEMS + ["counts: 8"])
        self.assertEqual(sections[8], ["RAY RAY"])

    def test_prints_what_the_chapter_prints(self):
        sections = self.sections(engine=None)
        self.check(sections)
        sequential = float(RUNTIME.match(sections[2][0]).group(1))
        tasks = float(RUNTIME.match(sections[3][0]).group(1))
        # The sleepers overlap: no statement about speed, but one about what runs at once.
        self.assertGreaterEqual(sequential, 2.8)
        self.assertLess(tasks, sequential)

    def test_prints_the_same_in_one_process(self):
        self.check(self.sections(engine="local"))


class LanguageTour(harness.ClusterTest):
    def check(self, engine):
        lines = self.run_program(harness.EXAMPLES / "language_tour",
                                 engine=engine).stdout.splitlines()
        self.assertEqual(sorted(lines[:8]), [f"{i} {word}" for i, word in enumerate(DATABASE)])
        self.assertEqual(lines[8:], ["Ray 8"])

    def test_runs_unchanged(self):
        self.check(engine=None)

    def test_runs_unchanged_in_one_process(self):
        self.check(engine="local")


class WordCount(harness.ClusterTest):
    FILES = sorted(path for path in glob.glob("/usr/share/common-licenses/*")
                   if os.path.isfile(path))

    def expected(self, files):
        pipeline = ("cat \"$@\" | tr -cs A-Za-z '\\n' | tr A-Z a-z | grep . | sort | uniq -c "
                    "| sort -k1,1nr -k2")
        result = subprocess.run(["sh", "-c", pipeline, "sh", *files], check=True,
                                capture_output=True, text=True,
                                env={**os.environ, "LC_ALL": "C"})
        return result.stdout.splitlines()

    def check(self, engine):
        files = self.FILES
        self.assertGreater(len(files), 5)
        program = self.run_program(harness.EXAMPLES / "word_count", *files, engine=engine)
        self.assertEqual(program.stdout.splitlines(), self.expected(files))

    def test_counts_as_sort_and_uniq_do(self):
        self.check(engine=None)

    def test_counts_the_same_in_one_process(self):
        self.check(engine="local")

    def test_a_file_that_is_not_there_is_named(self):
        program = self.run_program(harness.EXAMPLES / "word_count", "/no/such/file", status=1)
        self.assertEqual(program.stderr, "word_count: cannot read /no/such/file\n")


class Pipeline(harness.ClusterTest):
    """A workflow file, wired to an object file's functions."""

    FILES = WordCount.FILES[:2]

    def expected(self, count):
        left, right = (collections.Counter(re.findall(
            "[a-z]+", pathlib.Path(path).read_text(encoding="latin-1").lower()))
            for path in self.FILES)
        common = sorted((left & right).items(), key=lambda pair: (-pair[1], pair[0]))
        return "[" + ", ".join(f'("{word}", {n})' for word, n in common[:count]) + "]\n"

    def check(self, engine):
        program = self.run_program(harness.EXAMPLES / "pipeline", *self.FILES, "5", engine=engine)
        self.assertEqual(program.stdout, self.expected(5))

    def test_finds_the_common_words(self):
        self.check(engine=None)

    def test_finds_the_same_in_one_process(self):
        self.check(engine="local")

    def test_an_exception_of_a_step_ends_it(self):
        program = self.run_program(harness.EXAMPLES / "pipeline", "/no/such/file", self.FILES[0],
                                   "5", status=1)
        self.assertIn("pipeline: error: ", program.stderr)
        self.assertIn("cannot read /no/such/file", program.stderr)


class MonteCarloPi(harness.ClusterTest):
    def run_it(self, engine):
        lines = self.run_program(harness.EXAMPLES / "monte_carlo_pi", "20",
                                 engine=engine).stdout.splitlines()
        for line in lines[:-1]:
            self.assertRegex(line, r"^\d+% of the darts are thrown$")
        self.assertEqual(lines[-2], "100% of the darts are thrown")
        return lines[-1]

    def test_is_near_pi_and_the_same_on_both_engines(self):
        native = self.run_it(engine=None)
        self.assertAlmostEqual(float(native.removeprefix("pi is about ")), 3.14159, delta=0.003)
        self.assertEqual(native, self.run_it(engine="local"))

    def test_draws_a_bar_on_a_terminal(self):
        ours, theirs = pty.openpty()
        try:
            program = self.start(harness.EXAMPLES / "monte_carlo_pi", "20", stdout=theirs)
            os.close(theirs)
            shown = b""
            while program.process.poll() is None or select.select([ours], [], [], 0)[0]:
                if select.select([ours], [], [], 0.1)[0]:
                    try:
                        shown += os.read(ours, 4096)
                    except OSError:  # nobody has the other side any more
                        break
            self.assertEqual(program.wait(), 0, program.stderr)
        finally:
            os.close(ours)
        self.assertIn(b"\r[" + b"#" * 50 + b"] 100%", shown)
        self.assertIn(b"pi is about 3.14", shown)


class Patterns(harness.ClusterTest):
    """The smaller examples, one pattern each, on both engines."""

    def check(self, name, *arguments, expected):
        for engine in (None, "local"):
            program = self.run_program(harness.EXAMPLES / name, *arguments, engine=engine)
            self.assertEqual(program.stdout.splitlines(), expected, engine)

    def test_heat_spreads_as_in_one_array(self):
        parts, steps, points = 3, 20, 1000
        rod = [0.0] * (parts * points)
        rod[points // 2] = 1000.0
        for _ in range(steps):
            rod = [x + 0.25 * (rod[i - 1] - 2 * x + rod[(i + 1) % len(rod)])
                   for i, x in enumerate(rod)]
        self.check("heat", str(parts), str(steps), expected=[
            f"{len(rod)} points, {steps} steps: {sum(rod):.3f} in all, {max(rod):.3f} at the hottest"])

    def test_parameter_server_finds_the_line(self):
        self.check("parameter_server", "3", "100", expected=["after 100 steps: y = 2.00 x -1.00"])

    def test_sample_sort_sorts(self):
        self.check("sample_sort", "5", "3000", expected=["15000 numbers in 5 ranges, sorted"])

    def test_async_actor_counts_the_words(self):
        self.check("async_actor", "40", expected=[
            "20 of 40 pages", "40 of 40 pages", "200 words"])

    def test_fibonacci_counts(self):
        self.check("fibonacci", "16", "12", expected=["fibonacci(16) = 987"])

    def test_n_queens_finds_every_board(self):
        self.check("n_queens", "8", "2", expected=["92 ways for 8 queens"])

    def test_dining_philosophers_all_eat(self):
        self.check("dining_philosophers", "3", "4", expected=["12 meals, forks used 24 times"])

    def test_k_means_finds_the_clusters(self):
        for engine in (None, "local"):
            lines = self.run_program(harness.EXAMPLES / "k_means", "3", "1200",
                                     engine=engine).stdout.splitlines()
            centres = [tuple(map(float, line.strip("()").split(", "))) for line in lines]
            for found, truth in zip(centres, [(0, 0), (10, 0), (0, 10), (10, 10)], strict=True):
                self.assertLess(max(abs(a - b) for a, b in zip(found, truth)), 0.5, lines)

    def test_tiled_cholesky_gives_back_its_matrix(self):
        self.check("tiled_cholesky", "4", "16", expected=["64 x 64 in 10 tiles: L L^T = A"])

    def test_hyperparameter_search_ends_well_in_any_order(self):
        self.check("hyperparameter_search", "200",
                   expected=["200 trials: the valley's floor is found"])

    def test_log_stream_finds_what_grep_finds(self):
        files = sorted(glob.glob("/usr/share/common-licenses/*GPL*"))
        found = subprocess.run(["grep", "-n", "-H", "-e", "software", *files], text=True, check=True,
                               capture_output=True).stdout.splitlines()
        self.assertGreater(len(found), 100)
        for count in (1, 70, len(found)):
            self.check("log_stream", "software", str(count), *files, expected=found[:count])

    def test_log_stream_goes_on_behind_a_file_that_is_not_there(self):
        file = self.scratch / "a.log"
        file.write_text("all\nis\nwell\n")
        program = self.run_program(harness.EXAMPLES / "log_stream", "well", "9", "/no/such/file", file)
        self.assertEqual(program.stdout, f"{file}:3:well\n")
        self.assertEqual(program.stderr, "log_stream: cannot read /no/such/file\n")

    def test_cell_matrix_adds_up(self):
        self.check("cell_matrix", "3", expected=["row: 3", "row: 12", "row: 21", "all: 36",
                                                 "no column 3"])


def decode_png(data):
    """(width, height, rows of RGB bytes) of an 8-bit RGB PNG, checksums verified."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, header, packed = 8, None, b""
    while at < len(data):
        size, = struct.unpack(">I", data[at:at + 4])
        kind, body = data[at + 4:at + 8], data[at + 8:at + 8 + size]
        crc, = struct.unpack(">I", data[at + 8 + size:at + 12 + size])
        assert crc == zlib.crc32(kind + body)
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        if kind == b"IDAT":
            packed += body
        at += 12 + size
    width, height, depth, colour = header[:4]
    assert (depth, colour) == (8, 2)
    raw, stride, rows, above = zlib.decompress(packed), 3 * width, [], bytes(3 * width)
    assert len(raw) == height * (stride + 1)
    for y in range(height):
        start = y * (stride + 1)
        above = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + stride]), above)
        rows.append(bytes(above))
    return width, height, rows


def unfilter(kind, row, above):
    for i, value in enumerate(row):
        left = row[i - 3] if i >= 3 else 0
        up, corner = above[i], above[i - 3] if i >= 3 else 0
        estimate = left + up - corner
        paeth = min((left, up, corner), key=lambda c: abs(estimate - c))
        row[i] = (value + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return row


class Mandelbrot(harness.ClusterTest):
    def draw(self, engine):
        file = self.scratch / f"{engine or 'native'}.png"
        program = self.run_program(harness.EXAMPLES / "mandelbrot", file, "200", engine=engine)
        self.assertEqual(program.stdout, f"12 tiles, 200 x 133 pixels: {file}\n")
        return file.read_bytes()

    def test_draws_the_set_the_same_on_both_engines(self):
        native = self.draw(engine=None)
        width, height, rows = decode_png(native)
        self.assertEqual((width, height), (200, 133))

        def pixel(x, y):
            return tuple(rows[y][3 * x:3 * x + 3])

        self.assertEqual(pixel(100, 66), (0, 0, 0))  # -0.65: inside
        self.assertNotEqual(pixel(0, 0), (0, 0, 0))
        self.assertGreater(len({pixel(x, 66) for x in range(width)}), 20)
        for y in range(1, 60):  # the set is its own mirror image
            self.assertEqual(rows[66 - y], rows[66 + y])
        self.assertEqual(native, self.draw(engine="local"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
