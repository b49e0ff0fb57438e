#!/usr/bin/env python3
"""What is traded on paper, shown and commanded from outside, over the real program: positions, orders, risk and journal by the API and
the commands; orders cancelled; trades that cannot be stored; the kill switch by the API, the command and the file, held over kill -9.

    tests/program/trading.py build/release/virtuoso
"""
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SECONDS = 240  # a signal needs two minutes of the market that have closed
PASSWORD = "correct horse battery"
CONFIGURATION = """[signals]
score_max = 51.0
score_min = 50.0
confidence_min = 0.0
coverage_min = 0.05
opposition_max = 1.0
turnover_min_usd = 0.0
listed_days_min = 0
cost_share_max = 1.0
cooldown_minutes = 0
cooldown_after_stop_minutes = 0
new_per_hour_max = 200
cluster_max = 200
[confluence]
coverage_min = 0.05
[demo]
symbols = 12
[trading]
mode = "paper"
kill_file = "{folder}/KILL"
[records]
database_url = "sqlite:///{folder}/r.db"
"""


def expect(holds, what, detail=""):
    if not holds:
        raise SystemExit(f"trading: {what}: {detail}")


class Program:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.token = binary, folder, ""
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.binary, "run", "--market", "demo", "--config", f"{self.folder}/v.toml", "--port", "0", "--monitoring-port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = ""
        while "trading" not in said:
            line = self.process.stdout.readline()
            expect(line, "the program says its port and whether it trades", said)
            said += line
        expect("trading on paper" in said, "it trades on paper", said)
        self.port = re.search(r"http://localhost:(\d+)/", said)[1]

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait(60)

    def command(self, *arguments, token=True):
        environment = {**os.environ, "VIRTUOSO_TOKEN": self.token if token else ""}
        ran = subprocess.run([self.binary, *arguments, "--config", f"{self.folder}/v.toml"], capture_output=True, text=True,
                             timeout=60, env=environment)
        return ran.returncode, ran.stdout, ran.stderr

    def at(self, *arguments, **options):
        return self.command(*arguments, "--port", self.port, **options)

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def get(self, path):
        status, answer = self.ask("GET", path)
        expect(status == 200, f"GET {path}", answer)
        return answer

    def wait_for(self, what, look, seconds=SECONDS):
        end = time.monotonic() + seconds
        while not (found := look()):
            if time.monotonic() >= end:
                expect(False, f"{what}: not within {seconds} s", self.ask("GET", "/api/risk"))
            time.sleep(0.2)
        return found

    def is_halted(self):
        status, part = self.ask("GET", "/api/dashboard/market-overview")
        return status == 200 and part["mode"]["kill_switch"] is True

    def protected(self):
        return [one for one in self.get("/api/positions")["positions"] or [] if one["confirmed_stop_price"] is not None]

    def log_in(self):
        """An admin, and a token of his."""
        made = subprocess.run([self.binary, "user", "add", "ann", "--role", "admin", "--password-file", "-", "--config",
                               f"{self.folder}/v.toml"], input=PASSWORD + "\n", capture_output=True, text=True, timeout=60)
        expect(made.returncode == 0, "user add", made.stderr)
        self.token, self.reading_token = [self.token_of(scope) for scope in ("trade", "read")]

    def token_of(self, scope):
        code, out, errors = self.command("token", "create", "--user", "ann", "--label", scope, "--scope", scope)
        expect(code == 0, "token create", errors)
        return re.search(r"vt_\w+", out)[0]


def check_views(program):
    expect(program.at("positions", token=False)[0] == 1, "nobody sees the account without a login")
    one = program.wait_for("a position with its stop at the venue", program.protected)[0]
    expect(one["state"] == "open" and one["is_protected"] and one["attribution"], "it says what it stands in and why", one)
    stop = one["confirmed_stop_price"]
    expect(stop < one["entry_price"] if one["direction"] == "long" else stop > one["entry_price"], "the stop limits a loss", one)
    orders = [order for order in program.get("/api/orders")["orders"] if order["trade"] == one["number"]]
    expect({"entry", "stop"} <= {order["purpose"] for order in orders}, "its orders are shown", orders)
    account = program.get("/api/portfolio")
    expect(account["wallet"] > 0 and account["equity"] > 0 and account["day"], "the account is known", account)
    risk = program.get("/api/risk")
    gross = next(limit for limit in risk["limits"] if limit["code"] == "MAX_GROSS")
    expect(risk["risk_mode"]["mode"] == "ACTIVE" and 0 < gross["use"] <= 1, "what is open is beside its limit", risk)
    code, out, errors = program.at("positions")
    expect(code == 0 and one["symbol"] in out, "positions", out + errors)
    code, out, errors = program.at("orders", "--json")
    expect(code == 0 and json.loads(out)["orders"], "orders --json", out + errors)
    return one


