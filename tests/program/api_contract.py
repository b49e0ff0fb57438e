#!/usr/bin/env python3
"""The contract of the API against the running program: docs/api.md and the pages' types say what its OpenAPI documents say,
every documented example runs, and no document names a route or a topic of /ws that is not answered.

    tests/program/api_contract.py build/release/virtuoso
"""
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SECONDS = 60
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import typescript_client  # noqa: E402


def expect(holds, what, detail=""):
    if not holds:
        raise SystemExit(f"api_contract: {what}: {detail}")


class Program:
    def __init__(self, binary, folder):
        self.environment = {**os.environ, "HOME": folder, "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder}
        self.database = f"sqlite://{folder}/records.db"
        self.errors = open(f"{folder}/errors", "w+")
        self.process = subprocess.Popen(
            [binary, "run", "--market", "demo", "--demo-symbols", "3", "--port", "0", "--monitoring-port", "0", "--database",
             self.database], stdout=subprocess.PIPE, stderr=self.errors, text=True, env=self.environment)
        said = ""
        while not (found := re.search(r"http://localhost:(\d+)/.*?(?:\n.*?)?localhost:(\d+)", said, re.S)):
            line = self.process.stdout.readline()
            expect(line, "the program says its ports", said + pathlib.Path(self.errors.name).read_text())
            said += line
        self.port, self.monitoring_port = int(found[1]), int(found[2])
        self.base, self.monitoring = (f"http://127.0.0.1:{port}" for port in (self.port, self.monitoring_port))
        end = time.monotonic() + SECONDS
        while status(self.base + "/health/ready")[0] != 200:
            expect(time.monotonic() < end, "market data flows")
            time.sleep(0.1)

    def end(self):
        self.process.terminate()
        self.process.wait(SECONDS)


def status(url, method="GET", headers=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers or {}), timeout=SECONDS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def blocks(kind, page="api.md"):
    text = (ROOT / "docs" / page).read_text()
    found = re.findall(rf"^```{kind}\n(.*?)^```", text, re.S | re.M)
    expect(found, f"docs/{page} has examples in {kind}")
    return found


def change_configuration(program, folder):
    """As docs/configuration.md does it, while there is no admin."""
    block, = (block for block in blocks("sh", "configuration.md") if "curl" in block)
    done = subprocess.run(["sh", "-eu", "-c", block.replace("8003", str(program.port))], capture_output=True, text=True,
                          timeout=SECONDS, env=program.environment, cwd=folder)
    expect('"log.level"' in done.stdout, "the example of docs/configuration.md", done.stdout + done.stderr)
    values = {one["key"]: one["value"] for one in json.loads(status(program.base + "/api/config")[1])["values"]}
    expect(values["log.level"] == "debug", "the change is kept", values["log.level"])


def run_examples(program, token, folder):
    environment = {**program.environment, "TOKEN": token}

    def run(command, what):
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS * 3, env=environment, cwd=folder)
        expect(done.returncode == 0, what, done.stdout[-500:] + done.stderr[-2000:])
        return done.stdout

    def here(text):
        return text.replace("8003", str(program.port))

    shell = [run(["sh", "-eu", "-c", here(block)], f"example:\n{block}") for block in blocks("sh")]
    expect('"status"' in shell[0] and shell[0].rstrip().endswith("304"), "the first example", shell[0])
    rows = json.JSONDecoder().raw_decode(shell[0], shell[0].index('{"timestamp"'))[0]["symbols"]
    expect(1 <= len(rows) <= 10 and set(rows[0]) == {"id", "price", "score", "direction"}, "three members of ten rows", rows)
    expect(shell[1].count('{"flushed":true}') == 2 and '"lines":[' in shell[1], "the second example", shell[1])
    for block in blocks("python"):
        said = run([sys.executable, "-c", here(block)], f"example:\n{block}")
        expect(said.startswith("BTC/USDT:USDT ") and "token create" in said, "the score and the audit", said)
    for block in blocks("cpp"):
        source = pathlib.Path(folder) / "example.cpp"
        source.write_text(here(block))
        run([shutil.which("g++") or "c++", "-std=c++20", str(source), "-o", f"{folder}/example", "-lsimdjson", "-lpthread"], "it compiles")
        said = run([f"{folder}/example"], "the C++ example")
        expect(re.search(r"^\S*BTC/USDT:USDT\S* [0-9.]+ bps$", said, re.M), "a spread of each", said)


