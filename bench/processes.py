"""The processes that a benchmark starts, what they say, and what they use; for the other files of this folder."""
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import threading
import urllib.request

# As `demo-exchange` and `run` print them: a test holds them to what is printed (tests/program/bench_addresses.py).
VENUE_PORT = r"https://127\.0\.0\.1:(\d+)\b"
PROGRAM_PORTS = r"http://localhost:(\d+)/ .*http://localhost:(\d+)/metrics\b"

TICKS = os.sysconf("SC_CLK_TCK")


def started(command, **options):
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options)


def stop(*processes):
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def first_match(process, pattern, seconds=60, groups=(1,)):
    """The groups of `pattern` in the first line that holds it. The process is killed, and the benchmark ends, when none comes in time."""
    said, is_late = [], threading.Event()

    def give_up():
        is_late.set()
        process.kill()

    limit = threading.Timer(seconds, give_up)
    limit.start()
    try:
        for line in process.stdout:
            said.append(line)
            if found := re.search(pattern, line):
                return found.group(*groups)
    finally:
        limit.cancel()
    why = f"did not say {pattern} within {seconds} s" if is_late.is_set() else f"ended before it said {pattern}"
    sys.exit(f"{' '.join(map(str, process.args))}: {why}; it said:\n{''.join(said[-20:])}")


@contextlib.contextmanager
def demo_exchange(binary, symbols, folder, speed=1, pinned=()):
    """The exchange as a process of its own; its port. Its authority is written into `folder`."""
    process = started([*pinned, binary, "demo-exchange", "--port", "0", "--symbols", str(symbols), "--speed", str(speed),
                       "--ca-out", str(authority(folder))])
    try:
        yield first_match(process, VENUE_PORT)
    finally:
        stop(process)


def authority(folder):
    return pathlib.Path(folder) / "ca.pem"


def configuration(folder, venue_port, symbols, more=""):
    """The file of a configuration that follows `symbols` of that exchange; `more` goes on in [market]."""
    config = pathlib.Path(folder) / "virtuoso.toml"
    config.write_text(f'[bybit]\nrest_url = "https://127.0.0.1:{venue_port}"\nstream_url = "wss://127.0.0.1:{venue_port}"\n'
                      f'ca_file = "{authority(folder)}"\n[market]\ntop_symbols = {symbols}\n{more}\n')
    return str(config)


@contextlib.contextmanager
def program(binary, config, pinned=()):
    """The program under test beside it: the process, the port of its pages, the port of its monitoring."""
    process = started([*pinned, binary, "run", "--config", config, "--database", "off", "--port", "0", "--monitoring-port", "0"])
    try:
        pages, monitoring = first_match(process, PROGRAM_PORTS, groups=(1, 2))
        yield process, int(pages), int(monitoring)
    finally:
        stop(process)


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def stat_seconds(path):
    fields = pathlib.Path(path).read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_seconds(pid):
    return stat_seconds(f"/proc/{pid}/stat")


def thread_seconds(pid, names):
    """CPU of the threads with one of these names."""
    return sum(stat_seconds(task / "stat") for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
               if (task / "comm").read_text().strip() in names)


def applied_counts(monitoring_port):
    """The histogram of the age of frames when they were applied: upper bound in seconds to the frames at or below it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{monitoring_port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found = re.findall(r'^virtuoso_frame_applied_seconds_bucket\{.*?le="([^"]+)"\} (\d+)', text, re.MULTILINE)
    return {float(bound): int(count) for bound, count in found}


def quantile_ms(before, after, share):
    """The bound below which `share` of the frames between two readings lie."""
    counts = {bound: count - before.get(bound, 0) for bound, count in after.items()}
    wanted = share * max(counts.values())
    return min(bound for bound, count in counts.items() if count >= wanted) * 1e3