def stop_and_target(program):
    """Ids of the two at the venue, of a position that has both; None: there is none."""
    orders = [order for order in program.get("/api/orders")["orders"] if order["state"] == "open"]
    for position in program.protected():
        of = {purpose: [order["order"] for order in orders if (order["trade"], order["purpose"]) == (position["number"], purpose)]
              for purpose in ("stop", "target")}
        if of["stop"] and of["target"]:
            return position["number"], of["stop"][0], of["target"][-1]
    return None


def check_cancel(program):
    """A target is taken back by hand; the stop does not go while its position is open."""
    code, out, errors = program.at("orders", "cancel", "345")
    expect(code == 2 and "no id of an order" in errors, "what is no id is said", out + errors)
    code, out, errors = program.at("orders", "cancel", "v9999-1", token=False)
    expect(code == 1 and "VIRTUOSO_TOKEN" in errors, "nobody cancels without a login", out + errors)
    code, out, errors = program.at("orders", "cancel", "v9999-1")
    expect(code == 1 and "not open" in errors, "an order that is not there", out + errors)

    def refused_stop():  # the market may end the position meanwhile: then of another one
        found = stop_and_target(program)
        status, answer = program.ask("DELETE", f"/api/orders/{found[1]}") if found else (None, None)
        return answer if status == 409 else None

    refused = program.wait_for("a stop that protects stays", refused_stop)
    expect("close the position" in refused["detail"], "and the remedy is said", refused)

    def taken_back():
        number, _, target = stop_and_target(program) or (None, None, None)
        if number is None:
            return None
        trading_token, program.token = program.token, program.reading_token
        status, answer = program.ask("DELETE", f"/api/orders/{target}")
        program.token = trading_token
        expect(status == 403, "who may only look cancels nothing", answer)
        code, out, errors = program.at("orders", "cancel", target, "--json")
        expect(code == 0 or "not open" in errors, "orders cancel", out + errors)
        return code == 0 and json.loads(out)["is_stored"] and (number, target)

    number, target = program.wait_for("a target that is taken back", taken_back)
    order = program.wait_for("its end in the journal", lambda: next(
        (one for one in program.get(f"/api/trades/{number}")["orders"] if one["order"] == target and
         one["state"] in ("cancelled", "filled")), None), 30)
    expect(order["state"] == "cancelled", "it is cancelled", order)


def check_switch(program, open_position):
    status, refused = program.ask("POST", "/api/positions/999999/close", {})
    expect(status == 404 and "not open" in refused["detail"], "a position that is not there", refused)
    status, closed = program.ask("POST", f"/api/positions/{open_position['number']}/close", {"reason": "test"})
    expect(status == 200 or status == 404, "a position is closed", closed)  # it may have ended by itself
    ended = program.wait_for("its end in the journal", lambda: program.get(
        f"/api/trades/{open_position['number']}")["state"] == "closed", 30)
    expect(ended, "the journal has it")
    began = time.monotonic()
    status, halted = program.ask("PUT", "/api/trading/kill-switch", {"on": True, "reason": "from the API"})
    expect(status == 200 and halted == {"mode": "HALTED", "is_stored": True, "text": None}, "the switch is on", halted)
    expect(time.monotonic() - began < 2, "soon", time.monotonic() - began)
    program.end(signal.SIGKILL)  # it was said to hold, so it does
    journal = {one["trade"]["number"] for one in json.loads(
        program.command("trades", "--market", "demo", "--json")[1])["trades"]}
    program.start()
    program.wait_for("the switch holds after kill -9", program.is_halted, 30)
    mode = program.get("/api/risk")["risk_mode"]
    expect(mode["reason"] == "from the API" and mode["who"] == "ann", "and says who, and why", mode)
    status, refused = program.ask("PUT", "/api/trading/kill-switch", {"on": False})
    expect(status == 400 and "reason" in refused["detail"], "to go on needs a reason", refused)
    code, out, errors = program.at("kill-switch", "off", "--reason", "looked at it")
    expect(code == 0 and "off" in out, "kill-switch off", out + errors)
    program.wait_for("the mode is shown", lambda: not program.is_halted(), 10)
    return journal


