#!/usr/bin/env python3
"""Thousands of readers of /ws on this machine: memory of each, and how late a change reaches them.

    bench/websocket_clients.py build/release/virtuoso [readers (10000) [seconds (20) [topic (overview)]]]

Program and readers (`virtuoso loadtest --sockets`) are two processes on the same cores; with two cores each has one, and the figures
are those of both. The readers come from 127.0.0.2, 127.0.0.3 and so on, sixty from each, through the limit that holds for everybody.
Memory is what the program's resident memory grew by, kernel buffers not included. The times are from the moment at which the program
begins to hand a change to its readers to its last byte at one of them. Exit code 1 where a reader was refused or lost.
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from processes import cpu_seconds, first_match, resident_mb, started, stop, PROGRAM_PORTS


def open_files(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary, *rest = sys.argv[1:]
    readers, seconds, topic = int(rest[0]) if rest else 10_000, rest[1] if len(rest) > 1 else "20", rest[2] if len(rest) > 2 else "overview"
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < readers + 200:
        sys.exit(f"{hard} open files are allowed; {readers} readers need more (ulimit -n)")
    with tempfile.TemporaryDirectory() as folder:
        program = started([binary, "run", "--market", "demo", "--port", "0", "--monitoring-port", "0", "--database", "off"],
                          env={"HOME": folder, "PATH": "/usr/bin:/bin"})
        try:
            pages, monitoring = first_match(program, PROGRAM_PORTS, groups=(1, 2))
            time.sleep(5)  # the market begins
            before, files_before = resident_mb(program.pid), open_files(program.pid)
            most = [before, 0]

            def watch():
                while program.poll() is None:
                    try:
                        most[0], most[1] = max(most[0], resident_mb(program.pid)), max(most[1], open_files(program.pid))
                    except (OSError, TypeError):  # it has ended
                        return
                    time.sleep(0.2)

            threading.Thread(target=watch, daemon=True).start()
            used, began = cpu_seconds(program.pid), time.monotonic()
            load = subprocess.run([binary, "loadtest", "--url", f"http://127.0.0.1:{pages}", "--sockets", str(readers), "--seconds", seconds,
                                   "--topic", topic, "--json"], capture_output=True, text=True)
            found = json.loads(load.stdout)
            used, passed = cpu_seconds(program.pid) - used, time.monotonic() - began
            with urllib.request.urlopen(f"http://127.0.0.1:{monitoring}/api/monitoring/metrics", timeout=30) as answer:
                publish = json.load(answer)["stages"]["publish"]
            deadline = time.monotonic() + 60
            while open_files(program.pid) > files_before + 5 and time.monotonic() < deadline:
                time.sleep(0.5)
            after = resident_mb(program.pid)
        finally:
            stop(program)
    delivery, opening = found["delivery"], found["opening"]
    if not found["messages"]:
        sys.exit(f"no reader got anything: {found}")
    print(f"{found['opened']} of {readers} readers opened, {found['open_at_end']} open at the end; closed: {found['closings'] or 'none'}")
    print(f"opening: p50 {opening['p50_ms']:.0f} ms, p99 {opening['p99_ms']:.0f} ms")
    print(f"messages: {found['messages'] / found['seconds']:.0f} a second, {found['messages'] / found['seconds'] / readers:.2f} for each reader, "
          f"{found['bytes'] / max(found['messages'], 1):.0f} bytes each")
    print(f"delivery: p50 {delivery['p50_ms']:.0f} ms, p99 {delivery['p99_ms']:.0f} ms, longest {delivery['longest_ms']:.0f} ms")
    print(f"program: {used / passed:.2f} cores; publish p50 {publish['p50_us'] / 1e3:.0f} ms; readers' process: "
          f"{found['client_cpu_seconds'] / found['seconds']:.2f} cores")
    print(f"memory: {before:.0f} MB before, {most[0]:.0f} MB at most, {after:.0f} MB after: {(most[0] - before) * 1024 / readers:.1f} KB a reader; "
          f"{most[1]} descriptors at most, {files_before} before")
    sys.exit(load.returncode)


if __name__ == "__main__":
    main()
