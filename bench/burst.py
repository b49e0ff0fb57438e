#!/usr/bin/env python3
"""How old frames are when they have been applied, at the market's usual rate and at many times of it.

    bench/burst.py build/release/virtuoso [--symbols 34] [--speeds 1 4 8] [--seconds 10]

The demo exchange is a process of its own; its market runs `speed` times faster than the clock, so that so many times more
frames come. Ages are from the stamp at the socket to applied, analysis and scores of what became due included: bounds of the
histogram virtuoso_frame_applied_seconds, over `seconds` behind the start. The first twelve seconds are not counted.
"""
import argparse
import os
import re
import tempfile
import time
import urllib.request

from program import first_match, started

START_SECONDS = 12


def ages(port):
    """The histogram: upper bound in seconds to the number of frames at or below it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        text = response.read().decode()
    found = re.findall(r'^virtuoso_frame_applied_seconds_bucket\{.*?le="([^"]+)"\} (\d+)', text, re.MULTILINE)
    return {float(bound): int(count) for bound, count in found}


def quantile(counts, share):
    return min(bound for bound, count in counts.items() if count >= share * max(counts.values()))


def measure(binary, symbols, speed, seconds):
    with tempfile.TemporaryDirectory() as folder:
        authority, config = os.path.join(folder, "ca.pem"), os.path.join(folder, "virtuoso.toml")
        exchange = started([binary, "demo-exchange", "--port", "0", "--symbols", str(symbols), "--speed", str(speed),
                            "--ca-out", authority])
        venue = first_match(exchange, r"https://(127\.0\.0\.1:\d+)")[1]
        with open(config, "w") as file:
            file.write(f'[bybit]\nrest_url = "https://{venue}"\nstream_url = "wss://{venue}"\nca_file = "{authority}"\n'
                       f'[market]\ntop_symbols = {symbols}\n')
        program = started([binary, "run", "--config", config, "--port", "0", "--monitoring-port", "0"])
        try:
            port = first_match(program, r"localhost:(\d+)/metrics")[1]
            time.sleep(START_SECONDS)
            before = ages(port)
            time.sleep(seconds)
            after = ages(port)
            return {bound: count - before.get(bound, 0) for bound, count in after.items()}
        finally:
            for process in (program, exchange):
                process.terminate()
                process.wait(timeout=20)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--symbols", type=int, default=34)
    parser.add_argument("--speeds", nargs="+", type=float, default=[1, 4, 8])
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    print(f"{'speed':>6} {'frames/s':>9} {'p50 ms <=':>10} {'p99 ms <=':>10} {'p99.9 ms <=':>12}")
    for speed in arguments.speeds:
        counts = measure(arguments.binary, arguments.symbols, speed, arguments.seconds)
        p50, p99, p999 = (1e3 * quantile(counts, share) for share in (0.5, 0.99, 0.999))
        print(f"{speed:>6.0f} {max(counts.values()) / arguments.seconds:>9.0f} {p50:>10.2f} {p99:>10.2f} {p999:>12.2f}", flush=True)


if __name__ == "__main__":
    main()
