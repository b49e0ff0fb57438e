#!/usr/bin/env python3
"""What the edge of a server does with hostile requests: the program, nginx and uvicorn, asked the same in one run.

    bench/edge_probe.py build/release/virtuoso [--slow 1000] [--patience 65]

nginx serves a file with Debian's limits, uvicorn an ASGI function that reads the body, as a route that takes one does; neither has a proxy
before it. Each request is written raw over a connection of its own. --slow connections, from as many loopback addresses as it takes at 50
each, open a request and write one byte of its header a second, for --patience seconds at most; meanwhile 20 others a second ask properly.
"""
import argparse
import asyncio
import contextlib
import itertools
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from http_against_nginx import NGINX_HEAD, free_port, wait_for, worker_of
from processes import PROGRAM_PORTS, first_match, started

NGINX = NGINX_HEAD + """
    server {{ listen 127.0.0.1:{port}; root {root}/pages; }}
}}
"""
UVICORN = """
async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"ok"})
"""
HEAD = b"Host: localhost\r\n"
# Each can be read in two ways, by this server and by one before it.
TWO_WAYS = {
    "length and chunks": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "two lengths in one": HEAD + b"Content-Length: 1, 2\r\n\r\nxx",
    "a signed length": HEAD + b"Content-Length: +1\r\n\r\nx",
    "chunks by another name": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks after identity": HEAD + b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": HEAD + b"Content-Length : 1\r\n\r\nx",
    "a folded field": HEAD + b"X-A: 1\r\n  2\r\n\r\n",
    "bare line feeds": b"Host: localhost\n\n",
    "NUL in a field": HEAD + b"X-A: a\0b\r\n\r\n",
    "a bare carriage return": HEAD + b"X-A: a\rb\r\n\r\n",
    "two hosts": HEAD + b"Host: other\r\n\r\n",
    "no host": b"\r\n",
    "a chunk size with a sign": HEAD + b"Transfer-Encoding: chunked\r\n\r\n+1\r\nx\r\n0\r\n\r\n",
}
STEPS = ("..", "%2e%2e", "%252e%252e", "..%00", "..%5c", "%2e%2e%5c", "..;", "..%c0%af", ".%2e", "....")
PATHS = [before + "/".join([step] * depth) + after for step, depth, before, after in itertools.product(
    STEPS, (1, 3, 8), ("/", "/assets/", "//"), ("/etc/passwd", "%2fetc%2fpasswd", "\\etc\\passwd", "/etc/passwd%00.html"))]
OTHERS = {
    "a header of 20 KB": b"GET / HTTP/1.1\r\n" + HEAD + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n",
    "an address of 9 KB": b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    "a thousand fields": b"GET / HTTP/1.1\r\n" + HEAD + b"X: 1\r\n" * 1000 + b"\r\n",
    "a foreign Host": b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "a socket of a foreign Origin": b"GET /ws HTTP/1.1\r\n" + HEAD + b"Origin: https://evil.example\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "TRACE": b"TRACE / HTTP/1.1\r\n" + HEAD + b"\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "HTTP/2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS to a plain port": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\0" * 60,
}


