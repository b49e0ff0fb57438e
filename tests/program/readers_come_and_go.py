#!/usr/bin/env python3
"""Readers of /ws that come and go leave nothing behind: no descriptor, no thread, no memory.

    tests/program/readers_come_and_go.py build/release/virtuoso [--readers 1000] [--rounds 6] [--seconds 3]

In each round so many readers open /ws, follow the overview and leave. What the first two rounds take (buffers, arenas) is what later ones
may hold, too; bench/websocket_clients.py measures ten thousand.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import time

SECONDS = 60
GROWTH_LIMIT_MB = 12  # a reader holds 12.7 kB: what four rounds of a thousand left behind would be fifty


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def use_of(pid):
    """Descriptors, threads, and MB resident."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    threads, resident_kb = (int(re.search(rf"^{name}:\s+(\d+)", status, re.M)[1]) for name in ("Threads", "VmRSS"))
    return len(os.listdir(f"/proc/{pid}/fd")), threads, resident_kb / 1024


def settled(pid, descriptors):
    """The use once the last reader's descriptor is closed."""
    deadline = time.monotonic() + SECONDS
    while True:
        use = use_of(pid)
        if descriptors is None or use[0] <= descriptors:
            return use
        check(time.monotonic() < deadline, f"{use[0] - descriptors} descriptors stay open when the readers have left")
        time.sleep(0.1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    program = subprocess.Popen([options.binary, "run", "--market", "demo", "--demo-symbols", "3", "--demo-warm", "0", "--port", "0",
                                "--monitoring-port", "0", "--database", "off"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = re.search(r"http://localhost:(\d+)/", program.stdout.readline())[1]
        time.sleep(2)
        before = settled(program.pid, None)
        uses = []
        for _ in range(options.rounds):
            done = subprocess.run([options.binary, "loadtest", "--url", f"http://127.0.0.1:{port}", "--sockets", str(options.readers),
                                   "--topic", "overview", "--seconds", str(options.seconds)], capture_output=True, text=True, timeout=SECONDS * 3)
            check(done.returncode == 0, f"{options.readers} readers: {done.stdout}{done.stderr}")
            uses.append(settled(program.pid, before[0] + 2))
        for number, (descriptors, threads, resident) in enumerate(uses, 1):
            print(f"round {number}: {descriptors} descriptors, {threads} threads, {resident:.1f} MB (before: {before[2]:.1f})")
        check(uses[-1][1] == before[1], "as many threads as before")
        growth = max(use[2] for use in uses[2:]) - max(use[2] for use in uses[:2])
        check(growth < GROWTH_LIMIT_MB, f"{growth:.1f} MB more than after the first two rounds")
    finally:
        program.terminate()
        program.wait(SECONDS)
    print("readers that come and go: well")


if __name__ == "__main__":
    main()