def check_file(program):
    code, out, errors = program.at("kill-switch", "on", "--reason", "from the command", token=False)
    expect(code == 0 and os.path.exists(f"{program.folder}/KILL"), "kill-switch on without a login writes the file", out + errors)
    expect(program.is_halted(), "and waits until it is seen")
    status, refused = program.ask("PUT", "/api/trading/kill-switch", {"on": False, "reason": "x"})
    expect(status == 409 and "KILL" in refused["detail"], "beside the file nothing is released", refused)
    os.remove(f"{program.folder}/KILL")
    time.sleep(0.6)  # more than two looks
    expect(program.is_halted(), "its removal turns nothing off")
    code, out, errors = program.at("kill-switch", "off", "--reason", "looked at it", "--json")
    expect(code == 0 and json.loads(out)["mode"] == "ACTIVE", "kill-switch off", out + errors)
    program.end(signal.SIGKILL)
    with open(f"{program.folder}/KILL", "w", encoding="utf-8") as file:
        file.write("before the start\n")
    program.start()
    program.wait_for("a file that is there halts a start", program.is_halted, 30)
    expect("before the start" in program.get("/api/risk")["risk_mode"]["reason"], "and says why")
    trading_token, program.token = program.token, program.reading_token
    code, out, errors = program.at("kill-switch", "off", "--reason", "may only look")
    program.token = trading_token
    expect(code == 1 and os.path.exists(f"{program.folder}/KILL") and program.is_halted(), "whoever may not trade leaves all on", out)
    code, out, errors = program.at("kill-switch", "off", "--reason", "looked at it")
    expect(code == 0 and not os.path.exists(f"{program.folder}/KILL"), "off removes the file first", out + errors)
    program.wait_for("the picture says so", lambda: not program.is_halted(), 10)
    program.process.send_signal(signal.SIGUSR1)
    program.wait_for("SIGUSR1 halts", program.is_halted, 10)
    mode = program.get("/api/risk")["risk_mode"]
    expect(mode["reason"] == "SIGUSR1" and mode["who"] == "signal", "and says so", mode)
    code, out, errors = program.at("kill-switch", "off", "--reason", "looked at it")
    expect(code == 0, "off again", out + errors)
    code, out, _ = program.at("kill-switch", "status")
    expect(code == 0, "kill-switch status", out)


def check_unstored(program):
    """Somebody holds the database: what is done is done, not yet stored, and both are said."""
    said = lambda: any("trades are not stored" in why for why in program.get("/api/dashboard/data")["system_status"]["reasons"])
    expect(not said(), "trades are stored")
    database = sqlite3.connect(f"{program.folder}/r.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    status, halted = program.ask("PUT", "/api/trading/kill-switch", {"on": True, "reason": "the database is held"})
    expect(status == 200 and halted["mode"] == "HALTED" and not halted["is_stored"] and "not stored yet" in halted["text"],
           "it is done, and not stored", halted)
    program.wait_for("the program's health says so", said, 30)
    database.execute("ROLLBACK")
    database.close()
    program.wait_for("and that it is over", lambda: not said(), 30)
    code, out, errors = program.at("kill-switch", "off", "--reason", "the database is free")
    expect(code == 0, "kill-switch off", out + errors)


def check_journal(program, journal):
    """After kill -9 and a start of its own: the numbers of the first run are not given again."""
    kept = program.get("/api/trades?limit=1000")["trades"]
    numbers = [one["trade"]["number"] for one in kept]
    expect(journal and journal <= set(numbers), "what was traded outlives kill -9", numbers)
    expect(numbers == sorted(set(numbers), reverse=True), "trades count on, the newest first", numbers)
    expect(all(one["state"] != "open" or one["trade"]["number"] not in journal for one in kept),
           "what a demo market left open is abandoned", kept)
    orders = [order["order"] for number in numbers for order in program.get(f"/api/trades/{number}")["orders"]]
    expect(orders and len(set(orders)) == len(orders), "each order has an id of its own", orders)
    code, out, errors = program.command("trades", "--market", "demo", "--orders")
    expect(code == 0 and kept[0]["trade"]["symbol"] in out, "a table of them", out + errors)
    code, out, _ = program.command("trades")
    expect(code == 0 and "None yet" in out, "the live market has none", out)
    page = program.get("/api/trades?limit=1")
    expect(len(numbers) == 1 or program.get(f"/api/trades?limit=1&cursor={page['cursor']}")["trades"][0] != page["trades"][0],
           "page by page", page)


def check_reset(program):
    code, _, errors = program.at("paper", "reset", "--yes")
    expect(code == 1 and "stop it first" in errors, "no reset beside a running program", errors)
    program.end(signal.SIGINT)
    code, _, errors = program.at("paper", "reset")
    expect(code == 2 and "--yes" in errors, "a reset says what it does first", errors)
    code, out, errors = program.at("paper", "reset", "--yes")
    expect(code == 0 and "new account" in out, "paper reset", out + errors)
    code, _, errors = program.at("positions")
    expect(code == 1 and "virtuoso run" in errors, "without a program the remedy is said", errors)


def main():
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/v.toml", "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.replace("{folder}", folder))
        program = Program(sys.argv[1], folder)
        try:
            code, out, errors = program.at("orders", "cancel", "v9999-1", token=False)
            expect(code == 1 and ("not open" in errors or "not begun" in errors), "before there is an admin this machine's user may", out + errors)
            program.log_in()
            program.wait_for("the login", lambda: program.ask("GET", "/api/risk")[0] == 200, 30)
            open_position = check_views(program)
            check_cancel(program)
            journal = check_switch(program, open_position)
            check_file(program)
            check_unstored(program)
            check_journal(program, journal)
            check_reset(program)
        finally:
            program.process.kill()
            program.process.wait(60)
    print("trading: passed")


if __name__ == "__main__":
    main()