def said(port, request, seconds=3):
    """The status of the answer; "cut" where the connection ends without one, "waits" where nothing comes in time."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        try:
            connection.sendall(request)
            answer = connection.recv(65536)
        except TimeoutError:
            return "waits", b""
        except OSError:
            return "cut", b""
        found = re.match(rb"HTTP/1\.[01] (\d+)", answer)
        return (found[1].decode() if found else "cut" if not answer else "bytes without a status"), answer


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def large_body(port, pid):
    """Offers 200 MB: what is said, how many MB were taken, and by how many the server grew at most."""
    before = most = resident_mb(pid)
    taken, piece = 0, b"x" * (1 << 20)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        try:
            connection.sendall(b"POST /api/cache/flush HTTP/1.1\r\n" + HEAD + b"Content-Type: application/json\r\nContent-Length: 209715200\r\n\r\n")
            for taken in range(1, 201):
                connection.sendall(piece)
                most = max(most, resident_mb(pid))
        except OSError:
            pass
        status = "cut"
        with contextlib.suppress(OSError):
            if found := re.match(rb"HTTP/1\.[01] (\d+)", connection.recv(65536)):
                status = found[1].decode()
        most = max(most, resident_mb(pid))
    return f"{status}, {taken - 1} MB taken, +{most - before:.0f} MB"


async def slow_headers(port, pid, count, patience):
    """Opens `count` requests that drip; when the last was cut, and the 99th percentile of proper requests before and meanwhile."""
    def p99(times):
        return sorted(times)[len(times) * 99 // 100] * 1e3 if times else float("nan")

    async def proper(times):
        while True:
            began = time.monotonic()
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.9.9", 0))
                writer.write(b"GET /health HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n")
                await asyncio.wait_for(reader.read(), 10)
                writer.close()
            times.append(time.monotonic() - began)
            await asyncio.sleep(0.05)

    async def drip(number):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.8.{number // 50 + 1}", 0))
        began = time.monotonic()
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        cut = asyncio.ensure_future(reader.read())
        while time.monotonic() - began < patience:
            with contextlib.suppress(OSError):
                writer.write(b"a")
            done, _ = await asyncio.wait([cut], timeout=1)
            if done:
                break
        took = time.monotonic() - began if cut.done() else None
        cut.cancel()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await cut
        writer.close()
        return took

    before, meanwhile = [], []
    asking = asyncio.ensure_future(proper(before))
    await asyncio.sleep(5)
    asking.cancel()
    asking, memory = asyncio.ensure_future(proper(meanwhile)), resident_mb(pid)
    taken = await asyncio.gather(*(drip(number) for number in range(count)), return_exceptions=True)
    asking.cancel()
    ended = [one for one in taken if isinstance(one, float)]
    last = f"all cut within {max(ended):.0f} s" if len(ended) == count else f"{count - len(ended)} of {count} open after {patience} s"
    return f"{last}; p99 {p99(before):.1f} -> {p99(meanwhile):.1f} ms; +{max(0, resident_mb(pid) - memory):.0f} MB"


def probe(port, pid, options):
    rows = {}
    served = [name for name, rest in TWO_WAYS.items() if said(port, b"POST / HTTP/1.1\r\n" + rest)[0] not in ("400", "501", "cut")]
    rows["read in two ways, refused"] = f"{len(TWO_WAYS) - len(served)} of {len(TWO_WAYS)}" + (f" (not: {', '.join(served)})" if served else "")
    escapes = sum(b"root:" in said(port, f"GET {path} HTTP/1.1\r\n".encode() + HEAD + b"Connection: close\r\n\r\n")[1] for path in PATHS)
    rows[f"{len(PATHS)} paths out of the pages, escapes"] = str(escapes)
    for title, request in OTHERS.items():
        rows[title] = said(port, request)[0]
    foreign = said(port, b"GET /health HTTP/1.1\r\n" + HEAD + b"Origin: https://evil.example\r\n\r\n")[1].lower()
    rows["lets a foreign page read"] = "yes" if b"access-control-allow-origin" in foreign else "no"
    rows["a body of 200 MB"] = large_body(port, pid)
    rows[f"{options.slow} headers that drip"] = asyncio.run(slow_headers(port, pid, options.slow, options.patience))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--slow", type=int, default=1000)
    parser.add_argument("--patience", type=int, default=65)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        root = pathlib.Path(folder)
        root.chmod(0o755)
        (root / "pages").mkdir()
        (root / "pages/index.html").write_text("ok")
        (root / "pages/health").write_text("ok")

        def start(*command):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=root)
            running.callback(lambda: (process.send_signal(signal.SIGTERM), process.wait()))
            return process.pid

        ours = started([str(pathlib.Path(options.binary).resolve()), "run", "--market", "demo", "--database", "off", "--port", "0",
                        "--monitoring-port", "0"], cwd=root, env=dict(os.environ, HOME=folder))
        running.callback(lambda: (ours.send_signal(signal.SIGTERM), ours.wait()))
        ports = [int(first_match(ours, PROGRAM_PORTS)), free_port(), free_port()]
        (root / "nginx.conf").write_text(NGINX.format(root=root, port=ports[1]))
        (root / "served.py").write_text(UVICORN)
        nginx = start("/usr/sbin/nginx", "-c", str(root / "nginx.conf"))
        uvicorn = start("/usr/bin/python3", "-m", "uvicorn", "served:app", "--port", str(ports[2]), "--no-access-log")
        for port in ports:
            wait_for(f"http://127.0.0.1:{port}/")
        time.sleep(10)
        tables = [probe(port, pid, options) for port, pid in zip(ports, (ours.pid, worker_of(nginx), uvicorn))]
    print("| | Virtuoso | nginx | uvicorn |\n|---|---|---|---|")
    for title, own in tables[0].items():
        print(f"| {title} | {own} | {tables[1][title]} | {tables[2][title]} |")


if __name__ == "__main__":
    main()
