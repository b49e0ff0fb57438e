#!/usr/bin/env python3
"""Page, API, login and /ws below a sub-path behind Debian's nginx and HAProxy, with the configurations of docs/deployment.md.

    tests/program/proxies.py build/release/virtuoso

A proxy that is not installed is left out, and said so; so is the browser where there is no Chromium.
"""
import base64
import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

from free_port import free_port

SECONDS = 60
HOST = "box.example"
PASSWORD = "three or four words"
DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/deployment.md"


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def await_that(what, holds):
    deadline = time.monotonic() + SECONDS
    while not (found := holds()):
        if time.monotonic() > deadline:
            sys.exit(f"never: {what}")
        time.sleep(0.1)
    return found


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def documented(language):
    """The block of that language in the document."""
    return re.search(rf"```{language}\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[1]


class Site:
    """box.example, as a browser of another machine sees it: TLS to this port, whatever stands behind it."""

    def __init__(self, port, certificate):
        self.port = port
        self.trust = ssl.create_default_context(cafile=certificate)
        self.host = f"{HOST}:{port}"

    def connection(self):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)
        return self.trust.wrap_socket(plain, server_hostname=HOST)

    def ask(self, path, method="GET", body=None, headers=None):
        asked = http.client.HTTPConnection(HOST, self.port)
        asked.sock = self.connection()
        asked.request(method, path, body=None if body is None else json.dumps(body),
                      headers={"Content-Type": "application/json", **(headers or {})})
        answer = asked.getresponse()
        text = answer.read().decode()
        asked.close()
        return answer.status, text, answer.headers

    def upgrade(self, path, headers):
        """The status of the answer, and the first message where it is 101."""
        wire = self.connection()
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.host}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", *(f"{name}: {value}" for name, value in headers.items())]
        wire.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        stream = wire.makefile("rb")
        status = int(stream.readline().split()[1])
        while stream.readline().strip():
            pass
        message = None
        if status == 101:
            head = stream.read(2)
            size = head[1] & 0x7F
            if size == 126:
                size = int.from_bytes(stream.read(2), "big")
            message = json.loads(stream.read(size))
        wire.close()
        return status, message


def nginx(folder, port, behind, certificate, key):
    text = documented("nginx").replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace("127.0.0.1:8003", f"127.0.0.1:{behind}")
    text = text.replace("/etc/ssl/box.example/fullchain.pem", certificate).replace("/etc/ssl/box.example/privkey.pem", key)
    user = "user root;\n" if os.geteuid() == 0 else ""
    places = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    file = pathlib.Path(folder, "nginx.conf")
    file.write_text(f"{user}pid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{text}}}\n")
    return ["nginx", "-c", str(file), "-e", f"{folder}/nginx.log", "-g", "daemon off;"]


def haproxy(folder, port, behind, certificate, key):
    both = pathlib.Path(folder, "both.pem")
    both.write_text(pathlib.Path(certificate).read_text() + pathlib.Path(key).read_text())
    text = documented("haproxy").replace("bind :443", f"bind 127.0.0.1:{port}").replace("127.0.0.1:8003", f"127.0.0.1:{behind}")
    file = pathlib.Path(folder, "haproxy.cfg")
    file.write_text(text.replace("/etc/ssl/box.example/both.pem", str(both)))
    return ["haproxy", "-f", str(file), "-db"]


def asked_directly(port):
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    asked.request("GET", "/api/symbols")
    text = asked.getresponse().read().decode()
    asked.close()
    return text


def check_page(site, session):
    """Whether there are pages: a program can be built without."""
    status, _, headers = site.ask("/virtuoso")
    check(status == 308 and headers["Location"].endswith("/virtuoso/"), f"the path without its slash: {status} {headers['Location']}")
    check("irtuoso" not in site.ask("/")[1], "nothing of the program is above the path")
    status, _, headers = site.ask("/virtuoso/mobile")
    if status == 303:
        to = urllib.parse.urljoin(f"https://{site.host}/virtuoso/mobile", headers["Location"])
        check(to.startswith(f"https://{site.host}/virtuoso/login"), f"who is not let in is led to the login: {to}")
        status = site.ask("/virtuoso/login")[0]
        check(status == 200, f"the login's page: {status}")
    for page in ("", "mobile"):
        status, text, _ = site.ask(f"/virtuoso/{page}", headers=session)
        check(status == 200 and "<html" in text, f"the page: {status}")
        if "built without its pages" in text:
            return False
        links = [link for link in re.findall(r'(?:src|href)="([^"#]+)"', text) if not link.startswith("data:")]
        check(links and not any(link.startswith(("/", "http")) for link in links), f"links are relative: {links}")
        for link in links:
            path = urllib.parse.urljoin(f"/virtuoso/{page}", link)
            if link.endswith((".js", ".css", ".webmanifest", ".svg", ".png")):
                check(site.ask(path, headers=session)[0] == 200, f"{link} of the page")
    return True


