#!/usr/bin/env python3
"""Measures the program as a user meets it: start to page and to first scores, resident memory, CPU.

    bench/program.py build/release/virtuoso [--symbols 30 100] [--seconds 60]

For each number of symbols: once as `run --market demo` (the exchange inside, warm) for the start, and once with the demo
exchange as a process of its own, as a live venue would be, for memory and CPU of the program alone.
"""
import argparse
import json
import tempfile
import time
import urllib.request

from processes import PROGRAM_PORTS, configuration, cpu_seconds, demo_exchange, first_match, program, resident_mb, started, stop


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
        return json.load(response)


def start_times(binary, symbols, seconds):
    began = time.monotonic()
    process = started([binary, "run", "--market", "demo", "--database", "off", "--port", "0", "--monitoring-port", "0", "--demo-symbols", str(symbols)])
    times = {"page": None, "scores": None}
    try:
        port = int(first_match(process, PROGRAM_PORTS))
        times["page"] = time.monotonic() - began
        while times["scores"] is None and time.monotonic() - began < seconds:
            try:
                rows = get(port, "/api/dashboard/data")["symbols"]
            except OSError:
                rows = []
            both = [r for r in rows if r["score"] is not None and None not in (r["dimensions"]["order_flow"], r["dimensions"]["liquidity"])]
            if len(both) >= 30:
                times["scores"] = time.monotonic() - began
            time.sleep(0.1)
    finally:
        stop(process)
    return times


def steady_state(binary, symbols, seconds):
    with tempfile.TemporaryDirectory() as folder, demo_exchange(binary, symbols, folder) as venue_port, \
            program(binary, configuration(folder, venue_port, symbols)) as (process, port, _):
        time.sleep(seconds)
        before = cpu_seconds(process.pid)
        time.sleep(10)
        return {"rows": len(get(port, "/api/dashboard/data")["symbols"]), "rss_mb": resident_mb(process.pid),
                "cpu_pct": (cpu_seconds(process.pid) - before) * 10}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--symbols", nargs="+", type=int, default=[34, 100])
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    print(f"{'symbols':>8} {'page s':>7} {'30 scores s':>12} {'rows':>5} {'RSS MB':>7} {'CPU %':>6}", flush=True)
    for symbols in arguments.symbols:
        times = start_times(arguments.binary, symbols, arguments.seconds)
        state = steady_state(arguments.binary, symbols, arguments.seconds)
        scores = "-" if times["scores"] is None else f"{times['scores']:.1f}"
        print(f"{symbols:>8} {times['page']:>7.2f} {scores:>12} {state['rows']:>5} {state['rss_mb']:>7.1f} {state['cpu_pct']:>6.1f}", flush=True)


if __name__ == "__main__":
    main()
