#!/usr/bin/env python3
"""The cache tiers of the running program, as its user meets them.

    tests/program/cache.py build/release/virtuoso

Starts memcached and Redis on free ports, and the program with the demo market against them: asks a page of stored scores until
each tier has answered it, warms and flushes with `virtuoso cache`, and ends both servers while it asks.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from free_port import free_port

SECONDS = 60
PAGE = "/api/symbols/BTCUSDT/scores?from=5&to=6000"  # of the past: the same in every minute


def await_that(what, holds):
    deadline = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f"never: {what}")
        time.sleep(0.05)


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


class Servers:
    """memcached and Redis, started by their users' commands and ended by their process ids."""

    def __init__(self):
        self.ports = [free_port(), free_port()]
        self.processes = []

    def start(self):
        commands = [["memcached", "-l", "127.0.0.1", "-p", str(self.ports[0]), "-U", "0"]
                    + (["-u", "root"] if os.geteuid() == 0 else []),
                    ["redis-server", "--port", str(self.ports[1]), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]]
        self.processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in commands]
        for port in self.ports:
            await_that("a server that listens", lambda port=port: is_listening(port))

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes = []


class Program:
    running = []

    def __init__(self, binary, folder, environment):
        self.binary = binary
        self.environment = dict(os.environ, HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder, **environment)
        config = os.path.join(folder, "patient.toml")
        with open(config, "w") as file:  # what is tested is what happens, not within how many milliseconds
            file.write("[cache.memcached]\ndeadline_ms = 1000\n[cache.redis]\ndeadline_ms = 1000\n")
        self.process = subprocess.Popen(
            [binary, "run", "--config", config, "--market", "demo", "--demo-symbols", "3", "--demo-warm", "0", "--port", "0",
             "--monitoring-port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)
        Program.running.append(self.process)
        self.port = re.search(r"http://localhost:(\d+)/", self.process.stdout.readline()).group(1)
        await_that("symbols", lambda: self.ask(PAGE)[0] == 200)

    def ask(self, path):
        """Status, x-cache and body."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=SECONDS) as answer:
                return answer.status, answer.headers["X-Cache"], answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, None, refused.read()

    def command(self, *words):
        return subprocess.run([self.binary, "cache", *words, "--port", self.port], env=self.environment, capture_output=True,
                              text=True, timeout=SECONDS)

    def system(self):
        """What the pages are told of the program's state, and of its tiers."""
        return json.loads(self.ask("/api/dashboard/data")[2])["system_status"]

    def tiers(self):
        return [f"{tier['server'].split()[0]} {tier['state']}" for tier in self.system()["tiers"]]

    def stats(self):
        return json.loads(self.command("stats", "--json").stdout)

    def stop(self):
        self.process.terminate()
        check(self.process.wait(timeout=SECONDS) == 0, "the program ends well")


def look_at(binary, folder, servers):
    environment = {"CACHE_TYPE": "memcached", "MEMCACHED_PORT": str(servers.ports[0]), "REDIS_PORT": str(servers.ports[1])}
    first = Program(binary, folder, environment)
    truth = first.ask(PAGE)[2]
    check(first.ask(PAGE)[1] == "l1", "asked again, the first tier answers")
    await_that("both servers have it", lambda: all(tier["calls"]["writes"] > 0 for tier in first.stats()["tiers"][1:]))
    warmed = first.command("warm")
    check(warmed.returncode == 0 and re.match(r"(\d+) of \1 keys warmed", warmed.stdout), f"warm: {warmed}")
    check("this process" in first.command("stats").stdout, "the table names the first tier")
    first.stop()

    # Another run has an empty memory, and the same database: the servers answer for it.
    second = Program(binary, folder, environment)
    tiers = second.stats()["tiers"]
    check(tiers[1]["hits"] + tiers[2]["hits"] >= 1, f"a server answers the second run: {tiers}")
    check(second.ask(PAGE)[2] == truth, "the same bytes")
    check(second.command("flush").stdout == "Every kept answer is forgotten.\n", "flush")
    check(second.ask(PAGE)[1:] == ("origin", truth), "what was flushed is computed, whatever the servers hold")
    servers.end()
    for _ in range(20):
        check(second.command("flush").returncode == 0, "flush without servers")
        status, source, body = second.ask(PAGE)
        check((status, source, body) == (200, "origin", truth), f"without servers: {status} {source}")
    await_that("tiers that are shown as down", lambda: second.command("flush") and second.ask(PAGE) and
               second.tiers() == ["memory ok", "memcached down", "redis down"])
    await_that("the reason", lambda: any("memcached 127.0.0.1" in reason for reason in second.system()["reasons"]))
    check(second.system()["status"] == "degraded", "without servers the program is degraded")
    servers.start()
    await_that("breakers closed again", lambda: second.ask(PAGE) and second.command("warm") and
               all(tier["breaker"]["state"] == "closed" for tier in second.stats()["tiers"][1:]))
    await_that("tiers that are shown as well", lambda: second.tiers() == ["memory ok", "memcached ok", "redis ok"])
    second.stop()
    away = second.command("stats")
    check(away.returncode == 1 and "virtuoso run" in away.stderr, f"without a program: {away}")


def main():
    binary = os.path.abspath(sys.argv[1])
    if not shutil.which("memcached") or not shutil.which("redis-server"):
        print("skipped: memcached or redis-server is missing; tools/bootstrap test installs them")
        return
    servers = Servers()
    with tempfile.TemporaryDirectory() as folder:
        try:
            servers.start()
            look_at(binary, folder, servers)
        finally:
            servers.end()
            for process in Program.running:
                process.kill()
                process.wait()
    print("the cache tiers of the running program: well")


if __name__ == "__main__":
    main()
