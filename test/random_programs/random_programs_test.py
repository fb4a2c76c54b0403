#!/usr/bin/env python3
"""Compiles random annotated programs with ray-cc and runs them, on both engines.

A program ends with 0 where each remote call gave what its plain twin gave. Seeds are printed; one
that fails is repeated by --seed, and its source kept.

    random_programs_test.py [--count N] [--seed FIRST] [--keep FOLDER]
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import program_generator

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("RAY_BUILD", "build")).resolve()
PATIENCE_S = 300


def run(command, **environment):
    try:
        done = subprocess.run(command, env=dict(os.environ, **environment), text=True,
                              errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        return None, f"no end within {PATIENCE_S} s"
    return done.returncode, done.stdout


def failure_of(seed, folder):
    """What is wrong with the program of this seed, or nothing."""
    source = folder / f"program_{seed}.cc"
    program = source.with_suffix("")
    source.write_text(program_generator.generate(seed), encoding="utf-8")
    # What the generator writes may be unused, or compare oddly: its warnings are not of interest.
    status, output = run([BUILD / "bin" / "ray-cc", "-std=c++20", "-w", f"-I{HERE}", source,
                          "-o", program])
    if status != 0:
        return f"does not compile:\n{output}"
    for engine in ("local", "native"):
        with tempfile.TemporaryDirectory() as sessions:
            status, output = run([program], RAY_ENGINE=engine, XDG_RUNTIME_DIR=sessions)
        if status != 0:
            return f"ended with {status} on the {engine} engine:\n{output}"
    program.unlink()
    source.unlink()
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        seeds = range(options.seed, options.seed + options.count)
        print(f"seeds {seeds.start} to {seeds.stop - 1}")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for seed, failure in zip(seeds, pool.map(lambda s: failure_of(s, folder), seeds)):
                done = seed - seeds.start + 1
                if done % 50 == 0:
                    print(f"{done} of {options.count}", flush=True)
                if failure is None:
                    continue
                failed += 1
                print(f"--seed {seed} --count 1: {failure}\n")
    print(f"{failed} of {options.count} programs failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
