#!/usr/bin/env bash
# Instruction counts, for figures that do not depend on how busy the machine is: bench/callgrind.sh [BUILD_FOLDER]
# Each row: name | benchmark program | benchmark (one iteration, named counted_*) | function whose inclusive cost is counted.
# The benchmark prints how many units it did as the counter `units`.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/bench}
rows=(
    "book, ladder: instructions for each level update|market_bench|counted_ladder|vt::market::OrderBook::apply*"
    "book, std::map: instructions for each level update|market_bench|counted_map|*MapBook::apply*"
)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for row in "${rows[@]}"; do
    IFS='|' read -r name program benchmark function <<<"$row"
    [ -x "$build/$program" ] || { echo "callgrind: $build/$program is not built (make bench)" >&2 && exit 1; }
    valgrind --tool=callgrind --callgrind-out-file="$out/calls" --collect-atstart=no --toggle-collect="$function" \
        "$build/$program" --benchmark_filter="^$benchmark" --benchmark_format=json >"$out/result.json" 2>"$out/log" ||
        { cat "$out/log" >&2 && exit 1; }
    python3 - "$name" "$out" <<'PYTHON'
import json, re, sys
name, out = sys.argv[1:]
log = open(f"{out}/log").read()
collected = int(re.search(r"Collected : (\d+)", log)[1])
units = sum(row["units"] for row in json.load(open(f"{out}/result.json"))["benchmarks"])
print(f"{name}: {collected / units:.1f}  ({collected} / {units:.0f})")
PYTHON
done