def check_routes(program):
    """Every route that a document names is one, and a path that none names is none."""
    for base in (program.base, program.monitoring):
        document = json.loads(status(base + "/openapi.json")[1])
        for path, operations in document["paths"].items():
            asked = re.sub(r"{\w+}", "x", path.replace("{symbol}", "BTCUSDT"))
            for method, operation in operations.items():
                expect(operation["x-access"] in ("public", "market-read", "account-read", "write"), "an access class", path)
                code, body = status(base + asked, method.upper())
                expect(code != 405 and "nothing at this path" not in body, f"{method} {asked} is a route", f"{code} {body}")
            code, body = status(base + asked, "PATCH")
            expect(code == 405, f"PATCH {asked} is none", f"{code} {body}")
    for path in ("/api/alerts", "/api/backtests", "/api/models"):
        expect(status(program.base + path)[0] == 404, f"{path} is absent, not a stub")


def topics_of(program):
    """What /ws says there is, asked for what is not."""
    with socket.create_connection(("127.0.0.1", program.port), timeout=SECONDS) as stream:
        stream.sendall(f"GET /ws HTTP/1.1\r\nHost: localhost:{program.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
        reader = stream.makefile("rb")
        while reader.readline().strip():
            pass
        asked = json.dumps({"op": "subscribe", "topics": ["weather"]}).encode()
        stream.sendall(bytes([0x81, 0x80 | len(asked), 0, 0, 0, 0]) + asked)  # a text, masked with zeros
        while True:
            _, size = reader.read(2)
            size = struct.unpack(">H", reader.read(2))[0] if size == 126 else size
            said = json.loads(reader.read(size))
            if said["type"] == "error":
                return sorted(said["problem"]["detail"].removeprefix("no such topic; there are ").split(", "))


def check_topics(program):
    section = (ROOT / "docs" / "api.md").read_text().split("## The stream")[1].split("\n## ")[0]
    first_cells = re.findall(r"^\| (`[a-z].*?) \|", section.split("| topic |")[1], re.M)
    documented = sorted(re.findall(r"`([^`]+)`", " ".join(first_cells)))
    expect(documented == topics_of(program), "docs/api.md has the topics that there are", f"{documented} {topics_of(program)}")


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        program = Program(binary, folder)
        try:
            check_routes(program)
            check_topics(program)
            made = typescript_client.client_of(json.loads(status(program.base + "/openapi.json")[1]))
            expect(made == (ROOT / "web/src/protocol/api.ts").read_text(),
                   "web/src/protocol/api.ts is of another program; tools/typescript_client.py writes it")
            page = subprocess.run([ROOT / "tools" / "api_page.py", program.base, program.monitoring, "--check"],
                                  capture_output=True, text=True, timeout=SECONDS)
            expect(page.returncode == 0, page.stderr.strip())

            change_configuration(program, folder)

            def command(*arguments, stdin=None):
                done = subprocess.run([binary, *arguments, "--database", program.database], input=stdin, capture_output=True,
                                      text=True, timeout=SECONDS, env=program.environment)
                expect(done.returncode == 0, " ".join(arguments), done.stderr)
                return done.stdout.strip()

            command("user", "add", "ann", "--role", "admin", "--password-file", "-", stdin="three or four words\n")
            token = command("token", "create", "--user", "ann", "--label", "test", "--scope", "admin")
            end = time.monotonic() + SECONDS
            while status(program.base + "/api/audit", headers={"Authorization": "Bearer " + token})[0] != 200:
                expect(time.monotonic() < end, "the program sees the token")
                time.sleep(0.2)
            run_examples(program, token, folder)
        finally:
            program.end()
    print("api_contract: ok")


if __name__ == "__main__":
    main(sys.argv[1])
