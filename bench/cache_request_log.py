#!/usr/bin/env python3
"""The keys that a running program's cache is asked for, as a trace for bench/cache_against_caffeine.py.

    bench/cache_request_log.py build/release/virtuoso requests.u32 [--seconds 600] [--rate 150]

Starts the demo market and asks every cached route as many readers would: symbols by Zipf's law (exponent 0.99) in an order that
changes every two minutes, routes as a page that shows one symbol asks them, a page of history now and then. Reads from the
program's own log (DEBUG=1) which key each was; keys of a minute are new every minute, and the old ones are not asked for again. In the trace a
number with the highest bit set says that the key had run out by then: the program computed it anew, or nobody had asked for longer
than any time to live.
"""
import argparse
import bisect
import collections
import datetime
import http.client
import itertools
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROUTES = ([("zones", 6), ("profile", 6), ("footprint", 6), ("events", 6), ("scores", 8), ("features", 2)]
          + [(f"indicators?tf={frame}", 3) for frame in ("1m", "5m", "30m", "4h")]
          + [("features?limit=60", 1), ("scores?limit=1000", 1)])

LONGEST_TTL = 45  # seconds, of the first tier
RUN_OUT = 0x80000000


class Program:
    def __init__(self, binary, folder):
        environment = dict(os.environ, HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder, DEBUG="1", NO_COLOR="1")
        self.process = subprocess.Popen([binary, "run", "--market", "demo", "--port", "0", "--monitoring-port", "0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.port = int(re.search(r"http://localhost:(\d+)/", self.process.stdout.readline()).group(1))
        self.keys = []
        self.sources = collections.Counter()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            if found := re.search(r"^(\S+) debug cache: (l1|l2|l3|origin) ([0-9a-f]{16})$", line):
                self.sources[found.group(2)] += 1
                at = datetime.datetime.fromisoformat(found.group(1).replace("Z", "+00:00"))
                self.keys.append((at.timestamp(), found.group(2) == "origin", found.group(3)))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.reader.join()


def symbols_of(port):
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/api/symbols")
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 200 and (listed := json.loads(body)["symbols"]):
            return [row["id"] for row in listed]
        time.sleep(0.1)
    sys.exit("the program lists no symbols")


def ask(program, seconds, rate):
    draw = random.Random(1)
    symbols = symbols_of(program.port)
    cumulative = list(itertools.accumulate((i + 1) ** -0.99 for i in range(len(symbols))))
    routes, weights = zip(*ROUTES)
    connection = http.client.HTTPConnection("127.0.0.1", program.port)
    began = time.monotonic()
    fashion = 0
    for number in itertools.count():
        due = number / rate
        if (now := time.monotonic() - began) > seconds:
            return
        if now < due:
            time.sleep(due - now)
        if due // 120 > fashion:  # what readers look at changes
            fashion += 1
            draw.shuffle(symbols)
        symbol = symbols[bisect.bisect_left(cumulative, draw.random() * cumulative[-1])]
        path = f"/api/symbols/{symbol}/{draw.choices(routes, weights)[0]}"
        if draw.random() < 0.02:
            path = "/api/bitcoin-beta"
        elif draw.random() < 0.05:  # somebody turns the pages of history
            path = f"/api/symbols/{symbol}/scores?limit=50&to={draw.randrange(10**12, 10**12 + 5000)}"
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status}")


def trace_of(keys):
    """The requests as numbers of keys, and between them which have run out."""
    numbers, last, out = {}, {}, []
    for at, is_computed, key in keys:
        for old in [old for old, asked in last.items() if asked < at - LONGEST_TTL]:
            out.append(RUN_OUT | numbers[old])
            del last[old]
        number = numbers.setdefault(key, len(numbers))
        if is_computed and key in last:
            out.append(RUN_OUT | number)
        last[key] = at
        out.append(number)
    return out, len(numbers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("out")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rate", type=float, default=150)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(arguments.binary, folder)
        try:
            ask(program, arguments.seconds, arguments.rate)
        finally:
            program.stop()
    trace, key_count = trace_of(program.keys)
    with open(arguments.out, "wb") as out:
        out.write(struct.pack(f"<{len(trace)}I", *trace))
    total = len(program.keys)
    print(f"{total} requests of {key_count} keys; " + ", ".join(
        f"{source} {100 * count / total:.2f} %" for source, count in program.sources.most_common()))


if __name__ == "__main__":
    main()
