#!/usr/bin/env python3
"""The benchmarks find the addresses that the program prints, and end when it does not print them.

    tests/program/bench_addresses.py build/release/virtuoso
"""
import pathlib
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from processes import VENUE_PORT, applied_counts, configuration, demo_exchange, first_match, program, started, stop  # noqa: E402


def ends_the_benchmark(command, why):
    """Does first_match() give up on a command that never says an address, and say why?"""
    process = started(command)
    began = time.monotonic()
    try:
        first_match(process, VENUE_PORT, seconds=1)
    except SystemExit as end:
        if why not in str(end) or "half a line" not in str(end):
            sys.exit(f"the benchmark ended without its reason: {end}")
    else:
        sys.exit("an address was found where none is")
    finally:
        stop(process)
    if time.monotonic() - began > 20:
        sys.exit("the benchmark waited much longer than it was told")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder, demo_exchange(binary, 3, folder) as venue_port, \
            program(binary, configuration(folder, venue_port, 3, "backfill_bars = 30")) as (_, pages, monitoring):
        with urllib.request.urlopen(f"http://127.0.0.1:{pages}/openapi.json", timeout=10) as answer:
            if answer.status != 200:
                sys.exit(f"/openapi.json answered {answer.status}")
        deadline = time.monotonic() + 60
        while max(applied_counts(monitoring).values(), default=0) == 0:
            if time.monotonic() > deadline:
                sys.exit("no frame was counted as applied in a minute")
            time.sleep(0.2)
    ends_the_benchmark(["sh", "-c", "echo half a line; exec sleep 60"], "within 1 s")
    ends_the_benchmark(["sh", "-c", "echo half a line"], "ended before it said")
    print("the benchmarks find the program's addresses, and end without them")


if __name__ == "__main__":
    main()
