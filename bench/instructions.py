#!/usr/bin/env python3
"""Instruction counts by callgrind: figures that do not depend on how busy the machine is.

    bench/instructions.py [BUILD_FOLDER]           count, and compare with bench/baseline.json
    bench/instructions.py [BUILD_FOLDER] --write   count, and make that the baseline

A count that rises by more than 5 % over the baseline, or a ratio that falls by more, ends with exit code 1. Counts are
of GCC 12 on Debian 12 (valgrind offers AVX2 whatever the machine has); another compiler needs a baseline of its own.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

TOLERANCE = 0.05
# name: benchmark program, benchmark (its counter `units` says how many units it did), function whose inclusive cost counts
COUNTS = {
    "book, ladder, for each level update": ("market_bench", "counted_ladder/", "vt::market::OrderBook::apply*"),
    "book, std::map, for each level update": ("market_bench", "counted_map/", "*MapBook::apply*"),
    "frame of 6 levels, decoded and applied": ("exchange_bench", "ours_fast/counted/", "*one_frame*"),
    "frame of 6 levels, by the general decoder": ("exchange_bench", "ours_general/counted/", "*one_frame*"),
    "frame of 6 levels, RapidJSON DOM": ("exchange_bench", "rapidjson_dom/counted/", "*one_frame*"),
    "frame of 6 levels, RapidJSON SAX": ("exchange_bench", "rapidjson_sax/counted/", "*one_frame*"),
    "a second of one symbol, evaluated": ("analysis_bench", "counted_second/", "vt::analysis::SymbolAnalysis::evaluate*"),
    "a closed minute of one symbol, six sides": ("confluence_bench", "counted_close/", "*Market::close_minute*"),
    "a bar of the technical set, 128 values": ("indicators_bench", "counted_set/", "vt::indicators::TechnicalSet::update(*"),
    "a bar by TA-Lib over 500 bars, 41 functions": ("indicators_bench", "counted_talib/", "*recompute_all*"),
}
# how many times cheaper the second is than the first
RATIOS = {
    "std::map to ladder": ("book, std::map, for each level update", "book, ladder, for each level update"),
    "RapidJSON DOM to ours": ("frame of 6 levels, RapidJSON DOM", "frame of 6 levels, decoded and applied"),
    "RapidJSON SAX to ours": ("frame of 6 levels, RapidJSON SAX", "frame of 6 levels, decoded and applied"),
    "TA-Lib recomputing to the technical set": ("a bar by TA-Lib over 500 bars, 41 functions",
                                                "a bar of the technical set, 128 values"),
}


def count(build, program, benchmark, function):
    binary = build / program
    if not binary.exists():
        sys.exit(f"instructions: {binary} is not built (make bench)")
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/calls", "--collect-atstart=no",
             f"--toggle-collect={function}", str(binary), f"--benchmark_filter=^{benchmark}", "--benchmark_format=json"],
            capture_output=True, text=True)
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or collected is None:
        sys.exit(f"instructions: {program} {benchmark}: {run.stderr[-2000:]}")
    units = sum(row["units"] for row in json.loads(run.stdout)["benchmarks"])
    if units == 0 or int(collected[1]) == 0:
        sys.exit(f"instructions: {program} {benchmark}: nothing was counted in {function}")
    return int(collected[1]) / units


def measure(build):
    counts = {}
    for name, (program, benchmark, function) in COUNTS.items():
        counts[name] = round(count(build, program, benchmark, function), 1)
        print(f"{counts[name]:12.1f}  {name}", flush=True)
    ratios = {name: round(counts[slow] / counts[fast], 2) for name, (slow, fast) in RATIOS.items()}
    for name, ratio in ratios.items():
        print(f"{ratio:11.2f}x  {name}")
    return {"instructions": counts, "ratios": ratios}


def worse_than(baseline, measured):
    """Sentences on what became worse by more than the tolerance; a name that is on one side only is worse, too."""
    for kind, sign in (("instructions", 1), ("ratios", -1)):
        known, found = baseline.get(kind, {}), measured[kind]
        for name in sorted(known.keys() | found.keys()):
            if name not in known or name not in found:
                yield f"{name}: only in {'the baseline' if name in known else 'this run'}"
            elif sign * (found[name] / known[name] - 1) > TOLERANCE:
                yield f"{name}: {known[name]} in the baseline, {found[name]} now"


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    root = pathlib.Path(__file__).resolve().parent.parent
    build = pathlib.Path(arguments[0]) if arguments else root / "build" / "bench"
    path = root / "bench" / "baseline.json"
    measured = measure(build)
    if "--write" in sys.argv:
        path.write_text(json.dumps(measured, indent=1) + "\n")
        return 0
    worse = list(worse_than(json.loads(path.read_text()), measured))
    for sentence in worse:
        print(f"worse than bench/baseline.json: {sentence}")
    if not worse:
        print(f"nothing is more than {TOLERANCE:.0%} worse than bench/baseline.json")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
