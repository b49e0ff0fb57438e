#!/usr/bin/env python3
"""The first admin, sessions and tokens over the real program and its database, and what is refused.

    tests/program/login.py build/release/virtuoso
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SECONDS = 60
PASSWORD = "three or four words"


def expect(holds, what, detail=""):
    if not holds:
        raise SystemExit(f"login: {what}: {detail}")


def ask(url, method="GET", body=None, headers=None):
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=data, method=method,
                                     headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            return response.status, response.read().decode(), response.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def wait_for(condition, what):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    expect(False, what, f"not within {SECONDS} s")


class Program:
    def __init__(self, binary, folder, database):
        self.log = open(f"{folder}/log", "a+")
        self.errors = open(f"{folder}/errors", "w+")
        self.process = subprocess.Popen(
            [binary, "run", "--market", "replay:", "--port", "0", "--monitoring-port", "0", "--database", database],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://localhost:(\d+)/", line)
        expect(found, "the program says its port", line + self.error_text())
        self.base = f"http://127.0.0.1:{found.group(1)}"

    def error_text(self):
        with open(self.errors.name) as file:
            return file.read()

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(SECONDS)


def documented_example(binary):
    """The commands of docs/login.md as they stand there, with the port, the setup token and the token that are the case here."""
    page = (pathlib.Path(__file__).resolve().parents[2] / "docs/login.md").read_text()
    block = re.search(r"^```sh\n(.*?)^```", page, re.S | re.M).group(1)
    by_curl, by_command, make_token, audit, flush = block.replace("\\\n", " ").strip().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        path = f"{pathlib.Path(binary).resolve().parent}:{os.environ['PATH']}"

        def run(line, database="records.db", **more):
            done = subprocess.run(["sh", "-eu", "-c", line], capture_output=True, text=True, timeout=SECONDS, **more,
                                  env={**os.environ, "HOME": folder, "PATH": path, "APP_PORT": program.base.rsplit(":", 1)[1],
                                       "DATABASE_URL": f"sqlite://{folder}/{database}"})
            expect(done.returncode == 0, f"the example\n{line}", done.stdout + done.stderr)
            return done.stdout

        program = Program(binary, folder, f"sqlite://{folder}/records.db")
        try:
            wait_for(lambda: "setup token" in program.error_text(), "a setup token is printed")
            setup_token = re.search(r"15 minutes is ([0-9a-f]{32})", program.error_text()).group(1)
            base = program.base.removeprefix("http://")
            made = run(by_curl.replace("localhost:8003", base).replace('"token":"..."', f'"token":"{setup_token}"'))
            expect("csrf_token" in made, "the first admin by curl", made)
            run(by_command.replace(" --role", " --password-file - --role"), "another.db", input=f"{PASSWORD}\n")  # no terminal here
            token = run(make_token).strip()
            wait_for(lambda: ask(program.base + "/api/audit", headers={"Authorization": f"Bearer {token}"})[0] == 200,
                     "the program sees the token")
            lines = run(audit.replace("localhost:8003", base).replace("vt_...", token))
            expect('"setup"' in lines and '"token create"' in lines, "the audit by curl", lines)
            flushed = run(flush.replace("vt_...", token))
            expect("forgotten" in flushed, "the flush", flushed)
        finally:
            program.end()


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite://{folder}/records.db"
        environment = {**os.environ, "HOME": folder}

        def command(*arguments, stdin=None):
            return subprocess.run([binary, *arguments, "--database", database], input=stdin, capture_output=True,
                                  text=True, timeout=SECONDS, env=environment)

        program = Program(binary, folder, database)
        try:
            wait_for(lambda: "setup token" in program.error_text(), "a setup token is printed")
            nobody = command("user", "list")
            expect(nobody.stdout == "" and "user add" in nobody.stderr, "a list of nobody says so", nobody.stderr)
            token = re.search(r"15 minutes is ([0-9a-f]{32})", program.error_text()).group(1)
            status, text, headers = ask(program.base + "/api/auth/setup", "POST",
                                        {"token": token, "user": "ann", "password": PASSWORD})
            expect(status == 200, "the first admin", text)
            session = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": json.loads(text)["csrf_token"]}
            expect(ask(program.base + "/api/cache/flush", "POST", {})[0] == 401, "a change needs a login")
            expect(ask(program.base + "/api/cache/flush", "POST", {}, session)[0] == 200, "a session may")

            again = command("setup-token")
            expect(again.returncode == 1 and "already" in again.stderr, "no second setup", again.stderr)
            made = command("token", "create", "--user", "ann", "--label", "test", "--scope", "admin")
            expect(made.returncode == 0 and made.stdout.startswith("vt_"), "a token", made.stderr)
            bearer = {"Authorization": "Bearer " + made.stdout.strip()}
            wait_for(lambda: ask(program.base + "/api/audit", headers=bearer)[0] == 200, "the program sees the token")
            short = command("user", "add", "bob", "--password-file", "-", stdin="short\n")
            expect(short.returncode == 1 and "12 characters" in short.stderr, "a short password", short.stderr)
            added = command("user", "add", "bob", "--password-file", "-", stdin=PASSWORD + "\n")
            expect(added.returncode == 0, "a second user", added.stderr)
            wait_for(lambda: ask(program.base + "/api/auth/login", "POST",
                                 {"user": "bob", "password": PASSWORD})[0] == 200, "the program sees the user")

            program.end(signal.SIGKILL)
            program = Program(binary, folder, database)
            expect(ask(program.base + "/api/tokens", headers=session)[0] == 200, "a session outlives a kill")
            expect("setup token" not in program.error_text(), "no setup token once there is an admin")
            audit = ask(program.base + "/api/audit", headers=bearer)[1]
            for part in ("setup", "token create", "user add", "(command line)"):
                expect(part in audit, f"the audit has {part}", audit)
            gone = command("token", "revoke", made.stdout[3:19])
            expect(gone.returncode == 0, "revoked", gone.stderr)
            wait_for(lambda: ask(program.base + "/api/audit", headers=bearer)[0] == 401, "the token has ended")
            changed = command("user", "passwd", "ann", "--password-file", "-", stdin="another four words\n")
            expect(changed.returncode == 0, "a new password", changed.stderr)
            wait_for(lambda: ask(program.base + "/api/tokens", headers=session)[0] == 401, "its sessions have ended")
        finally:
            program.end()

        with open(f"{folder}/records.db", "rb") as file:
            held = file.read()
        for secret in (PASSWORD, token, made.stdout.strip()[20:], session["Cookie"][3:]):
            expect(secret.encode() not in held, "the database holds no secret", secret[:4])
        expect(os.stat(f"{folder}/records.db").st_mode & 0o077 == 0, "the database is its user's only")

        with open(f"{folder}/open.toml", "w") as file:
            file.write('[server]\nhost = "0.0.0.0"\n')
        refused = command("run", "--market", "replay:", "--port", "0", "--monitoring-port", "0", "--config",
                          f"{folder}/open.toml")
        expect(refused.returncode == 78 and "trusted_proxies" in refused.stderr and
               "allow_insecure_http" in refused.stderr and "tls_certificate_file" in refused.stderr,
               "an open port without cover", refused.stderr)
    documented_example(binary)
    print("login: ok")


if __name__ == "__main__":
    main(sys.argv[1])
