#!/usr/bin/env python3
"""SIGHUP makes the running program read its API keys again.

    tests/program/reload_keys.py build/release/virtuoso

Starts the demo exchange and the program against it, each as a user would, replaces the key's files, sends the signal, and
reads in the program's log whose key the next signed question was asked with.
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = 60


class Process:
    """A program and the lines that it has said so far."""

    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        self.lines = []
        self.seen = 0
        self.grown = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            with self.grown:
                self.lines.append(line)
                self.grown.notify_all()

    def await_line(self, pattern):
        """The first line behind those seen before that matches."""
        deadline = time.monotonic() + SECONDS
        with self.grown:
            while True:
                while self.seen < len(self.lines):
                    line = self.lines[self.seen]
                    self.seen += 1
                    if found := re.search(pattern, line):
                        return found
                if time.monotonic() > deadline or self.process.poll() is not None:
                    sys.exit(f"never said: {pattern}\n" + "".join(self.lines[-40:]))
                self.grown.wait(timeout=0.5)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)


def write_key(folder, key, secret=None):
    for name, value in (("key", key), ("secret", secret or key + "Secret")):
        path = os.path.join(folder, name)
        with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(value + "\n")
        os.replace(path + ".new", path)


def check(binary, folder):
    authority, config = os.path.join(folder, "ca.pem"), os.path.join(folder, "virtuoso.toml")
    exchange = Process([binary, "demo-exchange", "--port", "0", "--symbols", "3", "--ca-out", authority])
    programs = [exchange]
    try:
        venue = exchange.await_line(r"https://(127\.0\.0\.1:\d+)")[1]
        exchange.await_line(r"trust the authority")
        with open(config, "w") as file:
            file.write(f'[bybit]\nrest_url = "https://{venue}"\nstream_url = "wss://{venue}"\nca_file = "{authority}"\n'
                       '[market]\ntop_symbols = 3\nbackfill_bars = 30\n')
        write_key(folder, "demoTradeKey")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("BYBIT_", "BINANCE_"))}
        environment["BYBIT_API_KEY_FILE"] = os.path.join(folder, "key")
        environment["BYBIT_API_SECRET_FILE"] = os.path.join(folder, "secret")
        program = Process([binary, "run", "--config", config, "--database", "off", "--port", "0", "--monitoring-port", "0"], environment)
        programs.append(program)
        program.await_line(r"bybit: demo\.\.\.eKey may trade, 30 days old")

        def hang_up():
            program.process.send_signal(signal.SIGHUP)

        write_key(folder, "demoWithdrawKey")  # a key that is refused: by name, and the old one is asked with again
        hang_up()
        program.await_line(r"bybit: demo\.\.\.wKey .*may WITHDRAW: refused.*without the right to withdraw")
        program.await_line(r"bybit: demo\.\.\.eKey stays in use")
        program.await_line(r"bybit: demo\.\.\.eKey may trade")

        write_key(folder, "demoTradeKey", "notTheSecret")
        hang_up()
        program.await_line(r"bybit: demo\.\.\.eKey: .*10004")
        program.await_line(r"bybit: demo\.\.\.eKey may trade")

        write_key(folder, "demoReadKey")  # a good one: the next signed question is its
        hang_up()
        program.await_line(r"bybit: \.\.\. may only read, 30 days old")

        os.remove(os.path.join(folder, "secret"))
        hang_up()
        program.await_line(r"BYBIT_API_SECRET_FILE: .* cannot be opened; check the path")
        program.await_line(r"bybit: \.\.\. stays in use")
        program.await_line(r"bybit: \.\.\. may only read")
        said = "".join(program.lines)
        for secret in ("demoTradeKeySecret", "demoReadKeySecret", "demoWithdrawKeySecret", "notTheSecret"):
            if secret in said:
                sys.exit(f"the log shows a secret: {secret}")
    finally:
        for one in reversed(programs):
            one.stop()
    if program.process.returncode != 0:
        sys.exit(f"the program ended with {program.process.returncode}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        check(sys.argv[1], folder)
    print("keys were read again at each SIGHUP; what was refused was not taken into use")


if __name__ == "__main__":
    main()
