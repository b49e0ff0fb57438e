#!/usr/bin/env python3
"""`virtuoso validate`: with no server, with real ones, and with a Redis that is restarted under it.

    tests/program/validate.py build/release/virtuoso
"""
import html.parser
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from free_port import free_port

SECONDS = 240


def expect(condition, what, shown=""):
    if not condition:
        sys.exit(f"{what}\n{shown}")


def await_port(port):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit(f"nothing listens at port {port}")


def validate(binary, *arguments, **variables):
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("CACHE_", "MEMCACHED_", "REDIS_"))}
    return subprocess.run([binary, "validate", "--port", str(free_port()), *arguments], capture_output=True, text=True, timeout=SECONDS,
                          env={**plain, **variables})


def findings(run):
    report = json.loads(run.stdout)
    failed = [one["name"] for one in report["findings"] if one["verdict"] == "failed"]
    expect(report["ok"] == (not failed) and run.returncode == (1 if failed else 0), "the exit code is the verdict", run.stderr)
    return {one["name"]: one for one in report["findings"]}


def expect_verdicts(found, verdict, *names):
    for name in names:
        expect(found[name]["verdict"] == verdict, f"{name} is {verdict}", found[name])


class Page(html.parser.HTMLParser):
    """What a page names outside of itself, and its scripts."""

    def __init__(self):
        super().__init__()
        self.rows, self.outside = 0, []

    def handle_starttag(self, tag, attrs):
        self.rows += tag == "tr"
        self.outside += [tag] if tag == "script" else [value for name, value in attrs if name in ("src", "href")]


def without_servers(binary, folder):
    found = findings(validate(binary, "--json", "-", "--html", f"{folder}/report.html"))
    expect_verdicts(found, "passed", "l1_limits", "shares", "shares_age", "l1_expiry")
    expect_verdicts(found, "not_configured", "l2_expiry", "l3_expiry", "l2_connections", "l3_connections", "foreign_flush",
                    "redis_restart", "memcached_memory", "memcached_connection_limit")
    expect_verdicts(found, "not_measured", "l1_hit_p99_in_program", "l1_speed_up", "warming_leaves_values")
    expect("virtuoso run" in found["l1_speed_up"]["remedy"], "what is needed is said", found["l1_speed_up"])
    expect(all(one["definition"] for one in found.values()), "each has a definition", found)
    with open(f"{folder}/report.html") as file:
        page = Page()
        page.feed(file.read())
    expect(page.rows == len(found) + 1 and not page.outside, "one page with every finding that needs nothing else", page.outside)


def with_servers(binary, folder):
    ports = {"MEMCACHED_PORT": free_port(), "REDIS_PORT": free_port()}
    user = ["-u", "root"] if os.geteuid() == 0 else []
    redis = ["redis-server", "--port", str(ports["REDIS_PORT"]), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    memcached = subprocess.Popen(["memcached", "-l", "127.0.0.1", "-p", str(ports["MEMCACHED_PORT"]), "-U", "0", *user], **quiet)
    first = subprocess.Popen(redis, **quiet)
    # A restart as an administrator's command would do it; the new server's pid is left for the end of this test.
    restart = (f"kill {first.pid}; sleep 0.2; setsid {' '.join(repr(word) for word in redis)} >{folder}/redis.log 2>&1 & "
               f"echo $! >{folder}/redis.pid; until redis-cli -p {ports['REDIS_PORT']} ping 2>&1 | grep -q PONG; do sleep 0.05; done")
    try:
        for port in ports.values():
            await_port(port)
        texts = {name: str(port) for name, port in ports.items()}
        found = findings(validate(binary, "--json", "--restart-redis", restart, CACHE_TYPE="memcached", **texts))
        expect_verdicts(found, "passed", "shares", "shares_age", "l1_expiry", "l2_expiry", "l3_expiry", "l2_connections", "l3_connections",
                        "foreign_flush", "redis_restart")
        expect_verdicts(found, "warning", "memcached_memory", "memcached_connection_limit")
        expect("-m 4096" in found["memcached_memory"]["remedy"], "with the remedy", found["memcached_memory"])
        expect(os.path.exists(f"{folder}/redis.pid"), "Redis was restarted")
        expect("origin 0." in found["shares"]["measured"], "the tiers behind leave the origin in peace", found["shares"])
    finally:
        memcached.kill()
        first.kill()
        if os.path.exists(f"{folder}/redis.pid"):
            with open(f"{folder}/redis.pid") as file:
                os.kill(int(file.read()), signal.SIGKILL)
        memcached.wait()
        first.wait()

    texts = {"MEMCACHED_PORT": str(free_port()), "REDIS_PORT": str(free_port())}
    away = findings(validate(binary, "--json", CACHE_TYPE="memcached", **texts))
    expect_verdicts(away, "not_measured", "l2_expiry", "l3_expiry", "l2_connections", "memcached_memory", "redis_restart")
    expect(texts["MEMCACHED_PORT"] in away["memcached_memory"]["measured"], "a server that is away is named", away["memcached_memory"])


def with_the_program(binary):
    program = subprocess.Popen([binary, "run", "--market", "demo", "--port", "0", "--monitoring-port", "0", "--demo-symbols", "6",
                                "--database", "off"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = re.search(r"http://localhost:(\d+)", program.stdout.readline())[1]
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10):
                    break
            except OSError:  # 503 at first
                time.sleep(0.2)
        found = findings(validate(binary, "--json", "--url", f"http://127.0.0.1:{port}"))
        expect_verdicts(found, "passed", "warming_leaves_values")
        expect_verdicts(found, "information", "l1_speed_up", "shares_of_real_requests", "warming_is_read")
        # How fast this machine is now is not what is tested; with the fewer hits of six symbols it may not be judged.
        expect(found["l1_hit_p99_in_program"]["verdict"] in ("passed", "failed", "not_measured"), "a verdict", found["l1_hit_p99_in_program"])
        expect("/api/symbols/{symbol}/zones" in found["l1_speed_up"]["measured"], "each cached route", found["l1_speed_up"])
    finally:
        program.kill()
        program.wait()


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="vt-validate-") as folder:
        without_servers(binary, folder)
        with_the_program(binary)
        if all(shutil.which(name) for name in ("memcached", "redis-server", "redis-cli")):
            with_servers(binary, folder)
        else:
            print("SKIPPED: memcached or redis-server is not installed; tools/bootstrap test installs them")
        wrong = validate(binary, CACHE_TYPE="everything")
        expect(wrong.returncode == 78 and "CACHE_TYPE" in wrong.stderr, "a wrong configuration is refused", wrong.stderr)


if __name__ == "__main__":
    main()
