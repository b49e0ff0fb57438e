#!/usr/bin/env python3
"""kill -9 at the system calls of the record path: nothing that was acknowledged is lost, nothing is half there.

    tests/program/kill_storage.py build/release/virtuoso [--points 60] [--batches 40]

`virtuoso storage exercise` stores made-up records, eight in a batch, and prints a number once its batch is acknowledged. One
run is traced to count its system calls; then it is run again and again, and killed by strace at one call after the other, spread
evenly over all of them (--points 0: at every one). After each kill the database is opened as the program does, checked, and held
against what was acknowledged.
"""
import argparse
import collections
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

BATCH = 8
CALLS = ["pwrite64", "pread64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "fcntl", "openat", "close", "mmap", "munmap",
         "newfstatat", "lseek", "rename", "fallocate"]


def exercise(binary, folder, batches):
    return [binary, "storage", "exercise", "--count", str(batches), "--database", f"sqlite://{folder}/records.db"]


def traced(command, *strace):
    # Without --seccomp-bpf: with it, some kernels count the calls and deliver no signal at them.
    return subprocess.run(["strace", "-f", "-qq", *strace, *command], capture_output=True, text=True, timeout=600)


def count_calls(binary, batches):
    """How often each system call comes, in the order in which its first one does."""
    with tempfile.TemporaryDirectory(prefix="vt-kill-") as folder:
        log = os.path.join(folder, "calls")
        ran = traced(exercise(binary, folder, batches), "-o", log, "-e", "trace=" + ",".join("?" + call for call in CALLS))
        if not os.path.exists(log) or ran.returncode != 0:
            return None
        counts = collections.Counter()
        with open(log) as lines:
            for line in lines:
                if found := re.match(r"\d+ +(\w+)\(", line):
                    counts[found[1]] += 1
        return counts


def problems(binary, folder, acknowledged, asks_program):
    path = os.path.join(folder, "records.db")
    if not os.path.exists(path):
        return [f"{acknowledged} were acknowledged and there is no file"] if acknowledged else []
    found = []
    if asks_program:
        checked = subprocess.run([binary, "storage", "check", "--database", f"sqlite://{path}"], capture_output=True, text=True)
        if checked.returncode != 0:
            found.append(f"storage check: {checked.stderr.strip()}")
    database = sqlite3.connect(path)
    if (said := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
        found.append(f"damaged: {said}")
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'explanations'").fetchone():
        return found + ([f"{acknowledged} were acknowledged and there are no tables"] if acknowledged else [])
    scores = [row[0] for row in database.execute("SELECT number FROM scores ORDER BY number")]
    if scores != list(range(1, len(scores) + 1)):
        found.append("the numbers have a hole")
    if len(scores) < acknowledged:
        found.append(f"{acknowledged} were acknowledged, {len(scores)} are there")
    if len(scores) % BATCH:
        found.append(f"a batch is there in part: {len(scores)} scores")
    whole = sum(body == bytes([number & 0x7F]) * 2500
                for number, body in database.execute("SELECT number, body FROM explanations"))
    if whole != len(scores):
        found.append(f"{len(scores)} scores and {whole} whole explanations")
    counted = database.execute("SELECT coalesce(sum(scores), 0) FROM kept_hours").fetchone()[0]
    if counted != len(scores):
        found.append(f"{len(scores)} scores, counted as {counted}")
    database.close()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--points", type=int, default=60)
    parser.add_argument("--batches", type=int, default=40)
    options = parser.parse_args()
    if not shutil.which("strace"):
        print("skipped: strace is not installed")
        return
    counts = count_calls(options.binary, options.batches)
    if counts is None:
        print("skipped: this machine lets nothing be traced")
        return
    every = [(call, k) for call in CALLS for k in range(1, counts[call] + 1)]
    step = max(1, len(every) / options.points) if options.points else 1
    points = [every[int(i * step)] for i in range(int(len(every) / step))]
    kills, acknowledged_sum, bad = 0, 0, []
    for i, (call, k) in enumerate(points):
        if i and i % 100 == 0:
            print(f"{i} of {len(points)} points, {len(bad)} problems", flush=True)
        with tempfile.TemporaryDirectory(prefix="vt-kill-") as folder:
            ran = traced(exercise(options.binary, folder, options.batches), "-o", "/dev/null", "-e", f"trace={call}",
                         "-e", f"inject={call}:signal=KILL:when={k}")
            numbers = [int(line) for line in ran.stdout.splitlines() if line.isdigit()]
            acknowledged = numbers[-1] if numbers else 0
            kills += ran.returncode != 0
            acknowledged_sum += acknowledged
            bad += [f"{call} {k}: {problem}" for problem in problems(options.binary, folder, acknowledged, i % 20 == 0)]
    print(f"{len(points)} of {len(every)} points ({', '.join(f'{counts[call]} {call}' for call in CALLS if counts[call])}): {kills} kills, "
          f"{acknowledged_sum} records acknowledged, {len(bad)} problems")
    if bad:
        sys.exit("\n".join(bad[:20]))
    if kills < len(points) * 0.9:
        sys.exit(f"only {kills} of {len(points)} points were reached: the test does not test")


if __name__ == "__main__":
    main()
