#!/usr/bin/env python3
"""CPU and age of market data: Virtuoso beside ccxt.pro in node, on the same streams of a hundred symbols.

    bench/feed_against_ccxt.py build/release/virtuoso CCXT_FOLDER [--symbols 100] [--speeds 1 2 4 8] [--seconds 10]

The demo exchange (core 1) serves depth 50, trades, tickers, 1-minute candles and liquidations over TLS, its market running
`speed` times faster than the clock. In turn each client follows all of it on core 0:

    virtuoso   the whole program; counted is the CPU of its threads `feed` and `engine`, which also analyse and score what
               they applied, so this is more than decoding and applying. Ages are from the stamp at the socket to applied.
    ccxt.pro   watchOrderBookForSymbols, watchTradesForSymbols, watchTickers, watchOHLCVForSymbols, watchLiquidations; the
               CPU of the node process.

With --decode build/bench/runtime_bench the same frames, recorded once, are then decoded and applied to the books, tickers,
trades and candles of both without a socket: our feed and market state beside ccxt's JSON.parse and handlers.

A client keeps up while it gets the messages that are sent and its loop is not late by more than 100 ms. CCXT_FOLDER is
node_modules/ccxt of any installation of it (tests/conformance has one).
"""
import argparse
import json
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

from processes import applied_counts, authority, configuration, demo_exchange, program, quantile_ms, resident_mb, thread_seconds

CLIENT_CORE, EXCHANGE_CORE = "0", "1"
OURS = ("feed", "engine")


def exchange(options, folder, speed):
    return demo_exchange(options.binary, options.symbols, folder, speed, pinned=("taskset", "-c", EXCHANGE_CORE))


def follow(options, venue_port, folder):
    return configuration(folder, venue_port, options.symbols, "deep_symbols = []")


def ours(options, venue_port, folder):
    with program(options.binary, follow(options, venue_port, folder), pinned=("taskset", "-c", CLIENT_CORE)) as (process, _, monitoring):
        time.sleep(20)
        cpu, counts, at = thread_seconds(process.pid, OURS), applied_counts(monitoring), time.monotonic()
        time.sleep(options.seconds)
        passed, used, later = time.monotonic() - at, thread_seconds(process.pid, OURS) - cpu, applied_counts(monitoring)
        messages = max(later.values()) - max(counts.values())
        return {"rate": messages / passed, "cpu_per_million_s": used / messages * 1e6, "share_of_core": used / passed,
                "rss_mb": resident_mb(process.pid), "p50_ms": quantile_ms(counts, later, 0.5), "p99_ms": quantile_ms(counts, later, 0.99)}


def theirs(options, venue_port, folder, names):
    client = pathlib.Path(__file__).with_name("ccxt_feed.mjs")
    out = subprocess.run(["taskset", "-c", CLIENT_CORE, "node", str(client), "live", options.ccxt, f"https://127.0.0.1:{venue_port}",
                          f"wss://127.0.0.1:{venue_port}", str(options.seconds), *names],
                         env=os.environ | {"NODE_EXTRA_CA_CERTS": str(authority(folder))}, capture_output=True, text=True, timeout=180)
    if out.returncode != 0:
        sys.exit(f"ccxt failed: {out.stderr[-2000:]}")
    row = json.loads(out.stdout.splitlines()[-1])
    for failure in sorted(set(row["failures"])):
        print(f"    ccxt: {failure}")
    return {"rate": row["messages"] / row["seconds"], "cpu_per_million_s": row["cpu_s"] / row["messages"] * 1e6,
            "share_of_core": row["cpu_s"] / row["seconds"], "rss_mb": row["rss_mb"], "late_ms": row["loop_delay_p99_ms"]}


def listed(venue_port):
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    address = f"https://127.0.0.1:{venue_port}/v5/market/tickers?category=linear"
    with urllib.request.urlopen(address, context=trust, timeout=10) as answer:
        return [row["symbol"] for row in json.load(answer)["result"]["list"]]


def decode_alone(options, folder):
    frames, recordings = pathlib.Path(folder) / "frames.txt", pathlib.Path(folder) / "recording"
    with exchange(options, folder, 4) as port:
        config = follow(options, port, folder)
        subprocess.run([options.binary, "record", "--config", config, "--out", str(recordings), "--seconds", "30", "--port", "0", "--monitoring-port", "0"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = next(recordings.glob("*.vtj"))
    rows = []
    for _ in range(3):
        out = subprocess.run([options.decode, "--benchmark_filter=decode_and_apply", "--benchmark_format=json"], check=True, capture_output=True, text=True,
                             env=os.environ | {"VT_BENCH_JOURNAL": str(journal), "VT_BENCH_FRAMES": str(frames)}).stdout
        our_ns = json.loads(out)["benchmarks"][0]["ns_per_frame"]
        client = pathlib.Path(__file__).with_name("ccxt_feed.mjs")
        out = subprocess.run(["node", str(client), "frames", options.ccxt, str(frames), "1"], check=True, capture_output=True, text=True).stdout
        row = json.loads(out)
        rows.append((our_ns, row["cpu_s"] / row["messages"] * 1e9))
    print(f"\ndecode and apply alone, {row['messages']} frames, CPU ns a frame, best of {len(rows)}", flush=True)
    best_ours, best_theirs = min(row[0] for row in rows), min(row[1] for row in rows)
    print(f"virtuoso {best_ours:.0f}, ccxt.pro {best_theirs:.0f}: {best_theirs / best_ours:.1f}x")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("ccxt")
    parser.add_argument("--symbols", type=int, default=100)
    parser.add_argument("--speeds", nargs="+", type=float, default=[1, 2, 4, 8])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--decode", metavar="RUNTIME_BENCH")
    options = parser.parse_args()
    options.ccxt = str(pathlib.Path(options.ccxt).resolve())
    print(f"{'speed':>5} {'client':9} {'messages/s':>10} {'CPU s/million':>13} {'core':>5} {'RSS MB':>6}  ages", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for speed in options.speeds:
            for name in ("virtuoso", "ccxt.pro"):
                with exchange(options, folder, speed) as port:
                    row = ours(options, port, folder) if name == "virtuoso" else theirs(options, port, folder, listed(port))
                ages = f"p50 <= {row['p50_ms']:.2f} ms, p99 <= {row['p99_ms']:.2f} ms" if "p50_ms" in row else f"loop late p99 {row['late_ms']:.0f} ms"
                print(f"{speed:5g} {name:9} {row['rate']:10.0f} {row['cpu_per_million_s']:13.1f} {row['share_of_core']:5.0%} {row['rss_mb']:6.0f}  {ages}", flush=True)
        if options.decode:
            decode_alone(options, folder)


if __name__ == "__main__":
    main()
