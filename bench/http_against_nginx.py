#!/usr/bin/env python3
"""CPU for each request: our HTTP server beside nginx and uvicorn, which serve the same bytes.

Server on core 0 with one worker, wrk on core 1 with 64 kept connections, rounds interleaved, so that neighbours on the
machine hurt all alike. CPU is user + system time of the server from /proc/PID/stat: the figure to trust. nginx runs in
its three forms: `return 200` from memory, a file with sendfile off (its best for files of this size, open_file_cache
on), and a file with sendfile on (what Debian configures). uvicorn runs an ASGI function that returns the bytes, without a
framework. Neither logs. Ours also sends an ETag and compares Accept-Encoding; nginx's file forms also send an ETag.

    bench/http_against_nginx.py build/bench/net_bench [--bytes 20000] [--rounds 5] [--seconds 2]
    bench/http_against_nginx.py build/release/virtuoso [--symbols 100] [--rounds 5] [--seconds 2]

With the program itself, `run --market demo` is started and its two dashboards and /health asked for in turn; the others
serve a copy of one of its answers. What is counted is its thread "api", with the ten publications a second that it writes
meanwhile; its engine analyses all symbols on the same core, so its requests wait longer than those of servers that do
nothing else. A ratio is the median over the rounds of a server's CPU by ours of the same round.
"""
import argparse
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 64
WARM_UP_SECONDS = 10  # the program catches up with the market first
SERVER_CORE, CLIENT_CORE = "0", "1"

# Of both comparisons; what a server answers follows.
NGINX_HEAD = """
worker_processes 1;
daemon off;
pid {root}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    open_file_cache max=100;
    client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;
    types {{ application/json json; }}
"""
UVICORN = """
import pathlib
BODY = pathlib.Path({file!r}).read_bytes()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({{"type": "http.response.start", "status": 200, "headers": HEADERS}})
    await send({{"type": "http.response.body", "body": BODY}})
"""
NGINX = NGINX_HEAD + """
    server {{
        listen 127.0.0.1:{port};
        root {root};
        location = /off.json {{ sendfile off; output_buffers 1 128k; }}
        location = /on.json {{ sendfile on; tcp_nopush on; }}
        location = /memory {{ default_type application/json; return 200 '{body}'; }}
    }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


def wait_for(url):
    for _ in range(100):
        with contextlib.suppress(OSError):
            return fetch(url)
        time.sleep(0.05)
    sys.exit(f"no answer from {url}")


def cpu_seconds(process):
    """in: process: below /proc, "123" or "123/task/124"."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def worker_of(master):
    children = pathlib.Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return int(children[0])


def thread_of(pid, name):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return f"{pid}/task/{task.name}"
    sys.exit(f"process {pid} has no thread {name}")