def check_api(site, token):
    check(site.ask("/virtuoso/health")[0] == 200, "health")
    check(site.ask("/virtuoso/api/symbols")[0] == 401, "the market is closed to those behind the proxy")
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        check(site.ask("/virtuoso/api/symbols", headers={name: "127.0.0.1"})[0] == 401, f"{name} of the caller's own opens nothing")
    bearer = {"Authorization": f"Bearer {token}"}
    status, text, _ = site.ask("/virtuoso/api/symbols", headers=bearer)
    check(status == 200 and "BTC" in text, f"with a token: {status}")
    status, _, headers = site.ask("/virtuoso/api/auth/login", "POST", {"user": "ann", "password": PASSWORD}, {"Origin": f"https://{site.host}"})
    cookie = headers["Set-Cookie"]
    check(status == 200 and cookie.startswith("__Host-vs=") and "Secure" in cookie, f"a login: {status} {cookie}")
    session = {"Cookie": cookie.split(";")[0]}
    check(site.ask("/virtuoso/api/symbols", headers=session)[0] == 200, "with a session")
    audit = site.ask("/virtuoso/api/audit", headers=session)[1]
    check('"127.0.0.1"' in audit, f"the audit has the caller's address, as the proxy says it: {audit[:500]}")
    return bearer, session


def check_socket(site, bearer, session):
    check(site.upgrade("/virtuoso/ws", {})[0] == 401, "a socket without a login")
    for headers in (bearer, {**session, "Origin": f"https://{site.host}"}):
        status, hello = site.upgrade("/virtuoso/ws", headers)
        check(status == 101 and hello["type"] == "hello", f"a socket: {status} {hello}")
    check(site.upgrade("/virtuoso/ws", {**session, "Origin": "https://evil.example"})[0] == 403, "a socket of a foreign page")


def check_browser(site, certificate, folder):
    public_key = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], capture_output=True, check=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public_key, capture_output=True, check=True).stdout
    pin = base64.b64encode(hashlib.sha256(der).digest()).decode()

    def page():
        return subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=390,844",
                               f"--user-data-dir={folder}/browser", f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
                               f"--ignore-certificate-errors-spki-list={pin}", "--virtual-time-budget=15000", "--dump-dom",
                               f"https://{site.host}/virtuoso/mobile"], capture_output=True, text=True, timeout=2 * SECONDS).stdout

    await_that("a telephone's browser shows Bitcoin below the sub-path", lambda: "BTC" in page())


class Program:
    def __init__(self, binary, folder, anonymous_read):
        self.config = pathlib.Path(folder, "virtuoso.toml")
        self.config.write_text(f'{documented("toml")}[auth]\nanonymous_read = "{anonymous_read}"\n')
        self.database = f"sqlite://{folder}/records.db"
        self.binary, self.environment = binary, {**os.environ, "HOME": folder}
        self.process = subprocess.Popen([binary, "run", "--config", self.config, "--market", "demo", "--demo-symbols", "3", "--demo-warm", "0",
                                         "--port", "0", "--monitoring-port", "0", "--database", self.database],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)
        self.port = int(re.search(r"http://localhost:(\d+)/", self.process.stdout.readline())[1])

    def command(self, *arguments, stdin=""):
        done = subprocess.run([self.binary, *arguments, "--database", self.database], input=stdin, capture_output=True, text=True,
                              timeout=SECONDS, env=self.environment)
        check(done.returncode == 0, f"{arguments}: {done.stderr}")
        return done.stdout.strip()

    def end(self):
        self.process.terminate()
        self.process.wait(SECONDS)


def behind(name, program, folder, certificate, key, what):
    port = free_port()
    make = {"nginx": nginx, "haproxy": haproxy}[name]
    proxy = subprocess.Popen(make(folder, port, program.port, certificate, key), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_that(f"{name} listens", lambda: is_listening(port) or check(proxy.poll() is None, f"{name} does not start"))
        what(Site(port, certificate))
    finally:
        proxy.terminate()
        proxy.wait(SECONDS)


def main(binary):
    proxies = [name for name in ("nginx", "haproxy") if shutil.which(name)]
    for name in {"nginx", "haproxy"} - set(proxies):
        print(f"proxies: NOT CHECKED behind {name}, which is not installed")
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
                        "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        program = Program(binary, folder, "loopback")
        try:
            program.command("user", "add", "ann", "--role", "admin", "--password-file", "-", stdin=PASSWORD + "\n")
            token = program.command("token", "create", "--user", "ann", "--label", "test")
            await_that("the program has the market", lambda: "BTC" in asked_directly(program.port))

            has_pages = []

            def everything(site):
                await_that("the program knows the token",
                           lambda: site.ask("/virtuoso/api/symbols", headers={"Authorization": f"Bearer {token}"})[0] == 200)
                bearer, session = check_api(site, token)
                has_pages.append(check_page(site, session))
                check_socket(site, bearer, session)

            for name in proxies:
                behind(name, program, folder, certificate, key, everything)
        finally:
            program.end()
        if not shutil.which("chromium") or not all(has_pages):
            print("proxies: NOT CHECKED in a browser: Chromium is not installed, or the program was built without its pages")
        else:
            program = Program(binary, folder, "always")
            try:
                for name in proxies:
                    behind(name, program, folder, certificate, key, lambda site: check_browser(site, certificate, folder))
            finally:
                program.end()
    print(f"proxies: ok ({', '.join(proxies)})")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
