#!/usr/bin/env python3
"""How old frames are when they have been applied, at the market's usual rate and at many times of it.

    bench/burst.py build/release/virtuoso [--symbols 34] [--speeds 1 4 8] [--seconds 10]

The demo exchange is a process of its own; its market runs `speed` times faster than the clock, so that so many times more
frames come. Ages are from the stamp at the socket to applied, analysis and scores of what became due included: bounds of the
histogram virtuoso_frame_applied_seconds, over `seconds` behind the start. The first twelve seconds are not counted.
"""
import argparse
import tempfile
import time

from processes import applied_counts, configuration, demo_exchange, program, quantile_ms

START_SECONDS = 12


def measure(binary, symbols, speed, seconds):
    """The histogram before and after."""
    with tempfile.TemporaryDirectory() as folder, demo_exchange(binary, symbols, folder, speed) as venue_port, \
            program(binary, configuration(folder, venue_port, symbols)) as (_, _, monitoring):
        time.sleep(START_SECONDS)
        before = applied_counts(monitoring)
        time.sleep(seconds)
        return before, applied_counts(monitoring)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--symbols", type=int, default=34)
    parser.add_argument("--speeds", nargs="+", type=float, default=[1, 4, 8])
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    print(f"{'speed':>6} {'frames/s':>9} {'p50 ms <=':>10} {'p99 ms <=':>10} {'p99.9 ms <=':>12}")
    for speed in arguments.speeds:
        before, after = measure(arguments.binary, arguments.symbols, speed, arguments.seconds)
        p50, p99, p999 = (quantile_ms(before, after, share) for share in (0.5, 0.99, 0.999))
        rate = (max(after.values()) - max(before.values())) / arguments.seconds
        print(f"{speed:>6.0f} {rate:>9.0f} {p50:>10.2f} {p99:>10.2f} {p999:>12.2f}", flush=True)


if __name__ == "__main__":
    main()
