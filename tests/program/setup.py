#!/usr/bin/env python3
"""The first configuration by `virtuoso setup`, and the way to the page that it opens: through TLS, with a telephone's browser.

    tests/program/setup.py build/release/virtuoso

Where Chromium is not installed the browser is left out, and said so.
"""
import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from free_port import free_port

SECONDS = 60
PASSWORD = "three or four words"


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


class Home:
    """A user's folders, empty at first."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("BYBIT_", "BINANCE_", "XDG_", "APP_", "MONITORING_", "DATABASE_"))}
        self.environment["HOME"] = str(folder)
        self.file = self.folder / ".config/virtuoso/virtuoso.toml"

    def run(self, *arguments, stdin=""):
        return subprocess.run([self.binary, *arguments], input=stdin, capture_output=True, text=True, timeout=SECONDS, env=self.environment)

    def setup(self, *arguments, stdin=""):
        done = self.run("setup", "--no-input", "--json", *arguments, stdin=stdin)
        check(done.returncode == 0, f"setup {arguments}: {done.returncode} {done.stderr}")
        check(PASSWORD not in done.stdout + done.stderr, "setup says no password")
        return json.loads(done.stdout)

    def text(self):
        return self.file.read_text()

    def start(self):
        log = self.folder / "run.log"
        with log.open("w") as errors:
            program = subprocess.Popen([self.binary, "run", "--market", "demo", "--demo-symbols", "3", "--demo-warm", "0"],
                                       stdout=subprocess.PIPE, stderr=errors, text=True, env=self.environment)
        line = program.stdout.readline()
        check("localhost" in line, f"the program says its addresses: {line}{log.read_text()}")
        return program


def ask(url, trust, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=SECONDS, context=trust) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def check_local(binary):
    with tempfile.TemporaryDirectory() as folder:
        home = Home(binary, folder)
        refused = home.run("setup", "--no-input")
        check(refused.returncode == 78 and "--password-file" in refused.stderr, f"no password, nobody to ask: {refused.stderr}")
        made = home.setup("--password-file", "-", "--symbols", "BTCUSDT,ETHUSDT", "--port", "8123", stdin=PASSWORD + "\n")
        check(made["changed"] and made["new_user"] and made["user"] == "admin", f"a first one: {made}")
        check(made["urls"] == ["http://localhost:8123/"] and made["fingerprint"] is None and made["token"] is None, f"it stays here: {made}")
        check(re.search(r'^symbols = \["BTCUSDT", "ETHUSDT"\]', home.text(), re.MULTILINE) and re.search("^port = 8123", home.text(), re.MULTILINE),
              "the flags are in the file")
        before = home.text()
        again = home.setup()
        check(not again["changed"] and not again["new_user"] and home.text() == before, f"a second run changes nothing: {again}")
        check(home.run("config", "check").returncode == 0, "the file is valid")
        check(home.file.stat().st_mode & 0o077 == 0, "the file is its user's only")
        wrong = home.run("setup", "--no-input", "--symbols", "not a symbol")
        check(wrong.returncode in (0, 78) and home.run("config", "check").returncode == 0, "what is refused leaves the file valid")


def check_covers(binary):
    """Which cover is taken, and which is refused."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(binary, folder)
        pathlib.Path(folder, "password").write_text(PASSWORD + "\n")
        common = ("--public", "--name", "box.example", "--password-file", f"{folder}/password")
        both = home.run("setup", "--no-input", *common, "--plain-http", "--self-signed")
        check(both.returncode == 78 and not home.file.exists(), f"two covers: {both.stderr}")
        half = home.run("setup", "--no-input", *common, "--certificate", "a.pem")
        check(half.returncode == 78 and "--key" in half.stderr and not home.file.exists(), f"half a certificate: {half.stderr}")
        absent = home.run("setup", "--no-input", *common, "--certificate", f"{folder}/a.pem", "--key", f"{folder}/b.pem")
        check(absent.returncode == 78 and not home.file.exists(), f"a certificate that is not there: {absent.stderr}")
        plain = home.setup(*common, "--plain-http")
        check(plain["urls"] == ["http://box.example:8003/"] and plain["fingerprint"] is None and plain["token"], f"plain: {plain}")
        kept = home.setup(*common)
        check(not kept["changed"] and kept["token"] is None, f"what is there stays: {kept}")
        signed = home.setup(*common, "--self-signed")
        check(signed["urls"] == ["https://box.example:8003/"] and "allow_insecure_http = 1" not in home.text(), f"then TLS: {signed}")
        given = home.setup(*common, "--certificate", f"{folder}/.config/virtuoso/tls/certificate.pem",
                           "--key", f"{folder}/.config/virtuoso/tls/key.pem")
        check(given["fingerprint"] == signed["fingerprint"], f"the same as a given one: {given}")
        other = home.setup("--public", "--name", "other.example", "--self-signed")
        check(other["fingerprint"] != signed["fingerprint"], "a new name needs a new certificate")
        off = home.run("setup", "--no-input", "--public", "--database", "off")
        check(off.returncode == 78 and "database" in off.stderr, f"without a database: {off.stderr}")


