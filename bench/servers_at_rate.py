#!/usr/bin/env python3
"""CPU of one route at a fixed rate: the program beside nginx and uvicorn, which serve the same bytes.

    bench/servers_at_rate.py build/release/virtuoso [--rate 500] [--rounds 3] [--seconds 10]

`run --market demo` is started, and one of its answers of /api/dashboard/data copied to nginx (a file, sendfile off, its better form for files
of this size) and to uvicorn (an ASGI function that returns the bytes, without a framework; Debian's uvicorn, one worker, no access log). Then
this script asks each in turn for the same number of answers a second over 32 kept connections, rounds interleaved, so that neighbours on the
machine hurt all alike. CPU is user + system time of the server from /proc; of the program it is its thread "api", with the ten
publications a second that it writes meanwhile, which are told apart by a round without requests. The figures are CPU seconds for a million
requests, and each server's ratio to the program's in the same round; beside them stands how busy the machine was.

With --unchanged the program alone is asked, for a cached answer (the betas, the same until one is estimated anew): by a client that keeps
nothing, and by one that sends the ETag of what it has and is answered 304; ratios are to the first.
"""
import argparse
import asyncio
import contextlib
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

from http_against_nginx import NGINX_HEAD, UVICORN, cpu_seconds, free_port, start_ours, wait_for, worker_of

NGINX = NGINX_HEAD + """
    sendfile off;
    output_buffers 1 128k;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""
CONNECTIONS = 32


async def ask(reader, writer, path, tag=None):
    """One answer over a kept connection, to who has what the tag names: its ETag, if any, and its bytes."""
    known = f"If-None-Match: {tag}\r\n" if tag else ""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{known}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 304 " if tag else b"HTTP/1.1 200 ")):
        sys.exit(f"{path}: {head.decode(errors='replace')}")
    size = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1]) if head.startswith(b"HTTP/1.1 200 ") else 0
    await reader.readexactly(size)
    named = re.search(rb"(?i)\r\netag: (\S+)", head)
    return named[1].decode() if named else None, len(head) + size


async def answers(url, rate, seconds, keeps=False):
    """Asks in an open loop over CONNECTIONS kept connections; how many answers came, and their bytes."""
    address = urllib.parse.urlsplit(url)
    count, received, begin = 0, 0, time.monotonic() + 0.2

    async def one(number):
        nonlocal count, received
        tag = None
        reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=1 << 20)
        for n in range(number, rate * seconds, CONNECTIONS):
            await asyncio.sleep(max(0, begin + n / rate - time.monotonic()))
            named, size = await ask(reader, writer, address.path, tag)
            tag = named if keeps else None
            count, received = count + 1, received + size
        writer.close()

    await asyncio.gather(*(one(number) for number in range(CONNECTIONS)))
    return count, received


def others(start, root, our_url):
    """nginx and uvicorn with a copy of one of our answers: for each where it is asked, and whose CPU counts."""
    body = wait_for(our_url)
    (root / "data.json").write_bytes(body)
    nginx_port, uvicorn_port = free_port(), free_port()
    (root / "nginx.conf").write_text(NGINX.format(root=root, port=nginx_port))
    nginx = start("/usr/sbin/nginx", "-c", str(root / "nginx.conf"))
    (root / "served.py").write_text(UVICORN.format(file=str(root / "data.json")))
    uvicorn = start("/usr/bin/python3", "-m", "uvicorn", "served:app", "--port", str(uvicorn_port), "--no-access-log", cwd=root)
    nginx_url, uvicorn_url = f"http://127.0.0.1:{nginx_port}/data.json", f"http://127.0.0.1:{uvicorn_port}/data.json"
    for url in (nginx_url, uvicorn_url):
        if wait_for(url) != body:
            sys.exit(f"{url} does not serve the same bytes")
    return {"nginx": (nginx_url, str(worker_of(nginx.pid)), False), "uvicorn": (uvicorn_url, str(uvicorn.pid), False)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--unchanged", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as running:
        root = pathlib.Path(name)
        root.chmod(0o755)

        def start(*command, **more):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
            running.callback(lambda: (process.send_signal(signal.SIGTERM), process.wait()))
            return process

        ours, our_url, our_cpu = start_ours(options.binary, 0)
        running.callback(lambda: (ours.send_signal(signal.SIGTERM), ours.wait()))
        if options.unchanged:
            betas = our_url.replace("/api/dashboard/data", "/api/bitcoin-beta")
            servers = {"keeps nothing": (betas, our_cpu, False), "sends its ETag": (betas, our_cpu, True)}
        else:
            servers = {"the program": (our_url, our_cpu, False), **others(start, root, our_url)}
        found = {title: [] for title in servers}
        sizes, idle, load = dict.fromkeys(servers, 0.0), [], []
        for _ in range(options.rounds):
            load.append(os.getloadavg()[0])
            before = cpu_seconds(our_cpu)
            time.sleep(options.seconds)
            idle.append((cpu_seconds(our_cpu) - before) / options.seconds)
            for title, (url, pid, keeps) in servers.items():
                before, began = cpu_seconds(pid), time.monotonic()
                count, received = asyncio.run(answers(url, options.rate, options.seconds, keeps))
                used, passed = cpu_seconds(pid) - before, time.monotonic() - began
                if passed > options.seconds * 1.2:
                    sys.exit(f"{title} took {passed:.1f} s for {options.seconds} s: the rate is too high for this machine")
                own = idle[-1] * passed if pid == our_cpu else 0
                found[title].append((used - own) / count * 1e6)
                sizes[title] = received / count
        print(f"{options.rate} requests a second for {options.seconds} s, {options.rounds} rounds; "
              f"load average of the machine {min(load):.1f} to {max(load):.1f} on {os.cpu_count()} cores")
        print(f"the program without requests: {statistics.median(idle) * 1e3:.1f} ms CPU a second of its thread \"api\"")
        print(f"{'':14} {'CPU s for a million':>20} {'ratio':>7} {'bytes an answer':>16}")
        first = next(iter(found.values()))
        for title, figures in found.items():
            ratio = statistics.median(mine / own for mine, own in zip(figures, first))
            print(f"{title:14} {statistics.median(figures):20.1f} {ratio:7.2f} {sizes[title]:16.0f}")


if __name__ == "__main__":
    main()
