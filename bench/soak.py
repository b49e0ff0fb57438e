#!/usr/bin/env python3
"""Whether memory, descriptors and threads stay where they are: the whole program for an hour at twenty times the market's rate.

    bench/soak.py build/release/virtuoso [--symbols 10] [--speed 20] [--minutes 60] [--warm-up 20] [--requests 20]

The demo exchange runs `speed` times faster than the clock; the program follows it, keeps its records in SQLite, and answers so many
requests a second. Every 10 s resident memory, open descriptors and threads are read. Behind the warm-up a line is fitted through
resident memory; its slope is printed with a standard error that takes the readings of five minutes for one. Exit code 1 when it is
above a megabyte an hour by more than two of them, or when descriptors or threads grow.
"""
import argparse
import pathlib
import statistics
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from processes import configuration, cpu_seconds, demo_exchange, first_match, PROGRAM_PORTS, resident_mb, started, stop

EVERY_S = 10
SPAN_S = 300
FIRST_S = 60
PATHS = ("/api/dashboard/data", "/api/bitcoin-beta", "/api/symbols/bybit-linear-BTCUSDT/scores?limit=50",
         "/api/symbols/bybit-linear-BTCUSDT/why", "/api/symbols/bybit-linear-ETHUSDT/zones", "/cache-metrics", "/health")


def ask(port, rate, ended, counted):
    turn = 0
    ended.wait(FIRST_S)  # until then there are symbols that nothing is known of: 404
    while not ended.wait(1 / rate):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{PATHS[turn % len(PATHS)]}", timeout=10) as answer:
                answer.read()
            counted["answered"] += 1
        except (urllib.error.URLError, OSError) as error:
            counted[str(error)] = counted.get(str(error), 0) + 1
        turn += 1


def slope_of(readings):
    """Megabytes an hour and the error of that, of (hours, MB)."""
    spans = {}
    for hour, mb in readings:
        spans.setdefault(int(hour * 3600 // SPAN_S), []).append((hour, mb))
    points = [tuple(map(statistics.fmean, zip(*span))) for span in spans.values()]
    line = statistics.linear_regression(*zip(*points))
    middle = statistics.fmean(x for x, _ in points)
    left = sum((y - line.intercept - line.slope * x) ** 2 for x, y in points) / max(1, len(points) - 2)
    return line.slope, (left / sum((x - middle) ** 2 for x, _ in points)) ** .5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--symbols", type=int, default=10)
    parser.add_argument("--speed", type=float, default=20)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--warm-up", type=float, default=20)
    parser.add_argument("--requests", type=float, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, \
            demo_exchange(options.binary, options.symbols, folder, options.speed) as venue_port:
        config = configuration(folder, venue_port, options.symbols)
        process = started([options.binary, "run", "--config", config, "--database", f"sqlite:///{folder}/soak.db", "--port", "0",
                           "--monitoring-port", "0"])
        pages, _ = first_match(process, PROGRAM_PORTS, groups=(1, 2))
        ended, counted = threading.Event(), {"answered": 0}
        asker = threading.Thread(target=ask, args=(pages, options.requests, ended, counted))
        asker.start()
        began, rows = time.monotonic(), []
        print(f"{'minutes':>8}{'RSS MB':>9}{'descriptors':>13}{'threads':>9}{'CPU s':>9}")
        try:
            while (passed := time.monotonic() - began) < 60 * options.minutes and process.poll() is None:
                proc = pathlib.Path(f"/proc/{process.pid}")
                rows.append((passed / 3600, resident_mb(process.pid), len(list((proc / "fd").iterdir())), len(list((proc / "task").iterdir()))))
                if len(rows) % 30 == 1:
                    print(f"{passed / 60:8.1f}{rows[-1][1]:9.1f}{rows[-1][2]:13}{rows[-1][3]:9}{cpu_seconds(process.pid):9.1f}", flush=True)
                time.sleep(EVERY_S)
        finally:
            ended.set()
            asker.join()
            code = process.poll()
            stop(process)
        if code is not None:
            sys.exit(f"soak: the program ended with code {code} after {passed / 60:.1f} minutes")
    print("requests:", ", ".join(f"{count} {what}" for what, count in counted.items()), flush=True)
    behind = [row for row in rows if row[0] * 60 >= options.warm_up]
    if len(behind) < 4 * SPAN_S / EVERY_S:
        sys.exit("soak: too short behind the warm-up for a slope (20 minutes at least)")
    slope, error = slope_of([row[:2] for row in behind])
    print(f"resident memory: {slope:+.2f} MB an hour, standard error {error:.2f}; from {behind[0][1]:.1f} to {behind[-1][1]:.1f} MB")
    # medians: an answer on its way and the hourly copy of the database hold some for a moment
    grown = [name for name, column in (("descriptors", 2), ("threads", 3))
             if statistics.median(row[column] for row in behind[-30:]) > statistics.median(row[column] for row in behind[:30])]
    print(f"descriptors at most {max(row[2] for row in behind)}, threads at most {max(row[3] for row in behind)}"
          + (f"; grown: {', '.join(grown)}" if grown else ""))
    sys.exit(1 if slope - 2 * error > 1 or grown or len(counted) > 1 else 0)


if __name__ == "__main__":
    main()