def in_browser(url, certificate, folder):
    """What a telephone's browser makes of the page; it is told which key to trust, and nothing else."""
    public_key = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], capture_output=True, text=True, check=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public_key.encode(), capture_output=True, check=True).stdout
    pin = base64.b64encode(hashlib.sha256(der).digest()).decode()
    return subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=390,844", f"--user-data-dir={folder}/browser",
                           f"--ignore-certificate-errors-spki-list={pin}", "--virtual-time-budget=15000", "--dump-dom", url],
                          capture_output=True, text=True, timeout=2 * SECONDS).stdout


def check_public(binary):
    with tempfile.TemporaryDirectory() as folder:
        home = Home(binary, folder)
        port, monitoring = free_port(), free_port()
        made = home.setup("--public", "--name", "localhost", "--name", "127.0.0.1", "--user", "ann", "--password-file", "-",
                          "--port", str(port), "--monitoring-port", str(monitoring), stdin=PASSWORD + "\n")
        check(made["urls"][0] == f"https://localhost:{port}/" and made["monitoring_url"] == f"https://localhost:{monitoring}/", f"its addresses: {made}")
        key = home.folder / ".config/virtuoso/tls/key.pem"
        check(key.stat().st_mode & 0o077 == 0, "the key is its user's only")
        again = home.setup("--public", "--name", "localhost", "--name", "127.0.0.1")
        check(again["fingerprint"] == made["fingerprint"] and not again["changed"] and again["token"] is None, f"a second run: {again}")
        newer = home.setup("--public", "--new-token")
        check(newer["token"] and newer["token"] != made["token"], "a new token where it is asked for")
        shown = home.run("setup", "--no-input", "--public").stdout
        check("█" in shown and made["fingerprint"] in shown and f"https://localhost:{port}/mobile" in shown, f"for people: {shown}")

        trust = ssl.create_default_context(cafile=made["certificate_file"])
        program = home.start()
        try:
            raw = ssl.get_server_certificate(("127.0.0.1", port))
            digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(raw)).hexdigest().upper()
            check(digest == made["fingerprint"].replace(":", ""), "the fingerprint is what the program shows")
            status, page = ask(f"https://localhost:{port}/mobile", trust)
            check(status == 200 and "<html" in page, f"the page through TLS: {status}")
            check("virtuoso_build_info" in ask(f"https://localhost:{monitoring}/metrics", trust)[1], "monitoring through TLS")
            elsewhere = {"X-Forwarded-For": "192.0.2.9"}  # nobody's word is taken: it makes the request one from elsewhere
            check(ask(f"https://localhost:{port}/api/symbols", trust, **elsewhere)[0] == 401, "others need the token")
            check(ask(f"https://localhost:{port}/api/symbols", trust, Authorization=f"Bearer {made['token']}", **elsewhere)[0] == 401,
                  "the token before the newest has ended")
            bearer = {"Authorization": f"Bearer {newer['token']}", **elsewhere}
            check(ask(f"https://localhost:{port}/api/symbols", trust, **bearer)[0] == 200, "the token reads")
            check(ask(f"https://localhost:{port}/api/audit", trust, **bearer)[0] in (401, 403), "and does no more")
            if shutil.which("chromium") and "built without its pages" not in page:
                deadline = time.monotonic() + SECONDS
                while "BTC" not in (shown := in_browser(f"https://localhost:{port}/mobile", made["certificate_file"], folder)):
                    check(time.monotonic() < deadline, f"a telephone's browser shows Bitcoin: {shown[:2000]}")
            else:
                print("setup: NOT CHECKED in a browser: Chromium is not installed, or the program was built without its pages")
            asked = home.run("cache", "stats")
            check(asked.returncode == 0 and "this process" in asked.stdout, f"a command asks the program through TLS: {asked}")
            certificate = home.folder / ".config/virtuoso/tls/certificate.pem"
            kept = certificate.read_text()
            certificate.write_text(subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                                                   "/CN=another", "-keyout", "/dev/null"], capture_output=True, text=True, check=True).stdout)
            refused = home.run("cache", "stats")
            check(refused.returncode == 1 and "certificate" in refused.stderr, f"and no other program: {refused}")
            certificate.write_text("")
            refused = home.run("cache", "stats")
            check(refused.returncode != 0 and "server.tls_certificate_file" in refused.stderr, f"nor without its certificate: {refused}")
            certificate.write_text(kept)
            doctor = json.loads(home.run("doctor", "--json").stdout)
            check(doctor["took_ms"] <= 3000, f"the doctor takes three seconds at most: {doctor['took_ms']}")
            found = {one["name"]: one for one in doctor["checks"] if one["subject"] == "machine"}
            check(found["certificate"]["finding"] == "ok" and made["fingerprint"] in found["certificate"]["text"], f"the doctor: {found['certificate']}")
            for knob in ("server.port", "server.monitoring_port"):
                check(found[knob]["finding"] == "note" and "running virtuoso" in found[knob]["text"], f"the doctor: {found[knob]}")
            check(found["file modes"]["finding"] == "ok", f"the doctor: {found['file modes']}")
        finally:
            program.terminate()
            program.wait(SECONDS)
        key.chmod(0o644)
        doctor = json.loads(home.run("doctor", "--json").stdout)
        modes = next(one for one in doctor["checks"] if one["name"] == "file modes")
        check(modes["finding"] == "warning" and modes["remedy"] == f"chmod 600 {key}", f"a key for all to read: {modes}")


def main(binary):
    check_local(binary)
    check_covers(binary)
    check_public(binary)
    print("setup: ok")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
