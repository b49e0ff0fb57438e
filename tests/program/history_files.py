#!/usr/bin/env python3
"""`history list`, `gaps` and `verify` say what is stored, where rows are missing, and what is damaged.

    tests/program/history_files.py build/release/virtuoso

Imports a known series with a known hole, reads what the three commands print (as a table and as JSON), and does so again
with a byte of the file changed.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FIRST_MS = 1704067200000  # 2024-01-01 00:00 UTC
MINUTE_MS = 60_000
ROWS, HOLE = 120, range(40, 47)  # minutes; seven of them are not in the file
STORED = ROWS - len(HOLE)


class Store:
    """A folder of history files and the program that reads them."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.config = folder / "virtuoso.toml"
        self.config.write_text(f'[history]\ndirectory = "{folder / "history"}"\n')

    def run(self, *arguments, code=0):
        """What the command printed: standard output, standard error."""
        out = subprocess.run([self.binary, "history", *arguments, "--config", str(self.config)], capture_output=True, text=True, timeout=60)
        if out.returncode != code:
            sys.exit(f"history {' '.join(arguments)} ended with {out.returncode} instead of {code}:\n{out.stdout}{out.stderr}")
        return out.stdout, out.stderr

    def series_file(self):
        return next(path for path in (self.folder / "history").rglob("*") if path.is_file() and "BTCUSDT" in str(path))

    def rows(self, command, code=0):
        return json.loads(self.run(command, "--json", code=code)[0])


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found!r} instead of {wanted!r}")


def expect_text(what, found, pattern):
    if not re.search(pattern, found):
        sys.exit(f"{what}: nothing matches {pattern!r} in:\n{found}")


def write_bars(path):
    lines = ["time_ms,open,high,low,close,volume"]
    lines += [f"{FIRST_MS + i * MINUTE_MS},{100 + i},{101 + i},{99 + i},{100.5 + i},{1 + i % 7}" for i in range(ROWS) if i not in HOLE]
    path.write_text("\n".join(lines) + "\n")


def check_whole(store):
    size = store.series_file().stat().st_size
    table = store.run("list")[0].splitlines()
    expect("columns of list", table[0].split(), ["series", "rows", "first", "last", "bytes"])
    expect("lines of list", len(table), 2)
    expect_text("list", table[1], rf"BTCUSDT.*\s{STORED} 2024-01-01.00:00.*2024-01-01.01:59:00.*\s{size}$")
    row, = store.rows("list")
    expect("rows of list --json", (row["rows"], row["bytes"], row["first_ms"], row["last_ms"]),
           (STORED, size, FIRST_MS, FIRST_MS + (ROWS - 1) * MINUTE_MS))

    gaps = store.run("gaps")[0].splitlines()
    expect_text("gaps", gaps[0], rf"BTCUSDT.*: {STORED} rows, 0 missing at the venue, {len(HOLE)} not asked for")
    expect("lines of gaps", len(gaps), 2)
    expect_text("gaps", gaps[1], rf"2024-01-01.00:40.* to 2024-01-01.00:47.*\s{len(HOLE)}  not asked for")
    row, = store.rows("gaps")
    expect("gaps --json", (row["rows"], row["missing_at_venue"], row["not_asked"]), (STORED, 0, len(HOLE)))
    expect("the gap", row["gaps"], [{"from_ms": FIRST_MS + HOLE.start * MINUTE_MS, "to_ms": FIRST_MS + HOLE.stop * MINUTE_MS,
                                     "rows": len(HOLE), "is_venues": False}])

    expect_text("verify", store.run("verify")[0], rf"BTCUSDT.*: {STORED} rows in \d+ blocks, whole\n$")
    row, = store.rows("verify")
    expect("verify --json", (row["rows"], row["damages"]), (STORED, []))


def check_damaged(store):
    path = store.series_file()
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 0xFF  # inside the rows
    path.write_bytes(content)
    text = store.run("verify", code=1)[0]
    expect_text("verify of a damaged file", text, r"BTCUSDT.*: \d+ rows in \d+ blocks, damaged\n  at byte \d+, \d+ bytes: ")
    row, = store.rows("verify", code=1)
    expect("damages in --json", len(row["damages"]), 1)
    if row["rows"] >= STORED:
        sys.exit(f"verify counts {row['rows']} rows of a file that lost some")
    _, complaint = store.run("list", code=1)
    expect_text("list of a damaged file", complaint, rf"{re.escape(str(path))} is damaged; `virtuoso history verify` says where")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name:
        store = Store(os.path.abspath(sys.argv[1]), pathlib.Path(name))
        for command in ("list", "gaps", "verify"):
            out, complaint = store.run(command)
            expect_text(f"{command} of an empty store", out + complaint, r"(?i)nothing|no history|is stored")
            expect(f"{command} --json of an empty store", store.rows(command), [])
        write_bars(store.folder / "bars.csv")
        store.run("import", str(store.folder / "bars.csv"), "--symbol", "BTCUSDT", "--kind", "klines", "--timeframe", "1m")
        check_whole(store)
        check_damaged(store)
    print("list, gaps and verify say what is stored, what is missing and what is damaged")


if __name__ == "__main__":
    main()
