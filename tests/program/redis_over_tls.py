#!/usr/bin/env python3
"""Redis across a network that others use: a TLS tunnel on this machine, as docs/cache.md writes it.

    tests/program/redis_over_tls.py build/release/virtuoso

A Redis that takes TLS only and asks for a password, HAProxy with the page's own block before it, and the program with the near end
as its Redis. Then the same with a tunnel that trusts another authority: no byte comes through, and answers come all the same.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from cache import PAGE, Program, await_that, check, is_listening
from free_port import free_port

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "cache.md"
PASSWORD = "hush"


def certificate(folder, name):
    """A certificate of its own authority; its file and its key's."""
    made, key = pathlib.Path(folder, f"{name}.pem"), pathlib.Path(folder, f"{name}.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=cache.example",
                    "-addext", "subjectAltName=DNS:cache.example", "-keyout", str(key), "-out", str(made)], check=True, capture_output=True)
    return made, key


def started(running, port, *command):
    running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    await_that(f"{command[0]} listens", lambda: is_listening(port))


def tunnel(running, folder, redis_port, authority):
    """The documented one, at a free port before this machine's Redis."""
    port = free_port()
    text = re.search(r"```haproxy\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[1]
    for written, meant in (("127.0.0.1:6380", f"127.0.0.1:{port}"), ("cache.example:6379", f"127.0.0.1:{redis_port}"),
                           ("/etc/ssl/cache.example/ca.pem", str(authority))):
        check(written in text, f"the documented block names {written}")
        text = text.replace(written, meant)
    file = pathlib.Path(folder, f"haproxy-{port}.cfg")
    file.write_text(text)
    started(running, port, "haproxy", "-f", str(file), "-db")
    return port


def main(binary):
    for needed in ("redis-server", "haproxy", "openssl"):
        if not (shutil.which(needed) or pathlib.Path(f"/usr/sbin/{needed}").exists()):
            print(f"redis over TLS: NOT CHECKED, {needed} is not installed")
            return 0
    with tempfile.TemporaryDirectory() as folder:
        running = []
        try:
            good, key = certificate(folder, "good")
            other, _ = certificate(folder, "other")
            redis_port = free_port()
            started(running, redis_port, "redis-server", "--port", "0", "--tls-port", str(redis_port), "--bind", "127.0.0.1", "--tls-cert-file", str(good),
                    "--tls-key-file", str(key), "--tls-ca-cert-file", str(good), "--tls-auth-clients", "no", "--requirepass", PASSWORD,
                    "--save", "", "--appendonly", "no")
            environment = {"CACHE_TYPE": "redis", "REDIS_PASSWORD": PASSWORD}
            first = Program(binary, folder, {**environment, "REDIS_PORT": str(tunnel(running, folder, redis_port, good))})
            truth = first.ask(PAGE)[2]
            await_that("Redis has it", lambda: first.stats()["tiers"][-1]["calls"]["writes"] > 0)
            check(first.tiers() == ["memory ok", "redis ok"], f"both tiers are in use: {first.tiers()}")
            first.stop()

            astray = Program(binary, folder, {**environment, "REDIS_PORT": str(tunnel(running, folder, redis_port, other))})
            for page in range(6001, 6021):  # each another, so that each is looked for in Redis
                check(astray.ask(f"{PAGE[:-4]}{page}")[0] == 200, "an answer without the tier")
            tier = astray.stats()["tiers"][-1]
            check(tier["hits"] == 0 and tier["calls"]["writes"] == 0, f"nothing came through: {tier}")
            check(tier["breaker"]["state"] != "closed", f"what fails each time is left alone: {tier}")
            await_that("the page's word for it", lambda: astray.tiers() == ["memory ok", "redis down"])
            check(astray.ask(PAGE)[2] == truth, "the answer is the same without it")
            astray.stop()
        finally:
            for process in [*Program.running, *running]:
                process.kill()
                process.wait()
    print("redis over TLS: kept through the documented tunnel; another authority's is not spoken to")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
