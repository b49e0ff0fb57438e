#!/usr/bin/env python3
"""The first cache tier beside Caffeine (W-TinyLFU), LRU, FIFO, SIEVE and S3-FIFO as published, in one run.

    bench/cache_against_caffeine.py [BUILD_FOLDER] [--requests FILE.u32]

The requests are those that bench/cache_request_log.py took from a running program. Needs Debian's libcaffeine-java and a JDK, and cache_bench (make bench). All read the same traces. Ends with exit code 1
when the tier's hit ratio is more than half a point below the best on any trace, or below LRU's by more than twice the standard error of
a share of that trace's length: less than that is not told from none.
"""
import argparse
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ITEMS = 1000
JAR = pathlib.Path("/usr/share/java/caffeine.jar")
ALLOWED_POINTS = 0.5


def noise_points(percent, requests):
    """Twice the standard error of a share that was found in so many requests, in percentage points."""
    share = percent / 100
    return 200 * math.sqrt(share * (1 - share) / requests)


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=pathlib.Path, default=here.parent / "build" / "bench")
    parser.add_argument("--requests", type=pathlib.Path)
    arguments = parser.parse_args()
    build = arguments.build
    binary = build / "cache_bench"
    if not binary.exists():
        sys.exit(f"cache_against_caffeine: {binary} is not built (make bench)")
    if not JAR.exists() or shutil.which("javac") is None:
        sys.exit("cache_against_caffeine: needs Debian's libcaffeine-java and default-jdk-headless")
    with tempfile.TemporaryDirectory() as folder:
        if arguments.requests:
            for items in (ITEMS, ITEMS // 10):  # as it is configured, and with room scarce
                shutil.copy(arguments.requests, pathlib.Path(folder) / f"request_log_{items}.u32")
        run = subprocess.run([binary, "--benchmark_format=json"], check=True, capture_output=True, text=True,
                             env=os.environ | {"VT_CACHE_TRACES": folder})
        subprocess.run(["javac", "-cp", JAR, "-d", folder, here / "CaffeineBench.java"], check=True)
        traces = sorted(pathlib.Path(folder).glob("*.u32"))
        requests = {trace.stem: trace.stat().st_size // 4 for trace in traces}
        java = subprocess.run(["java", "-cp", f"{JAR}:{folder}", "CaffeineBench", str(ITEMS), *traces], check=True,
                              capture_output=True, text=True).stdout
    rows = json.loads(run.stdout)["benchmarks"]
    ratios = {}
    for row in rows:
        if row["name"].startswith("hit_ratio/"):
            _, trace, policy = row["name"].split("/")[:3]
            ratios.setdefault(trace, {})[policy] = row["hit_pct"]
    for trace, percent in re.findall(r"^ratio (\S+) (\S+)", java, re.M):
        ratios[trace]["caffeine"] = float(percent)

    policies = list(next(iter(ratios.values())))
    print(f"hit ratio in percent, {ITEMS} items, or as the trace's name says")
    print(f"{'trace':16}" + "".join(f"{policy:>22}" for policy in policies))
    worst = 0.0
    below_lru = []
    for trace, by_policy in ratios.items():
        print(f"{trace:16}" + "".join(f"{by_policy[policy]:22.2f}" for policy in policies))
        worst = max(worst, max(by_policy.values()) - by_policy["ours"])
        lacking, noise = by_policy["lru"] - by_policy["ours"], noise_points(by_policy["lru"], requests[trace])
        if lacking > 0:
            print(f"{trace}: below LRU by {lacking:.2f} points, where {noise:.2f} are within the error of {requests[trace]} requests")
        if lacking > noise:
            below_lru.append(trace)
    print(f"ours below the best by at most {worst:.2f} points (allowed: {ALLOWED_POINTS})")
    for row in rows:
        if row["name"].startswith("hit/"):
            print(f"ours, {row['name'].rsplit(':', 1)[1]} thread(s): {row['cpu_time']:.0f} ns of CPU for each hit")
        if row["name"].startswith(("hit_latency", "clock_latency")):
            what = "one hit and two readings of the clock" if row["name"].startswith("hit") else "the two readings alone"
            print(f"ours, {what}: p50 {row['p50_ns']:.0f} ns, p99 {row['p99_ns']:.0f} ns, p99.9 {row['p999_ns']:.0f} ns")
    for kind, threads, taken in re.findall(r"^(speed\S*) (\S+) (\S+)", java, re.M):
        asked = "with the bytes of a request" if kind == "speed_from_bytes" else "with the key's own object"
        print(f"caffeine, {threads} thread(s), asked {asked}: {float(taken):.0f} ns of CPU for each hit")
    sys.exit(1 if worst > ALLOWED_POINTS or below_lru else 0)


if __name__ == "__main__":
    main()
