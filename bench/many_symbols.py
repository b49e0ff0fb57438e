#!/usr/bin/env python3
"""What very many symbols cost: CPU on one core at the market's own rate, resident memory, memory for each symbol.

    bench/many_symbols.py build/release/virtuoso [--symbols 100 500] [--warm-up 90] [--seconds 30]

The demo exchange (core 1) lists so many symbols and sends depth 50, trades, tickers, candles and liquidations at the rate of
its market; the whole program runs on core 0 and keeps every symbol's frames of 1, 5, 30 and 240 minutes. CPU is counted behind
the warm-up, in which the histories are fetched: of the whole process, and of its threads `feed` and `engine` alone. Memory
for each symbol is the difference between the rows of the table, so that what the program takes without symbols is left out.
"""
import argparse
import os
import tempfile
import time

from processes import applied_counts, configuration, cpu_seconds, demo_exchange, program, quantile_ms, resident_mb, thread_seconds

CLIENT_CORE, EXCHANGE_CORE = "0", "1"
OURS = ("feed", "engine")


def measure(options, symbols):
    with tempfile.TemporaryDirectory() as folder, \
            demo_exchange(options.binary, symbols, folder, pinned=("taskset", "-c", EXCHANGE_CORE)) as venue_port, \
            program(options.binary, configuration(folder, venue_port, symbols, "deep_symbols = []"),
                    pinned=("taskset", "-c", CLIENT_CORE)) as (process, _, monitoring):
        time.sleep(options.warm_up)
        at, cpu, threads = time.monotonic(), cpu_seconds(process.pid), thread_seconds(process.pid, OURS)
        before = applied_counts(monitoring)
        time.sleep(options.seconds)
        passed, after = time.monotonic() - at, applied_counts(monitoring)
        return {"rate": (max(after.values()) - max(before.values())) / passed, "core": (cpu_seconds(process.pid) - cpu) / passed,
                "threads": (thread_seconds(process.pid, OURS) - threads) / passed, "rss_mb": resident_mb(process.pid),
                "p50_ms": quantile_ms(before, after, 0.5), "p99_ms": quantile_ms(before, after, 0.99)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--symbols", nargs="+", type=int, default=[100, 500])
    parser.add_argument("--warm-up", type=float, default=90)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    print(f"{'symbols':>8} {'messages/s':>11} {'core':>6} {'feed+engine':>12} {'RSS MB':>7} {'MB a symbol':>12} {'p50 ms':>7} {'p99 ms':>7} "
          f"{'load':>5}", flush=True)
    smaller = None
    for symbols in options.symbols:
        row = measure(options, symbols)
        each = "-" if smaller is None else f"{(row['rss_mb'] - smaller[1]) / (symbols - smaller[0]):.2f}"
        smaller = smaller or (symbols, row["rss_mb"])
        print(f"{symbols:>8} {row['rate']:>11.0f} {row['core']:>6.1%} {row['threads']:>12.1%} {row['rss_mb']:>7.1f} {each:>12} "
              f"{row['p50_ms']:>7.2f} {row['p99_ms']:>7.2f} {os.getloadavg()[0]:>5.1f}", flush=True)


if __name__ == "__main__":
    main()
