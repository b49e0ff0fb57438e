#!/usr/bin/env python3
"""Ctrl-C ends the program at once although a venue takes the question about the key and does not answer.

    tests/program/stop_while_asked.py build/release/virtuoso

The "venue" is a port that accepts connections and says nothing; a handshake would be given up after five seconds.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = 3  # less than the shortest limit of a question


ROUNDS = 4  # a stop in the midst of everything: what is torn down must not be touched any more


def start_and_stop(binary, config):
    """The exit code, the seconds from Ctrl-C to the end, and what the program said."""
    environment = os.environ | {"BYBIT_API_KEY": "AbCdEf0123456789", "BYBIT_API_SECRET": "secret0123456789"}
    program = subprocess.Popen([binary, "run", "--config", str(config), "--database", "off",
                                "--port", "0", "--monitoring-port", "0"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    giving_up = threading.Timer(60, program.kill)
    giving_up.start()
    try:
        said = []
        for line in program.stdout:  # the questions are asked behind this line
            said.append(line)
            if "Stop with Ctrl-C" in line:
                break
        began = time.monotonic()
        program.send_signal(signal.SIGINT)
        said += program.stdout.readlines()
        return program.wait(timeout=30), time.monotonic() - began, "".join(said[-20:])
    finally:
        giving_up.cancel()
        program.kill()
        program.wait()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as silent:
        held = []

        def accept():
            while True:
                try:
                    held.append(silent.accept())
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        venue = f"127.0.0.1:{silent.getsockname()[1]}"
        config = pathlib.Path(name) / "virtuoso.toml"
        config.write_text(f'[bybit]\nrest_url = "https://{venue}"\nstream_url = "wss://{venue}"\n')
        for _ in range(ROUNDS):
            code, took, said = start_and_stop(sys.argv[1], config)
            if code != 0 or took > SECONDS:
                sys.exit(f"ended with {code} after {took:.1f} s:\n{said}")
            print(f"stopped {took * 1e3:.0f} ms after Ctrl-C")


if __name__ == "__main__":
    main()
