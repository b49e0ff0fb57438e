#!/usr/bin/env python3
"""The program before a database that is really damaged: it goes on from its newest whole copy, and keeps the damaged file.

    tests/program/damaged_database.py build/release/virtuoso

Runs the demo market with a copy each ten seconds, damages the file while nothing runs, and starts the program again: with copies,
without the leave to restore, without a whole copy, and with damage that only the copying finds.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

SECONDS = 120
SCORES = "/api/symbols/bybit-linear-BTCUSDT/scores?limit=1000"


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


class Program:
    running = []

    def __init__(self, binary, folder, **settings):
        self.folder = folder
        config = os.path.join(folder, "virtuoso.toml")
        with open(config, "w") as file:
            file.write("[records]\ncopy_every_seconds = 10\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))
        self.log = open(os.path.join(folder, "log"), "w+")
        self.process = subprocess.Popen(
            [binary, "run", "--config", config, "--market", "demo", "--port", "0", "--monitoring-port", "0", "--demo-symbols", "3",
             "--database", f"sqlite://{folder}/records.db"], stdout=subprocess.PIPE, stderr=self.log, text=True,
            env=dict(os.environ, HOME=folder, XDG_DATA_HOME=folder, XDG_STATE_HOME=folder))
        Program.running.append(self.process)
        line = self.process.stdout.readline()
        self.port, self.monitoring_port = ([re.search(what + r"http://localhost:(\d+)", line)[1] for what in ("", "monitoring: ")]
                                           if line else (None, None))

    def get(self, path, port=None):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port or self.port}{path}", timeout=10) as answer:
                return json.load(answer)
        except OSError:
            return None

    def records(self):
        return (self.get("/api/monitoring/status", self.monitoring_port) or {}).get("records") or {}

    def until(self, what, holds):
        deadline = time.monotonic() + SECONDS
        while not holds(self.records()):
            check(time.monotonic() < deadline and self.process.poll() is None, f"never: {what}: {self.records()} {self.said()}")
            time.sleep(0.2)

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        self.process.terminate()
        check(self.process.wait(timeout=SECONDS) == 0, f"the program ends well: {self.said()}")


def sizes(folder):
    return {name: os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)}


def cut_off(folder):
    place = os.path.join(folder, "records.db")
    for suffix in ("-wal", "-shm"):
        if os.path.exists(place + suffix):
            os.remove(place + suffix)
    os.truncate(place, 5000)


def restored(binary, folder):
    """The file is cut off: the next start goes on from the copy."""
    cut_off(folder)
    program = Program(binary, folder)
    check(program.port, f"it starts: {program.said()}")
    program.until("what was restored", lambda records: records.get("restored"))
    said = program.records()["restored"]
    aside = [name for name in sizes(folder) if name.startswith("records.db.damaged-")]
    check(len(aside) == 1 and sizes(folder)[aside[0]] == 5000, f"the damaged file is kept as it was: {sizes(folder)}")
    check(aside[0] in said and "records.db.copies/" in said, f"both are named: {said}")
    check("is damaged: it was cut off" in program.said() and "virtuoso token list" in program.said(), f"the log: {program.said()}")
    program.until("an answer about scores", lambda records: program.get(SCORES))
    rows = len(program.get(SCORES)["scores"])
    check(rows >= 1, f"the scores from before are there: {rows}")
    program.until("new records and copies", lambda records: records.get("stored", 0) >= 3 and not records.get("copy_problem"))
    program.stop()


def refused(binary, folder):
    cut_off(folder)
    program = Program(binary, folder, restore_damaged=0)
    check(not program.port and program.process.wait(timeout=SECONDS) == 1, f"who does not want it: {program.said()}")
    check("records.db.copies/" in program.said() and "restore_damaged" in program.said(), program.said())
    check(sizes(folder)["records.db"] == 5000, "nothing was touched")
    copies = os.path.join(folder, "records.db.copies")
    for name in os.listdir(copies):
        os.rename(os.path.join(copies, name), os.path.join(folder, "kept-" + name))
    program = Program(binary, folder)
    check(not program.port and program.process.wait(timeout=SECONDS) == 1, f"without a copy: {program.said()}")
    check("there is no whole copy in" in program.said() and "virtuoso storage restore" in program.said(), program.said())
    check(sizes(folder)["records.db"] == 5000, "never an empty one in its place")
    for name in os.listdir(folder):
        if name.startswith("kept-"):
            os.rename(os.path.join(folder, name), os.path.join(copies, name[5:]))


def found_by_copying(binary, folder):
    """Pages in the middle are overwritten: the start does not see it, the next copying does, and the start after that restores."""
    program = Program(binary, folder)  # restores what refused() left
    check(program.port, program.said())
    stored = lambda records: records.get("stored", 0) >= 3
    program.until("records", stored)
    began = time.time() * 1000
    program.until("a copy of them", lambda records: (records.get("copied_at") or 0) > began)
    program.stop()
    place = os.path.join(folder, "records.db")
    with open(place, "r+b") as file:
        for page in range(8, os.path.getsize(place) // 4096):
            file.seek(page * 4096)
            file.write(bytes(range(256)) * 4)
    good = len(os.listdir(os.path.join(folder, "records.db.copies")))
    program = Program(binary, folder)
    check(program.port, program.said())
    program.until("damage that is found", lambda records: records.get("copy_problem") or records.get("restored"))
    if not program.records()["restored"]:  # it was not met at the start
        reasons = program.get("/health")["reasons"]
        check(any("records are not" in reason and "damaged" in reason for reason in reasons), f"it is said: {reasons}")
        check(len(os.listdir(os.path.join(folder, "records.db.copies"))) == good, "no copy of it is made, and none is lost")
        program.stop()
        program = Program(binary, folder)
        check(program.port, program.said())
    program.until("what was restored", lambda records: records.get("restored"))
    program.until("records that go on", stored)
    program.stop()


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="vt-damaged-") as folder:
        try:
            program = Program(binary, folder)
            program.until("records", lambda records: records.get("stored", 0) >= 3)
            began = time.time() * 1000
            program.until("a copy of them", lambda records: (records.get("copied_at") or 0) > began)
            program.stop()
            restored(binary, folder)
            refused(binary, folder)
            found_by_copying(binary, folder)
        finally:
            for process in Program.running:
                process.kill()
                process.wait()
    print("a damaged database is restored from its newest whole copy and kept aside: well")


if __name__ == "__main__":
    main()
