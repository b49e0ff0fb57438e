#!/usr/bin/env python3
"""Measures the program as a user meets it: start to page and to first scores, resident memory, CPU.

    bench/program.py build/release/virtuoso [--symbols 30 100] [--seconds 60]

For each number of symbols: once as `run --market demo` (the exchange inside, warm) for the start, and once with the demo
exchange as a process of its own, as a live venue would be, for memory and CPU of the program alone.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request


def first_match(process, pattern):
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found
    sys.exit(f"a process ended before it said {pattern}")


def started(command):
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
        return json.load(response)


def resident_mb(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start_times(binary, symbols, seconds):
    began = time.monotonic()
    program = started([binary, "run", "--market", "demo", "--port", "0", "--monitoring-port", "0", "--demo-symbols", str(symbols)])
    times = {"page": None, "scores": None}
    try:
        port = int(first_match(program, r"http://localhost:(\d+)/")[1])
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
        program.terminate()
        program.wait(timeout=10)
    return times


def steady_state(binary, symbols, seconds):
    with tempfile.TemporaryDirectory() as folder:
        authority, config = os.path.join(folder, "ca.pem"), os.path.join(folder, "virtuoso.toml")
        exchange = started([binary, "demo-exchange", "--symbols", str(symbols), "--ca-out", authority])
        venue_port = first_match(exchange, r"https://127\.0\.0\.1:(\d+)/")[1]
        with open(config, "w") as file:
            file.write(f'[bybit]\nrest_url = "https://127.0.0.1:{venue_port}"\nstream_url = "wss://127.0.0.1:{venue_port}"\n'
                       f'ca_file = "{authority}"\n[market]\ntop_symbols = {symbols}\n')
        program = started([binary, "run", "--config", config, "--port", "0", "--monitoring-port", "0"])
        try:
            port = int(first_match(program, r"http://localhost:(\d+)/")[1])
            time.sleep(seconds)
            before = cpu_seconds(program.pid)
            time.sleep(10)
            return {"rows": len(get(port, "/api/dashboard/data")["symbols"]), "rss_mb": resident_mb(program.pid),
                    "cpu_pct": (cpu_seconds(program.pid) - before) * 10}
        finally:
            for process in (program, exchange):
                process.terminate()
                process.wait(timeout=10)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--symbols", nargs="+", type=int, default=[34, 100])
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    print(f"{'symbols':>8} {'page s':>7} {'30 scores s':>12} {'rows':>5} {'RSS MB':>7} {'CPU %':>6}")
    for symbols in arguments.symbols:
        times = start_times(arguments.binary, symbols, arguments.seconds)
        state = steady_state(arguments.binary, symbols, arguments.seconds)
        scores = "-" if times["scores"] is None else f"{times['scores']:.1f}"
        print(f"{symbols:>8} {times['page']:>7.2f} {scores:>12} {state['rows']:>5} {state['rss_mb']:>7.1f} {state['cpu_pct']:>6.1f}")


if __name__ == "__main__":
    main()
