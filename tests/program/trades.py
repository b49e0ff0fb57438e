#!/usr/bin/env python3
"""Trading on paper over the real program: signals of the demo market become trades with a stop at the venue, all of it outlives kill -9,
no number is given twice, and a simulated account is sound under faults and the same each time.

    tests/program/trades.py build/release/virtuoso
"""
import json
import signal
import subprocess
import sys
import tempfile
import time

from signals import CONFIGURATION, expect

SECONDS = 240  # some minutes have to close
TRADING = """[trading]
mode = "paper"
"""


def run(binary, *arguments):
    ran = subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=300)
    return ran.returncode, ran.stdout, ran.stderr


def simulated(binary):
    arguments = ("simulate", "--seed", "1", "--seeds", "12", "--minutes", "20", "--json")
    code, first, errors = run(binary, *arguments)
    expect(code == 0, "twelve simulated accounts are sound", first + errors)
    outcomes = [json.loads(line) for line in first.splitlines()]
    expect(len(outcomes) == 12 and all(one["sound"] for one in outcomes), "each says so", first)
    for what in ("trades", "crashes", "disconnections", "lost_requests", "kills"):
        expect(sum(one[what] for one in outcomes) > 0, f"there were {what} to hold against", first)
    _, second, _ = run(binary, *arguments)
    expect(second == first, "the same seeds give the same bytes", second)
    code, _, errors = run(binary, "simulate", "--seeds", "0")
    expect(code == 2 and "--seeds" in errors, "no seeds are a usage error", errors)


class Traded:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [self.binary, "run", "--market", "demo", "--config", f"{self.folder}/v.toml", "--database", self.database(),
             "--port", "0", "--monitoring-port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = ""
        while "trading" not in said:
            said = self.process.stdout.readline()
            expect(said, "the program says whether it trades")
        expect("trading on paper" in said, "it trades on paper", said)

    def database(self):
        return f"sqlite:///{self.folder}/r.db"

    def trades(self, *arguments):
        code, out, errors = run(self.binary, "trades", "--market", "demo", "--config", f"{self.folder}/v.toml", *arguments,
                                "--orders", "--json")
        expect(code == 0, "the trades can be read", errors)
        return json.loads(out)["trades"]

    def wait_for(self, what, holds):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            found = [one for one in self.trades() if holds(one)]
            if found:
                return found
            time.sleep(2)
        raise SystemExit(f"trades: {what}: not within {SECONDS} s: {self.trades()}")


def is_protected(one):
    stops = [order for order in one["orders"] if order["purpose"] == "stop" and order["state"] == "open"]
    return one["trade"]["state"] == "open" and one["trade"]["is_protected"] and stops


def main():
    binary = sys.argv[1]
    simulated(binary)
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/v.toml", "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.split("[recording]")[0] + f'[records]\ndatabase_url = "sqlite:///{folder}/r.db"\n' + TRADING)
        traded = Traded(binary, folder)
        traded.start()
        try:
            opened = traded.wait_for("a trade with its stop at the venue", is_protected)
            traded.process.send_signal(signal.SIGKILL)
            traded.process.wait(60)
            before = traded.trades()
            expect(before, "what was traded outlives kill -9")
            orders = [order["order"] for one in before for order in one["orders"]]
            expect(len(set(orders)) == len(orders), "each order has an id of its own", orders)
            traded.start()
            end = time.monotonic() + 60
            while traded.trades("--state", "open") and time.monotonic() < end:
                time.sleep(1)
            expect(traded.trades("--state", "abandoned"), "what was open in a demo market is closed as abandoned")
            number = max(one["trade"]["number"] for one in before)
            later = traded.wait_for("a trade of the second run", lambda one: one["trade"]["number"] > number)
            ids = [order["order"] for one in later for order in one["orders"]]
            expect(all(one.startswith("v2-") for one in ids), "a second run's orders are told apart", ids)
        finally:
            traded.process.send_signal(signal.SIGINT)
            traded.process.wait(60)
        code, out, errors = run(binary, "trades", "--market", "demo", "--config", f"{folder}/v.toml")
        expect(code == 0 and opened[0]["trade"]["symbol"] in out, "a table of it", out + errors)
        code, out, _ = run(binary, "trades", "--config", f"{folder}/v.toml")
        expect(code == 0 and "None yet" in out, "the live market has none", out)
    print("trades: passed")


if __name__ == "__main__":
    main()
