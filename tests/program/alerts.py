#!/usr/bin/env python3
"""An alert on its way out of the running program: a webhook that refuses first, one delivery, its signature, a restart, bad addresses.

    tests/program/alerts.py build/release/virtuoso
"""
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = 60
KEY = "sixteen letters and more"
# nothing of the machine's own channels
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.startswith(("ALERTS_", "DISCORD_", "TELEGRAM_", "DATABASE_"))}
CONFIGURATION = """[demo]
symbols = 3
[trading]
mode = "paper"
kill_file = "{folder}/KILL"
[records]
database_url = "sqlite:///{folder}/r.db"
[alerts]
severity_min = "critical"
webhook_url = "http://127.0.0.1:{port}/hook"
webhook_signing_key = "{key}"
webhook_allow_http = 1
webhook_allow_private = 1
"""


def check(holds, what):
    if not holds:
        sys.exit(f"alerts: FAILED: {what}")


class Hook(http.server.ThreadingHTTPServer):
    """Answers as it is told to, 200 when it was told nothing, and keeps what it was sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.answers, self.came, self.changed = [], [], threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def await_that(self, what, holds):
        with self.changed:
            check(self.changed.wait_for(lambda: holds(self.came), SECONDS), f"{what}: {self.came}")
            return list(self.came)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = hmac.new(KEY.encode(), f"{self.headers['X-Virtuoso-Timestamp']}.".encode() + body, hashlib.sha256).hexdigest()
        check(self.headers["X-Virtuoso-Signature"] == f"sha256={signed}", "signed with the key")
        alert = json.loads(body)
        check(self.headers["Idempotency-Key"] == alert["id"], "the id is the key of its delivery")
        with self.server.changed:
            status, headers = self.server.answers.pop(0) if self.server.answers else (200, {})
            self.server.came.append((status, alert))
            self.server.changed.notify_all()
        if status == 0:  # it has it, and says nothing
            self.connection.close()
            return
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


class Program:
    def __init__(self, binary, folder, port):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.configuration = self.folder / "v.toml"
        self.configuration.write_text(CONFIGURATION.format(folder=folder, port=port, key=KEY))
        self.configuration.chmod(0o600)
        self.environment = ENVIRONMENT

    def start(self):
        with (self.folder / "run.log").open("a") as errors:
            self.process = subprocess.Popen([self.binary, "run", "--market", "demo", "--demo-warm", "0", "--config", self.configuration,
                                             "--port", "0", "--monitoring-port", "0"],
                                            stdout=subprocess.PIPE, stderr=errors, text=True, env=self.environment)
        said = ""
        while "trading" not in said:
            line = self.process.stdout.readline()
            check(line, f"the program says where it is: {said}{(self.folder / 'run.log').read_text()}")
            said += line

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(SECONDS)

    def deliveries(self):
        with sqlite3.connect(f"file:{self.folder}/r.db?mode=ro", uri=True) as database:
            return database.execute("SELECT alert, channel, state, attempts, problem FROM alert_deliveries ORDER BY queued_ms").fetchall()

    def await_deliveries(self, what, holds):
        deadline = time.monotonic() + SECONDS
        while not holds(found := self.deliveries()):
            check(time.monotonic() < deadline, f"{what}: {found}")
            time.sleep(.1)


def check_delivery(binary, folder):
    hook = Hook()
    program = Program(binary, folder, hook.server_address[1])
    hook.answers = [(429, {"Retry-After": "1"}), (500, {})]
    program.start()
    (program.folder / "KILL").write_text("by a test\n")
    came = hook.await_that("the halt is told, after two refusals", lambda came: any(status == 200 for status, _ in came))
    halts = [(status, alert) for status, alert in came if alert["kind"] == "account"]
    check([status for status, _ in halts] == [429, 500, 200], f"each attempt: {halts}")
    check(len({alert["id"] for _, alert in halts}) == 1, f"of one alert: {halts}")
    check(halts[0][1]["severity"] == "critical" and "HALTED" in halts[0][1]["title"], f"what it says: {halts[0][1]}")
    program.await_deliveries("stored as delivered",
                             lambda rows: any(row[1:4] == ("webhook", "delivered", 3) and row[0] == halts[0][1]["id"] for row in rows))

    program.end()
    check(KEY not in (program.folder / "run.log").read_text(), "no secret in the log")


def check_kill(binary, folder):
    """kill -9 while nobody knows whether it arrived: once more, under the same key."""
    hook = Hook()
    program = Program(binary, folder, hook.server_address[1])
    hook.answers = [(0, {})] * 100
    program.start()
    program.process.send_signal(signal.SIGUSR1)
    alert = hook.await_that("the halt arrives", lambda came: came)[0][1]
    program.end(signal.SIGKILL)
    check([row[2] for row in program.deliveries()] in (["sending"], ["waiting"]), f"not known to be delivered: {program.deliveries()}")
    with hook.changed:
        hook.answers.clear()
    program.start()
    hook.await_that("and once more by the next run", lambda came: (200, alert) in came)
    program.await_deliveries("settled", lambda rows: any(row[0] == alert["id"] and row[2] == "delivered" for row in rows))
    program.end()
    check(sum(one == (200, alert) for one in hook.came) == 1, f"and no more: {hook.came}")


def check_bad_addresses(binary, folder):
    def refusal(text):
        path = pathlib.Path(folder, "bad.toml")
        path.write_text(f"[alerts]\n{text}\n")
        path.chmod(0o600)
        ran = subprocess.run([binary, "config", "check", "--config", path], capture_output=True, text=True, timeout=SECONDS, env=ENVIRONMENT)
        check(ran.returncode == 78, f"{text}: exit code {ran.returncode} {ran.stderr}")
        return ran.stdout + ran.stderr

    token = "canary-canary-canary-canary"
    said = refusal(f'discord_webhook_url = "https://example.com/api/webhooks/1/{token}"')
    check("discord" in said and token not in said, f"not Discord's: {said}")
    check("telegram_chat" in refusal('telegram_bot_token = "123:abc"'), "a bot without a chat")
    said = refusal(f'webhook_url = "http://hooks.example.com/{token}"')
    check("https" in said and token not in said, f"plain http: {said}")
    check("22:00-07:00" in refusal('quiet_hours = "at night"'), "what quiet hours are")
    check("email_to" in refusal('email_host = "mail.example.com"'), "a mail to nobody")


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        check_bad_addresses(binary, folder)
    for part in (check_delivery, check_kill):
        with tempfile.TemporaryDirectory() as folder:
            part(binary, folder)
    print("alerts: ok")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
