#!/usr/bin/env python3
"""A planted violation of each rule is seen, on the line where it stands, and nothing else is."""

import pathlib
import tempfile
import unittest

import check_layers

REAL_EDGES = pathlib.Path(__file__).with_name("allowed_edges.txt").read_text(encoding="utf-8")


class CheckLayersTest(unittest.TestCase):
    def problems_of(self, file, text, edges=REAL_EDGES):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, content in ((check_layers.EDGES_FILE, edges), (file, text)):
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
            return [(f, n, message) for f, n, message in check_layers.check_tree(root)]

    def assert_seen(self, file, text, line, words):
        problems = self.problems_of(file, text)
        self.assertEqual([(f, n) for f, n, _ in problems], [(file, line)], problems)
        self.assertIn(words, problems[0][2])

    def test_an_arrow_that_goes_up_is_seen_on_its_line(self):
        self.assert_seen("runtime/base/clock.h", '#pragma once\n#include "runtime/ipc/bell.h"\n', 2,
                         "runtime/base must not include runtime/ipc")

    def test_siblings_do_not_see_each_other(self):
        self.assert_seen("runtime/raylet/pool.cc", '#include "runtime/core_worker/worker.h"\n', 1,
                         "runtime/raylet must not include runtime/core_worker")

    def test_the_compiler_does_not_see_the_runtime(self):
        self.assert_seen("compiler/driver/main.cc", '#include "runtime/base/clock.h"\n', 1,
                         "compiler/driver must not include runtime/base")

    def test_the_library_does_not_see_the_runtime(self):
        self.assert_seen("stdlib/include/ray/get.h", '#  include "runtime/base/clock.h"\n', 1,
                         "stdlib must not include runtime/base")

    def test_grpc_is_seen_in_rpc_only(self):
        self.assert_seen("runtime/raylet/door.cc", "#include <grpcpp/grpcpp.h>\n", 1, "gRPC")
        self.assertEqual(self.problems_of("runtime/rpc/door.cc", "#include <grpcpp/grpcpp.h>\n"), [])

    def test_boost_interprocess_is_seen_at_the_bottom_only(self):
        self.assert_seen("runtime/core_worker/a.cc", "#include <boost/interprocess/offset_ptr.hpp>\n",
                         1, "Boost.Interprocess")

    def test_antlr_is_seen_in_options_only(self):
        self.assert_seen("compiler/sema/a.cc", "#include <antlr4-runtime.h>\n", 1, "ANTLR")

    def test_the_model_sees_no_clang(self):
        self.assert_seen("compiler/model/a.h", "#include <clang/AST/Decl.h>\n", 1, "clang")
        self.assert_seen("compiler/graph/a.cc", "#include <clang/AST/Decl.h>\n", 1, "clang")
        self.assert_seen("compiler/codegen/a.cc", "#include <llvm/ADT/StringRef.h>\n", 1, "LLVM")

    def test_ownership_holds_no_lock(self):
        self.assert_seen("runtime/ownership/table.h", "#include <vector>\n#include <mutex>\n", 2,
                         "holds no lock")
        self.assert_seen("runtime/scheduling/a.cc", "#include <sys/mman.h>\n", 1, "no I/O")

    def test_the_environment_is_read_in_mains_only(self):
        text = '// getenv("A") in a comment\nauto a = "getenv(";\nauto b = std::getenv("B");\n'
        self.assert_seen("runtime/raylet/a.cc", text, 3, "must not touch the environment")
        self.assertEqual(self.problems_of("tools/rayd/main.cc", text), [])
        for name in ("a_test.cc", "test_driver.cc"):
            self.assertEqual(self.problems_of("runtime/raylet/" + name, text), [])

    def test_an_edge_for_tests_is_for_tests_only(self):
        edges = "runtime/base\nruntime/gcs -> runtime/base in tests\n"
        text = '#include "runtime/base/clock.h"\n'
        self.assertEqual(self.problems_of("runtime/gcs/a_test.cc", text, edges), [])
        self.assertEqual(len(self.problems_of("runtime/gcs/a.cc", text, edges)), 1)

    def test_what_is_allowed_is_not_reported(self):
        text = '#include <mutex>\n#include "runtime/base/clock.h"\n#include "ring.h"\n'
        self.assertEqual(self.problems_of("runtime/ipc/ring.cc", text), [])
        text = '#include "compiler/model/function.h"\n#include "runtime/raylet/pool.h"\n'
        self.assertEqual(self.problems_of("tools/ray-cc/main.cc", text), [])

    def test_an_unknown_folder_is_seen_by_nobody(self):
        self.assert_seen("runtime/raylet/a.cc", '#include "runtime/novel/a.h"\n', 1,
                         "runtime/raylet must not include runtime")


if __name__ == "__main__":
    unittest.main()
