#!/usr/bin/env python3
"""How long a page's requests take while memcached, Redis or both are away, beside normal.

    bench/cache_servers_away.py build/release/virtuoso [--rate 200] [--seconds 10] [--rounds 3]

Starts both servers and `run --market demo` with them, and asks it in an open loop for pages of stored scores, each another one, so that none
comes from the memory of the process: every request is a look-up in both servers, a read of the database and a write to both. In each round
the same is asked with both there, with memcached killed after a fifth of the time, with Redis killed, and with both; times are from when a
request was due. Before each part whatever was killed is started again and used again.
"""
import argparse
import http.client
import itertools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from http_against_nginx import free_port
from processes import PROGRAM_PORTS, first_match, started, stop

ASKERS = 16
PARTS = {"both there": (), "memcached killed": (0,), "Redis killed": (1,), "both killed": (0, 1)}


class Servers:
    """memcached and Redis; `running` holds what is."""

    def __init__(self):
        self.ports = [free_port(), free_port()]
        self.commands = [["memcached", "-l", "127.0.0.1", "-p", str(self.ports[0]), "-u", "root"],
                         ["redis-server", "--port", str(self.ports[1]), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]]
        self.running = {}

    def start(self):
        for number, command in enumerate(self.commands):
            if number not in self.running:
                self.running[number] = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self, numbers):
        for number in numbers:
            process = self.running.pop(number)
            process.kill()
            process.wait()


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def is_used(port):
    _, told = get(port, "/api/cache/stats")
    return all(tier["breaker"]["state"] == "closed" for tier in told["tiers"][1:])


def ask(port, pages, rate, seconds, halfway):
    """Milliseconds of each request from when it was due; `halfway` is called after a fifth of the time."""
    begin, times, number, lock = time.monotonic() + 0.2, [], itertools.count(), threading.Lock()

    def one():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while (n := next(number)) < rate * seconds:
            due = begin + n / rate
            time.sleep(max(0, due - time.monotonic()))
            connection.request("GET", f"/api/symbols/BTCUSDT/scores?from=5&to={next(pages)}")
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                sys.exit(f"answered with {answer.status}")
            with lock:
                times.append((time.monotonic() - due) * 1e3)

    askers = [threading.Thread(target=one) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    time.sleep(seconds / 5)
    halfway()
    for asker in askers:
        asker.join()
    return sorted(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    servers, pages = Servers(), itertools.count(6000)
    with tempfile.TemporaryDirectory() as folder:
        servers.start()
        environment = dict(os.environ, HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder, CACHE_TYPE="memcached",
                           MEMCACHED_PORT=str(servers.ports[0]), REDIS_PORT=str(servers.ports[1]))
        process = started([str(pathlib.Path(options.binary).resolve()), "run", "--market", "demo", "--port", "0", "--monitoring-port", "0"],
                          env=environment, cwd=folder)
        try:
            port = int(first_match(process, PROGRAM_PORTS))
            time.sleep(10)
            found = {title: [] for title in PARTS}
            load = []
            for _ in range(options.rounds):
                for title, killed in PARTS.items():
                    servers.start()
                    deadline = time.monotonic() + 60
                    while not is_used(port):
                        get(port, f"/api/symbols/BTCUSDT/scores?from=5&to={next(pages)}")
                        if time.monotonic() > deadline:
                            sys.exit("a server that was started is not used again")
                        time.sleep(0.02)
                    load.append(os.getloadavg()[0])
                    found[title].append(ask(port, pages, options.rate, options.seconds, lambda killed=killed: servers.kill(killed)))
        finally:
            stop(process)
            servers.kill(list(servers.running))
    print(f"{options.rate} requests a second, {options.rounds} rounds of {options.seconds} s a part; load {min(load):.1f} to {max(load):.1f}")
    print(f"{'':18} {'p50 ms':>7} {'p99 ms':>7} {'most ms':>8} {'p99 to normal':>14}")
    normal = [times[len(times) * 99 // 100] for times in found["both there"]]
    for title, rounds in found.items():
        late = [times[len(times) * 99 // 100] for times in rounds]
        ratio = statistics.median(mine / its for mine, its in zip(late, normal))
        print(f"{title:18} {statistics.median(times[len(times) // 2] for times in rounds):7.2f} {statistics.median(late):7.2f} "
              f"{max(times[-1] for times in rounds):8.1f} {ratio:14.2f}")


if __name__ == "__main__":
    main()
