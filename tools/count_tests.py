#!/usr/bin/env python3
"""Adds up what the test runners of a log said, and closes with one line: `N passed, N failed[, N skipped]`.

Counted are whole lines of ctest, vitest, node's runner, and our own `NAME: N passed, N failed`. A stage that failed without
naming a failed test (a build error, a crash of the runner) counts as one failure: .ci/run passes those as --broken.
"""
import argparse
import re
import sys

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def counts_of(line):
    """(passed, failed, skipped) of one summary line of a runner, or None."""
    if found := re.fullmatch(r"\d+% tests passed, (\d+) tests? failed out of (\d+)", line):  # ctest
        return int(found[2]) - int(found[1]), int(found[1]), 0
    if re.match(r"Tests {1,}(?=\d)", line):  # vitest: "Tests  1 failed | 41 passed | 2 skipped (44)"
        count = {what: int(number) for number, what in re.findall(r"(\d+) (passed|failed|skipped)", line)}
        return count.get("passed", 0), count.get("failed", 0), count.get("skipped", 0)
    if found := re.fullmatch(r"(?:#|ℹ) (pass|fail|cancelled|skipped) (\d+)", line):  # node --test
        number = int(found[2])
        return (number if found[1] == "pass" else 0, number if found[1] in ("fail", "cancelled") else 0,
                number if found[1] == "skipped" else 0)
    if found := re.fullmatch(r"[a-z ]+: (\d+) passed, (\d+) failed", line):  # ours
        return int(found[1]), int(found[2]), 0
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", nargs="+")
    parser.add_argument("--broken", type=int, default=0, help="stages that failed")
    args = parser.parse_args()
    total = [0, 0, 0]
    for log in args.logs:
        with open(log, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if counts := counts_of(ANSI.sub("", line).strip()):
                    total = [a + b for a, b in zip(total, counts)]
    passed, failed, skipped = total
    if failed == 0:
        failed = args.broken
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
