#!/usr/bin/env python3
"""The configuration of the running program: shown and changed over HTTP, read again at SIGHUP.

    tests/program/config_live.py build/release/virtuoso

The program is given secrets by its file and by variables; every answer and every line of its log is searched for them.
"""
import http.client
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

SECONDS = 60
CANARIES = ["canary1", "canary2", "canary3"]


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


class Program:
    def __init__(self, binary, folder):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("BYBIT_", "BINANCE_", "INFLUXDB_"))}
        environment |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder),
                        "ALL_PROXY": f"socks5://me:{CANARIES[2]}@127.0.0.1:1"}
        self.process = subprocess.Popen([binary, "run", "--market", "demo", "--demo-symbols", "3", "--demo-warm", "0", "--port", "0",
                                         "--monitoring-port", "0", "--database", "off"],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        self.said, self.answers = "", ""
        self.grown = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.address = self.await_line(r"http://localhost:(\d+)/")[1]

    def read(self):
        for line in self.process.stdout:
            with self.grown:
                self.said += line
                self.grown.notify_all()

    def await_line(self, pattern, start=0):
        deadline = time.monotonic() + SECONDS
        with self.grown:
            while not (found := re.search(pattern, self.said[start:])):
                if time.monotonic() > deadline or self.process.poll() is not None:
                    sys.exit(f"never said: {pattern}\n{self.said[-2000:]}")
                self.grown.wait(timeout=0.5)
        return found

    def ask(self, path, method="GET", body=None, **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{self.address}{path}", method=method,
                                         data=None if body is None else body.encode(),
                                         headers={"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                status, tag, text = answer.status, answer.headers.get("ETag"), answer.read().decode()
        except urllib.error.HTTPError as error:
            status, tag, text = error.code, error.headers.get("ETag"), error.read().decode()
        self.answers += text
        return status, tag, json.loads(text) if text else None

    def ask_or_none(self, path):
        """The status, where the port speaks HTTP."""
        try:
            return self.ask(path)[0]
        except (OSError, http.client.HTTPException):
            return None


def over_http(program, file):
    status, tag, shown = program.ask("/api/config")
    check(status == 200 and shown["file"] == str(file) and shown["problem"] is None, f"the configuration: {shown}")
    check(program.ask("/api/config", If_None_Match=tag)[0] == 304, "who has it is not sent it again")
    check('token = "***"' in shown["text"] and "# mine" in shown["text"], "the file without its secrets")
    keys = {one["key"]: one for one in shown["values"]}
    check(keys["server.port"]["source"] == "flag" and keys["network.all_proxy"]["origin"] == "ALL_PROXY", "who set a value")
    check(set(keys) == set(program.ask("/api/config/schema")[2]["properties"]), "the schema has the same keys")
    change = json.dumps({"values": {"log.level": "debug", "demo.seed": 5, "influxdb.token": CANARIES[1]}})
    check(program.ask("/api/config", "PUT", change)[0] == 428, "a change without a tag")
    check(program.ask("/api/config", "PUT", change, If_Match='"x"')[0] == 412, "a change of something else")
    check(program.ask("/api/config", "PUT", change, If_Match=tag, Origin="http://evil.example")[0] == 403, "a page of another origin")
    status, _, done = program.ask("/api/config", "PUT", change, If_Match=tag)
    check(status == 200 and done == {"changed": ["influxdb.token", "demo.seed", "log.level"], "applied": ["log.level"],
                                     "needs_restart": ["influxdb.token", "demo.seed"]}, f"a change: {done}")
    check(CANARIES[1] in file.read_text() and file.read_text().startswith("# mine"), "the file is changed")
    check(program.ask("/api/config", "PUT", change, If_Match=tag)[0] == 412, "the same change again")
    status, _, done = program.ask("/api/config", "PUT", '{"values": {"log.levle": "info"}}', If_Match=program.ask("/api/config")[1])
    check(status == 422 and "did you mean 'log.level'" in done["detail"], f"an unknown key: {done}")
    check([one["version"] for one in program.ask("/api/config/history")[2]["versions"]] == [1], "the history")
    difference = program.ask("/api/config/diff?version=1")[2]
    check({"key": "demo.seed", "before": 1, "after": 5} in difference["changes"], f"a difference: {difference}")
    check(program.ask("/api/config/diff?version=9")[0] == 404, "a version that is not there")
    status, _, done = program.ask("/api/config/rollback", "POST", "{}")
    check(status == 200 and done["needs_restart"] == [] and done["applied"] == ["log.level"], f"a rollback: {done}")
    check(CANARIES[0] in file.read_text(), "the file of before")


def hang_up(program, file, text, *patterns):
    file.write_text(text)
    start = len(program.said)
    program.process.send_signal(signal.SIGHUP)
    for pattern in patterns:
        program.await_line(pattern, start)


def await_that(what, holds):
    deadline = time.monotonic() + SECONDS
    while not holds():
        check(time.monotonic() < deadline, f"never: {what}")
        time.sleep(0.05)


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
                   check=True, capture_output=True)
    return (folder / "certificate.pem").read_text()


def shown_certificate(port):
    try:
        return ssl.get_server_certificate(("127.0.0.1", int(port)), timeout=SECONDS)
    except OSError:  # it speaks plain HTTP still
        return ""


def who_may_come_in(program, file):
    """Names, reading without a login and the certificate are changed while the program serves."""
    named = {"Host": "box.example"}
    check(program.ask("/api/symbols", **named)[0] == 421, "a name that is not configured")
    hang_up(program, file, '[server]\nallowed_hosts = ["box.example"]\n', r"config: taken up: .*server\.allowed_hosts")
    await_that("the name is answered", lambda: program.ask("/api/symbols", **named)[0] == 200)
    hang_up(program, file, '[auth]\nanonymous_read = "never"\n', r"taken up: server\.allowed_hosts, auth\.anonymous_read")
    await_that("reading needs a login", lambda: program.ask("/api/symbols")[0] == 401)
    check(program.ask("/api/symbols", **named)[0] == 421, "the name is answered no more")
    hang_up(program, file, "[server]\nhost = \"0.0.0.0\"\n", r"error config: .*listens beyond this machine.*what is in use stays so")
    check(program.ask("/api/symbols")[0] == 401, "what is refused changes nothing")
    folder = file.parent
    files = f'[server]\ntls_certificate_file = "{folder}/certificate.pem"\ntls_key_file = "{folder}/key.pem"\n'
    hang_up(program, file, files, r"error config: .*cannot be read or is empty.*what is in use stays so")
    first = certificate(folder)
    hang_up(program, file, files, r"taken up: server\.tls_certificate_file, server\.tls_key_file")
    await_that("the port speaks TLS", lambda: shown_certificate(program.address) == first)
    second = certificate(folder)
    hang_up(program, file, files, r"config: needs a restart: influxdb\.token")
    await_that("the renewed certificate is shown", lambda: shown_certificate(program.address) == second)
    (folder / "key.pem").write_text("no key")
    hang_up(program, file, files, r"error config: .*the server's key is not PEM.*what is in use stays so")
    check(shown_certificate(program.address) == second, "a broken key leaves the one in use")
    hang_up(program, file, "", r"taken up: server\.tls_certificate_file, server\.tls_key_file")
    await_that("the port speaks plain HTTP again", lambda: program.ask_or_none("/api/symbols") == 200)


def by_signal(program, file):
    hang_up(program, file, '[log]\nlevel = "debug"\n[demo]\nseed = 9\n', r"config: taken up: log\.level", r"config: needs a restart: influxdb\.token, demo\.seed")
    hang_up(program, file, "[log]\nlevle = 1\n", r"error config: .*:2: unknown key 'log\.levle'; did you mean 'log\.level'\?; what is in use stays so")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name:
        file = pathlib.Path(name) / "virtuoso" / "virtuoso.toml"
        file.parent.mkdir()
        file.write_text(f'# mine\n[influxdb]\ntoken = "{CANARIES[0]}"\n')
        program = Program(sys.argv[1], name)
        try:
            over_http(program, file)
            by_signal(program, file)
            who_may_come_in(program, file)
        finally:
            program.process.terminate()
            program.process.wait(timeout=30)
        shown = [canary for canary in CANARIES if canary in program.said + program.answers]
        check(not shown, f"secrets are shown: {shown}")
    print("the configuration is shown, changed, taken back and read again while the program runs; no secret was shown")


if __name__ == "__main__":
    main()