def start_ours(binary, size, symbols=34):
    """The server to measure: its process, the address of its first answer, and whose CPU counts."""
    pinned = ["taskset", "-c", SERVER_CORE, binary]
    if pathlib.Path(binary).name != "virtuoso":
        process = subprocess.Popen([*pinned, "serve", str(size)], stdout=subprocess.PIPE, text=True)
        return process, f"http://127.0.0.1:{int(process.stdout.readline())}/data", str(process.pid)
    process = subprocess.Popen([*pinned, "run", "--market", "demo", "--database", "off", "--port", "0", "--monitoring-port", "0",
                                "--demo-symbols", str(symbols)],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        if found := re.search(r"http://localhost:(\d+)/", line):
            time.sleep(WARM_UP_SECONDS)
            return process, f"http://127.0.0.1:{found[1]}/api/dashboard/data", thread_of(process.pid, "api")
    sys.exit(f"{binary} ended before it served")


def round_of(url, process, seconds):
    """CPU microseconds of a request, requests a second, and the 99th percentile of their milliseconds."""
    before = cpu_seconds(process)
    out = subprocess.run(["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", url],
                         capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(process) - before
    requests = int(re.search(r"(\d+) requests in", out)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    late, unit = re.search(r" 99%\s+([\d.]+)(us|ms|s)", out).groups()
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit(f"{url}: {out}")
    return used / requests * 1e6, rate, float(late) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def rivals(start, root, body):
    """nginx in its three forms and uvicorn with one body: for each where it is asked, and whose CPU counts."""
    for file in ("off.json", "on.json"):
        (root / file).write_bytes(body)
    port, uvicorn_port = free_port(), free_port()
    # nginx takes at most 4 KB in one parameter, so its `return` form concatenates variables of the map module.
    pieces = [body[i:i + 4000].decode() for i in range(0, len(body), 4000)]
    maps = "".join(f"map $host $part{i} {{ default '{piece}'; }}\n" for i, piece in enumerate(pieces))
    text = NGINX.format(root=root, port=port, body="".join(f"${{part{i}}}" for i in range(len(pieces))))
    (root / "nginx.conf").write_text(text.replace("http {", "http {\n" + maps, 1))
    nginx = start("/usr/sbin/nginx", "-c", str(root / "nginx.conf"))
    (root / "served.py").write_text(UVICORN.format(file=str(root / "on.json")))
    uvicorn = start("/usr/bin/python3", "-m", "uvicorn", "served:app", "--port", str(uvicorn_port), "--no-access-log", cwd=root)
    base = f"http://127.0.0.1:{port}"
    urls = [f"{base}/memory", f"{base}/off.json", f"{base}/on.json", f"http://127.0.0.1:{uvicorn_port}/"]
    for url in urls:
        if wait_for(url) != body:
            sys.exit(f"{url} does not serve the same bytes")
    worker = str(worker_of(nginx.pid))
    titles = ("nginx, return 200 from memory", "nginx, file, sendfile off", "nginx, file, sendfile on", "uvicorn")
    return list(zip(titles, urls, [worker, worker, worker, str(uvicorn.pid)]))


def compare(servers, rounds, seconds):
    """Asks each in turn, round after round, and prints a line for each; the first is what the others are compared with."""
    results = {title: [] for title, _, _ in servers}
    for _ in range(rounds):
        for title, url, pid in servers:
            results[title].append(round_of(url, pid, seconds))
    print(f"{'server':30} {'CPU us/request':>15} {'(least)':>8} {'ratio':>6} {'p99 ms':>7} {'best requests/s':>16}")
    own = [row[0] for row in next(iter(results.values()))]
    for title, rows in results.items():
        cpu = [row[0] for row in rows]
        ratio = statistics.median(its / ours for its, ours in zip(cpu, own))
        late = statistics.median(row[2] for row in rows)
        print(f"{title:30} {statistics.median(cpu):15.2f} {min(cpu):8.2f} {ratio:6.2f} {late:7.2f} {max(row[1] for row in rows):16,.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", help="net_bench or virtuoso")
    parser.add_argument("--bytes", type=int, default=20_000)
    parser.add_argument("--symbols", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    options = parser.parse_args()
    for program in ("nginx", "wrk", "taskset"):
        if not (shutil.which(program) or pathlib.Path(f"/usr/sbin/{program}").exists()):
            sys.exit(f"{program} is not installed (apt-get install nginx wrk util-linux)")
    memory = "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None
    name = pathlib.Path(options.binary).name
    with contextlib.ExitStack() as running:
        ours, first_url, our_cpu = start_ours(options.binary, options.bytes, options.symbols)
        running.callback(lambda: (ours.send_signal(signal.SIGTERM), ours.wait()))
        base = first_url.rsplit("/", 1)[0] if name != "virtuoso" else first_url.removesuffix("/api/dashboard/data")
        for path in ("/api/dashboard/data", "/api/dashboard/mobile", "/health") if name == "virtuoso" else ("/data",):
            with tempfile.TemporaryDirectory(dir=memory) as folder, contextlib.ExitStack() as others:
                root = pathlib.Path(folder)
                root.chmod(0o755)

                def start(*command, **more):
                    process = subprocess.Popen(["taskset", "-c", SERVER_CORE, *command], stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, **more)
                    others.callback(lambda: (process.send_signal(signal.SIGTERM), process.wait()))
                    return process

                body = wait_for(base + path)
                print(f"{path}: {len(body)} bytes, {CONNECTIONS} connections, {options.rounds} rounds of {options.seconds} s", flush=True)
                compare([(f"ours, {name}", base + path, our_cpu), *rivals(start, root, body)], options.rounds, options.seconds)


if __name__ == "__main__":
    main()
