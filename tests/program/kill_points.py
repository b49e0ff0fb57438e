#!/usr/bin/env python3
"""kill -9, and errors of the disk, at the system calls of every way to the disk: nothing that was acknowledged is lost, nothing is
half there, the next run goes on.

    tests/program/kill_points.py build/release/virtuoso [--kills 60] [--errors 60] [--kinds records,spool,ledger,trading,series,migrate,backup,copy,restore,config]
    tests/program/kill_points.py build/release/virtuoso --kills all --errors 12000     # half an hour

`storage_paths` (beside the program; tests/storage_paths) goes one way to its end and prints what is acknowledged. One run of each
kind is traced to count its system calls; then it is run again and again, and strace kills it at one call after the other, or lets
that call fail: once, or from then on. The points are spread evenly over all there are. After each, what is on the disk is opened as
the program does, checked row by row, held against what was acknowledged, and gone on with.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

KINDS = {"records": 240, "spool": 160, "ledger": 60, "trading": 120, "series": 90, "migrate": 0, "backup": 0, "copy": 0, "restore": 0, "config": 20}  # and how much is written
ERRORS = {
    "pwrite64": ["ENOSPC", "EIO"], "write": ["ENOSPC", "EIO"], "pread64": ["EIO"], "fdatasync": ["EIO", "ENOSPC"], "fsync": ["EIO"],
    "ftruncate": ["EIO"], "fallocate": ["ENOSPC"], "openat": ["ENOSPC", "EACCES", "EROFS", "EMFILE"], "rename": ["ENOSPC", "EIO"],
    "unlink": ["EIO"], "mkdir": ["ENOSPC"], "newfstatat": ["EIO"], "lseek": ["EIO"], "fchmodat": ["EROFS"],
    "getdents64": ["EIO"], "flock": ["EIO"],
}
UNAVAILABLE = 3  # the exit code of a run whose disk said no to the end
NOT_STARTED = 127  # the dynamic loader's


def traced(command, *strace):
    # Without --seccomp-bpf: with it, some kernels count the calls and deliver no signal at them.
    return subprocess.run(["strace", "-f", "-qq", *strace, *command], capture_output=True, text=True, timeout=600)


class Way:
    """One kind of run: how it is begun, and what must be so afterwards."""

    def __init__(self, binary, kind, scratch):
        self.binary, self.kind = binary, kind
        self.prepared = os.path.join(scratch, kind)
        os.mkdir(self.prepared)
        subprocess.run([binary, "prepare", kind, self.prepared], check=True)
        self.counts = self.count_calls(scratch)

    def command(self, folder):
        return [self.binary, "run", self.kind, folder, str(KINDS[self.kind])]

    def count_calls(self, scratch):
        """How often each system call comes; none where nothing may be traced."""
        folder, log = os.path.join(scratch, "counted"), os.path.join(scratch, "calls")
        shutil.copytree(self.prepared, folder)
        ran = traced(self.command(folder), "-o", log)
        shutil.rmtree(folder)
        counts = collections.Counter()
        if ran.returncode == 0 and os.path.exists(log):
            with open(log) as lines:
                for line in lines:
                    if found := re.match(r"\d+ +(\w+)\(", line):
                        counts[found[1]] += 1
        return counts

    def kill_points(self):
        return [(self, call, k, None, "") for call in sorted(self.counts) for k in range(1, self.counts[call] + 1)]

    def error_points(self):
        return [(self, call, k, error, more) for call in sorted(self.counts) for k in range(1, self.counts[call] + 1)
                for error in ERRORS.get(call, []) for more in ("", "+")]

    def visit(self, call, k, error, more):
        """out: how the run ended, how much was acknowledged, what is wrong"""
        what = f"error={error}" if error else "signal=KILL"
        with tempfile.TemporaryDirectory(prefix="vt-kill-") as scratch:
            folder = os.path.join(scratch, "data")
            shutil.copytree(self.prepared, folder)
            ran = traced(self.command(folder), "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={k}{more}")
            kept = max([int(line) for line in ran.stdout.splitlines() if line.isdigit()], default=0)
            sent = max([int(line[5:]) for line in ran.stdout.splitlines() if line.startswith("sent ")], default=0)
            checked = subprocess.run([self.binary, "check", self.kind, folder, str(kept), str(sent)], capture_output=True, text=True)
            found = [] if checked.returncode == 0 else [checked.stderr.strip() or f"the check ended with {checked.returncode}"]
            if error:
                found += self.wrong_answer(ran, kept, folder)
        where = f"{self.kind}, {call} {k}{more} {error or 'killed'}: "
        return ran.returncode, kept, [where + one for one in found]

    def wrong_answer(self, ran, kept, folder):
        if ran.returncode == NOT_STARTED:
            return []
        if ran.returncode == UNAVAILABLE:
            said = ran.stderr.strip()
            return [] if folder in said and "; " in said else [f"no place or no remedy in: '{said}'"]
        return [] if ran.returncode == 0 else [f"ended with {ran.returncode}: {ran.stderr.strip()[-300:]}"]


def spread(points, wanted):
    if wanted == "all" or int(wanted) >= len(points):
        return points
    step = len(points) / max(1, int(wanted))
    return [points[int(i * step)] for i in range(int(wanted))]


def visit_all(points, jobs):
    ends, acknowledged, bad = collections.Counter(), 0, []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for i, (code, kept, problems) in enumerate(pool.map(lambda point: point[0].visit(*point[1:]), points), 1):
            ends[code] += 1
            acknowledged += kept
            bad += problems
            if i % 500 == 0:
                print(f"  {i} of {len(points)}, {len(bad)} problems", flush=True)
    return ends, acknowledged, bad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--kills", default="60", help="how many points, or 'all'")
    parser.add_argument("--errors", default="60", help="how many points, or 'all'")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    binary = os.path.join(os.path.dirname(os.path.abspath(options.program)), "storage_paths")
    if not os.path.exists(binary):
        sys.exit(f"{binary} is not built: cmake --build ... --target storage_paths")
    if not shutil.which("strace"):
        print("skipped: strace is not installed (tools/bootstrap test)")
        return
    with tempfile.TemporaryDirectory(prefix="vt-ways-") as scratch:
        ways = [Way(binary, kind, scratch) for kind in options.kinds.split(",")]
        if not all(way.counts for way in ways):
            print("skipped: this machine lets nothing be traced")
            return
        every_kill = [point for way in ways for point in way.kill_points()]
        kills = spread(every_kill, options.kills)
        ends, acknowledged, bad = visit_all(kills, options.jobs)
        print(f"kill -9 at {len(kills)} of {len(every_kill)} points: {ends[-9] + ends[137]} killed, {acknowledged} acknowledged, "
              f"{len(bad)} problems")
        if ends[-9] + ends[137] < len(kills) * 0.9:
            bad.append(f"only {ends[-9] + ends[137]} of {len(kills)} points were reached: the test does not test")
        every_error = [point for way in ways for point in way.error_points()]
        errors = spread(every_error, options.errors)
        ends, acknowledged, wrong = visit_all(errors, options.jobs)
        print(f"errors of the disk at {len(errors)} of {len(every_error)} points: {ends[0]} runs went on to their end, "
              f"{ends[UNAVAILABLE]} said what stood in the way, {ends[NOT_STARTED]} could not start; {acknowledged} acknowledged, "
              f"{len(wrong)} problems")
        bad += wrong
    if bad:
        sys.exit("\n".join(bad[:40]))


if __name__ == "__main__":
    main()
