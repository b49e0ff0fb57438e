#!/usr/bin/env python3
"""What the running program keeps is there after kill -9, can be backed up while it runs, and is refused where it must be.

    tests/program/storage.py build/release/virtuoso
"""
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

SECONDS = 120


def run(binary, *arguments, environment=None):
    return subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=SECONDS, env=environment)


def expect(condition, what, shown=""):
    if not condition:
        sys.exit(f"{what}\n{shown}")


def await_stored(port, count):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/monitoring/status", timeout=10) as answer:
                records = json.load(answer)["records"]
        except OSError:  # 503 at first
            records = None
        if records and records["stored"] >= count:
            return records
        time.sleep(0.2)
    sys.exit(f"no {count} records were stored: {records}")


def pages(port, query):
    """All pages of Bitcoin's stored scores, the first row of each page's rows first."""
    rows, cursor = [], ""
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/symbols/bybit-linear-BTCUSDT/scores?{query}{cursor}", timeout=10) as answer:
            page = json.load(answer)
        rows += page["scores"]
        if page["cursor"] is None:
            return rows
        cursor = "&cursor=" + urllib.parse.quote(page["cursor"])


def await_pages(port, count):
    """Bitcoin's scores, once that many are stored: what is stored first may be of other symbols."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        rows = pages(port, "order=oldest&limit=2")
        if len(rows) >= count:
            return rows
        time.sleep(0.2)
    sys.exit(f"stored scores are read while the program runs: {rows}")


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="vt-storage-") as folder:
        url = f"sqlite://{folder}/records.db"
        program = subprocess.Popen([binary, "run", "--market", "demo", "--port", "0", "--monitoring-port", "0", "--demo-symbols", "6",
                                    "--database", url], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            line = program.stdout.readline()
            port = re.search(r"monitoring: http://localhost:(\d+)", line)[1]
            stored = await_stored(port, 40)
            began = time.monotonic()
            second = run(binary, "run", "--market", "demo", "--port", "0", "--monitoring-port", "0", "--database", url)
            expect(second.returncode == 75 and f"(process {program.pid})" in second.stderr and "records.database_url" in second.stderr,
                   "a second run on the same records is refused, and says by whom", second.stderr)
            print(f"a second run is refused within {time.monotonic() - began:.2f} s")
            expect(await_stored(port, stored["stored"] + 1)["lost"] == 0, "and the first goes on")
            api_port = re.search(r"http://localhost:(\d+)", line)[1]
            every = await_pages(api_port, 3)
            keys = [(row["timestamp"], row["number"]) for row in every]
            expect(keys == sorted(set(keys)), "in order, each once", keys)
            newest = pages(api_port, f"order=newest&limit=1000&to={every[-1]['timestamp'] + 1}")
            expect(newest == every[::-1], "the other way round they are the same", f"{len(newest)} {len(every)}")
            backup = run(binary, "storage", "backup", f"{folder}/first.db", "--database", url, "--json")
            expect(backup.returncode == 0, "backup while the program runs", backup.stderr)
            records = await_stored(port, json.loads(backup.stdout)["scores"] + 10)
            expect(records["lost"] == 0 and records["problem"] is None, "nothing is lost", records)
        finally:
            program.kill()
            program.wait()

        checked = run(binary, "storage", "check", "--database", url, "--json")
        expect(checked.returncode == 0, "check after kill -9", checked.stderr)
        content = json.loads(checked.stdout)
        expect(content["scores"] >= records["stored"], "what was acknowledged is there", f"{content} {records}")
        expect(content["explanations"] == content["scores"] and content["runs"] == 1, "each with its explanation", content)

        saved = json.loads(backup.stdout)
        restored = run(binary, "storage", "restore", f"{folder}/first.db", "--database", f"sqlite://{folder}/second.db", "--json")
        expect(restored.returncode == 0, "restore", restored.stderr)
        expect(json.loads(restored.stdout)["digest"] == saved["digest"], "equal digests", restored.stdout)
        again = run(binary, "storage", "restore", f"{folder}/first.db", "--database", f"sqlite://{folder}/second.db")
        expect(again.returncode == 1 and "--merge" in again.stderr, "not into a full database", again.stderr)

        sizes = sqlite3.connect(f"{folder}/records.db").execute("SELECT avg(length(body)), avg(plain_bytes) FROM explanations").fetchone()
        print(f"{content['scores']} records; an explanation takes {sizes[0]:.0f} of {sizes[1]:.0f} bytes")

        back = run(binary, "storage", "migrate", "--to", "1", "--database", url)
        expect(back.returncode == 0 and " -> 1\n" in back.stdout, "a step back", back.stdout + back.stderr)
        forward = run(binary, "db", "migrate", "--database", url)
        expect(forward.returncode == 0, "and forward", forward.stderr)

        with sqlite3.connect(f"{folder}/second.db") as database:
            database.execute("INSERT INTO schema_versions VALUES (99, 'from tomorrow', 'virtuoso 9.9.9', 1)")
        for command in (["storage", "check"], ["run", "--market", "demo", "--port", "0", "--monitoring-port", "0"]):
            newer = run(binary, *command, "--database", f"sqlite://{folder}/second.db")
            expect(newer.returncode == 78 and "virtuoso 9.9.9" in newer.stderr, f"{command[0]}: a newer schema", newer.stderr)

        whole = os.path.getsize(f"{folder}/records.db")
        for size, what in ((0, "emptied"), (1, "cut off to a byte"), (whole - 100, "cut off within its last page")):
            with open(f"{folder}/records.db", "rb") as file, open(f"{folder}/cut.db", "wb") as cut:
                cut.write(file.read(size))
            with open(f"{folder}/cut.db-wal", "wb") as log:
                log.write(b"x" * (4096 if size == 0 else 0))
            damaged = run(binary, "run", "--market", "demo", "--port", "0", "--monitoring-port", "0", "--database", f"sqlite://{folder}/cut.db")
            expect(damaged.returncode == 1 and "virtuoso storage restore" in damaged.stderr, f"a file that was {what}", damaged.stderr)
            expect(os.path.getsize(f"{folder}/cut.db") == size, "and it is left as it was")

        nothing = run(binary, "storage", "check", "--database", f"sqlite://{folder}/none.db")
        expect(nothing.returncode == 1 and not os.path.exists(f"{folder}/none.db"), "checking makes no database", nothing.stderr)
        wrong = run(binary, "config", "check", environment={**os.environ, "DATABASE_URL": "mysql://u:hush@h/d"})
        expect(wrong.returncode == 78 and "hush" not in wrong.stderr + wrong.stdout, "no password in a message", wrong.stderr)
        with open(f"{folder}/url", "w") as file:
            file.write("postgresql://u:hush@h/d\n")
        os.chmod(f"{folder}/url", 0o600)
        shown = run(binary, "config", "explain", "records.database_url", environment={**os.environ, "DATABASE_URL_FILE": f"{folder}/url"})
        expect("u:***@h/d" in shown.stdout and "hush" not in shown.stdout, "DATABASE_URL_FILE is read and not shown", shown.stdout + shown.stderr)


if __name__ == "__main__":
    main()
