#!/usr/bin/env python3
"""Signals over the real program: raised on the demo market, kept in a chain that outlives kill -9, shown by API and commands, and made
again from the recording by both.

    tests/program/signals.py build/release/virtuoso

Gates are opened as far as the configuration goes, so that the first minutes already raise signals.
"""
import atexit
import csv
import glob
import json
import os
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

SECONDS = 200  # two minutes have to close
CONFIGURATION = """[signals]
score_max = 51.0
score_min = 50.0
confidence_min = 0.0
coverage_min = 0.5
opposition_max = 1.0
new_per_hour_max = 200
cluster_max = 200
[demo]
symbols = 12
[recording]
directory = "{recording}"
"""


def expect(holds, what, detail=""):
    if not holds:
        raise SystemExit(f"signals: {what}: {detail}")


def get(base, path):
    with urllib.request.urlopen(base + path, timeout=30) as response:
        return json.load(response)


def post(base, path, **headers):
    """out: status, document, headers"""
    request = urllib.request.Request(base + path, b"{}", {"Content-Type": "application/json", **headers}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response), response.headers
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), error.headers


class Program:
    def __init__(self, binary, folder):
        self.process = subprocess.Popen(
            [binary, "run", "--market", "demo", "--config", f"{folder}/v.toml", "--database", f"sqlite:///{folder}/r.db",
             "--port", "0", "--monitoring-port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        atexit.register(self.process.kill)  # a test that fails leaves no program behind
        found = None
        while not found:
            line = self.process.stdout.readline()
            expect(line, "the program says its port")
            found = re.search(r"http://localhost:(\d+)/", line)
        self.port = found.group(1)
        self.base = f"http://127.0.0.1:{self.port}"

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait(60)


def command(binary, folder, *arguments, port=None):
    environment = dict(os.environ, **({"APP_PORT": port} if port else {}))
    ran = subprocess.run([binary, "signals", *arguments, "--config", f"{folder}/v.toml"], capture_output=True, text=True,
                         env=environment, timeout=60)
    return ran.returncode, ran.stdout + ran.stderr


def wait_for_signals(program, count):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        page = get(program.base, "/api/signals?limit=1000")
        raised = [one for one in page["signals"] if one["signal"]["state"] == "open"]
        if len(raised) >= count:
            return page["signals"]
        time.sleep(1)
    expect(False, f"{count} signals are raised", f"not within {SECONDS} s; {len(raised)} were")


def shown_on_dashboard(program, raised):
    """The dashboard's signals, once all of these are among them: it is made anew once a second."""
    missing = raised
    for _ in range(20):
        shown = {one["id"]: one for one in get(program.base, "/api/dashboard/data")["signals"]}
        missing = [one["id"] for one in raised if one["id"] not in shown]
        if not missing:
            return shown
        time.sleep(0.5)
    expect(False, "the dashboard shows what was raised", f"not {missing}, but {list(shown)}")


def check_one(entry):
    one = entry["signal"]
    side = 1 if one["direction"] == "long" else -1
    expect(side * (one["entry"] - one["stop"]) > 0, "the stop lies against the signal", one)
    levels = [one["entry"], *(target["price"] for target in one["targets"])]
    expect(all(side * (b - a) > 0 for a, b in zip(levels, levels[1:])), "targets lie ever farther", one)
    expect(one["entered_at"] >= one["confirmed_at"] and one["confirmed_at"] % 60_000 == 0,
           "a closed minute decides, the entry is later", one)


def check_replay(binary, folder, decisions):
    """What was decided is made again from the recording, byte for byte; what was changed since is found out."""
    recording = glob.glob(f"{folder}/recording/*.vtj")
    expect(len(recording) == 1, "one run is recorded", recording)
    for one in decisions:
        code, text = command(binary, folder, "replay", one["id"], "--recording", recording[0],
                             "--database", f"sqlite:///{folder}/r.db")
        expect(code == 0 and text.count(" equal, ") == 2, f"{one['id']} is made again", text)
    with sqlite3.connect(f"{folder}/r.db") as kept, sqlite3.connect(f"{folder}/changed.db") as changed:
        kept.backup(changed)
        changed.execute("""UPDATE ledger SET body = replace(body, '"coverage":', '"coverage":1')""")
        changed.commit()
    arguments = ("replay", decisions[0]["id"], "--recording", recording[0])
    code, text = command(binary, folder, *arguments, "--database", f"sqlite:///{folder}/changed.db")
    expect(code == 1 and "differs from byte" in text and "equal" in text, "a changed signal is found out", text)
    with sqlite3.connect(f"{folder}/changed.db") as changed:
        changed.execute("UPDATE schema_versions SET version = 999, program = 'virtuoso 99' WHERE version ="
                        " (SELECT max(version) FROM schema_versions)")
    for arguments in (arguments, ("verify",), ("export", f"{folder}/none.csv")):
        code, text = command(binary, folder, *arguments, "--database", f"sqlite:///{folder}/changed.db")
        expect(code == 78 and "virtuoso 99" in text and "run the newer program" in text,
               f"{arguments[0]}: a ledger of a newer program is refused with what to do", text)


def made_again(program, decision):
    """A decision, once the program has made it again: the job that the answer leads to is followed to its end."""
    path = f"/api/replay/{decision}"
    code, job, headers = post(program.base, path)
    expect(code == 202 and job["kind"] == "decision_replay", f"a replay of {decision} is a job", job)
    place = urllib.parse.urlparse(urllib.parse.urljoin(program.base + path, headers["Location"])).path
    end = time.monotonic() + SECONDS
    shares = []
    while job["state"] in ("waiting", "running"):
        expect(time.monotonic() < end, "a replay ends", job)
        time.sleep(0.05)
        job = get(program.base, place)
        shares += [job["progress"]] if job["progress"] is not None else []
    expect(job["state"] == "done" and shares == sorted(shares), "its progress leads to its end", (job, shares))
    return get(program.base, path)


def check_replay_route(program, decisions):
    """The program makes again what it has just decided, from the recording that it still writes."""
    for one in decisions:
        said = made_again(program, one["id"])
        found = said["found"]
        expect(found["outcome"] == "equal" and found["losses"] == [] and found["events"] > 1000, f"{one['id']} is made again", said)
        expect(found["score_record"]["is_equal"] and found["signal"]["is_equal"] and said["record"] > 0, "both are compared", said)
    key = {"Idempotency-Key": "again"}
    first, second = (post(program.base, f"/api/replay/{decisions[0]['id']}", **key) for _ in range(2))
    expect(first[0] == 202 and second[1] == first[1] and second[2]["Idempotency-Replayed"] == "true", "once with its key", second)
    code, problem, _ = post(program.base, "/api/replay/ffffffffffffffff")
    expect(code == 404 and "/api/signals lists them" in problem["detail"], "a decision that nobody made", problem)
    print(f"replay over the API: {found['events']} inputs in {found['seconds']:.2f} s")


def damage(recording, at):
    """Turns bytes over in the block (docs/formats/journal.md) that holds the inputs of an instant."""
    with open(recording, "r+b") as file:
        content = file.read()
        for block in (found.start() for found in re.finditer(b"VTBLOCK\n", content)):
            kind, = struct.unpack_from("<H", content, block + 8)
            first, last = struct.unpack_from("<qq", content, block + 40)
            if kind == 1 and first <= at * 1_000_000 <= last:
                file.seek(block + 100)
                file.write(bytes(byte ^ 0xff for byte in content[block + 100:block + 150]))
                return
    expect(False, "the recording holds the time before the decision", at)


def check_damaged_recording(program, decision, recording):
    """Of an earlier run: what it lacks is said, and it is not taken for equal; without it there is no replay."""
    said = made_again(program, decision)
    expect(said["found"]["outcome"] == "equal" and said["found"]["losses"] == [], "what an earlier run decided is made again", said)
    damage(recording, said["at"] - 5_000)
    found = made_again(program, decision)["found"]
    expect(found["outcome"] == "different" and "are lost: damaged, run-" in found["losses"][0], "a damaged recording says what it lacks", found)
    os.rename(recording, recording + ".away")
    code, problem, _ = post(program.base, f"/api/replay/{decision}")
    expect(code == 409 and "its files are gone" in problem["detail"] and "--recording FILE" in problem["detail"], "no recording", problem)
    expect(get(program.base, f"/api/replay/{decision}")["found"] == found, "what was found stays")
    os.rename(recording + ".away", recording)


def check_day(binary, folder, port, one):
    """The day of a signal as a page; a day without any says so; what is no day is refused."""
    day = time.strftime("%Y-%m-%d", time.gmtime(one["confirmed_at"] / 1000))
    code, text = command(binary, folder, "report", "--day", day, f"{folder}/day.html", port=port)
    with open(f"{folder}/day.html") as file:
        page = file.read()
    expect(code == 0 and page.count("<figure>") >= 2 and "<script" not in page, "candles and what made the scores", text)
    for what in (one["id"], one["symbol"], " raised (", "What each side added to 50"):
        expect(what in page, f"the day's page says {what}", page[:3000])
    code, text = command(binary, folder, "report", "--day", "2020-01-01", f"{folder}/none.html", port=port)
    with open(f"{folder}/none.html") as file:
        expect(code == 0 and "No signal was raised on this day" in file.read(), "an empty day says so", text)
    for arguments in (("--day", "2026-13-01", f"{folder}/x.html"), ("--day", day), (one["id"],)):
        code, text = command(binary, folder, "report", *arguments, port=port)
        expect(code == 2, f"report {arguments} is refused", text)


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/v.toml", "w") as file:
            file.write(CONFIGURATION.replace("{recording}", f"{folder}/recording"))
        database = ("--database", f"sqlite:///{folder}/r.db")
        program = Program(binary, folder)
        entries = wait_for_signals(program, 3)
        for entry in entries:
            if entry["signal"]["entry"] is not None:
                check_one(entry)
        raised = [one["signal"] for one in entries if one["signal"]["state"] == "open"]
        shown = shown_on_dashboard(program, raised)
        one = raised[0]
        why = get(program.base, f"/api/symbols/{one['instrument']}/why")
        duplicate = next(gate for gate in why["gates"] if gate["name"] == "duplicate")
        expect(len(why["gates"]) == 18 and duplicate["pass"] is not None, "the gates say that one is open", duplicate)
        code, text = command(binary, folder, "show", one["id"], port=program.port)
        expect(code == 0 and "raised" in text and one["symbol"] in text, "signals show", text)
        code, text = command(binary, folder, "report", one["id"], f"{folder}/s.html", port=program.port)
        with open(f"{folder}/s.html") as file:
            page = file.read()
        expect(code == 0 and page.count("<figure>") == 2 and "<script" not in page and one["symbol"] in page,
               "signals report: candles and what made the score, in one file", text + page[:2000])
        check_day(binary, folder, program.port, one)
        decisions = [entry["signal"] for entry in entries if entry["signal"]["state"] == "open"][:2]
        decisions += [entry["signal"] for entry in entries if entry["signal"]["state"] == "suppressed"][:1] or raised[2:3]
        newest = max(one["confirmed_at"] for one in decisions) / 1000
        while time.time() < newest + 10:  # a recording reaches the disk within seconds
            time.sleep(0.2)
        check_replay_route(program, decisions)
        recording, = glob.glob(f"{folder}/recording/*.vtj")
        program.end(signal.SIGKILL)
        check_replay(binary, folder, decisions)

        code, text = command(binary, folder, "verify", "--json", *database)
        chain = json.loads(text)
        expect(code == 0 and chain[0]["broken_at"] is None, "the chain is whole after kill -9", text)
        expect(chain[0]["entries"] >= len(entries), "nothing that was shown is missing", text)

        program = Program(binary, folder)
        page = get(program.base, "/api/signals?limit=1000")["signals"]
        ids = [entry["signal"]["id"] for entry in page]
        expect(len(ids) == len(set(ids)) and set(ids) >= {entry["signal"]["id"] for entry in entries}, "each once", ids)
        before = {entry["signal"]["id"] for entry in entries}
        left = [entry["signal"] for entry in page if entry["signal"]["id"] in before and entry["signal"]["state"] == "open"]
        expect(not left, "what was open is closed", left)
        history = get(program.base, f"/api/signals/{one['id']}")
        expect([entry["entry"] for entry in history["entries"]][-1] == "abandoned" and history["state"] == "closed",
               "a demo market that ended leaves its signals without an outcome", history["entries"])
        record = get(program.base, "/api/signals/performance")
        expect(record["segment"] == "demo" and record["all"]["n"] == 0 and record["all"]["results"] is None,
               "nothing that nobody saw end is counted", record["all"])
        code, text = command(binary, folder, "performance", port=program.port)
        expect(code == 0 and "0 signals ended" in text, "signals performance", text)
        check_damaged_recording(program, decisions[0]["id"], recording)
        program.end(signal.SIGTERM)

        code, text = command(binary, folder, "export", f"{folder}/s.csv", "--market", "demo", *database)
        with open(f"{folder}/s.csv") as file:
            rows = list(csv.DictReader(file))
        expect(code == 0 and {row["id"] for row in rows} >= set(ids), "signals export", text)
        with sqlite3.connect(f"{folder}/r.db") as connection:
            connection.execute("UPDATE ledger SET score = score + 1 WHERE number = 2")
        code, text = command(binary, folder, "verify", *database)
        expect(code == 1 and "entry 2 is not what its hash says" in text, "a changed entry is found out", text)
    print(f"signals: {len(raised)} raised, {len(ids)} in the ledger")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
