#!/usr/bin/env python3
"""`virtuoso doctor` before real servers: well, away, with another password, too small, of another kind, damaged.

    tests/program/doctor_servers.py build/release/virtuoso

memcached, Redis, PostgreSQL, InfluxDB 1.x and VictoriaMetrics of Debian's packages, each on a free loopback port and ended by its
process id; what is not installed is left out, and said. No venue is asked: their addresses lead nowhere.
"""
import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

from free_port import free_port

SECONDS = 60
POSTGRES = "/usr/lib/postgresql/15/bin/"
NOWHERE = '[bybit]\nrest_url = "https://127.0.0.1:1"\nstream_url = "wss://127.0.0.1:1"\n'
SECRETS = ["hush-redis", "hush-database", "canary-wrong"]
checked = 0


def check(holds, what):
    global checked
    checked += 1
    if not holds:
        sys.exit(f"FAILED: {what}")


class Servers:
    def __init__(self):
        self.processes = []

    def start(self, command, port, user=None):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user, cwd="/")
        self.processes.append(process)
        deadline = time.monotonic() + SECONDS
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return process
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{command[0]} does not start")
            time.sleep(0.05)

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()


class Doctor:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.config = os.path.join(folder, "virtuoso.toml")
        with open(self.config, "w") as file:
            file.write(NOWHERE)
        self.plain = {name: value for name, value in os.environ.items()
                      if not name.startswith(("CACHE_", "MEMCACHED_", "REDIS_", "INFLUXDB_", "DATABASE_"))}

    def look(self, **environment):
        """Each check by "subject name": its finding, its text and its remedy."""
        began = time.monotonic()
        ran = subprocess.run([self.binary, "doctor", "--json", "--config", self.config, "--port", "0", "--monitoring-port", "0"],
                             env=dict(self.plain, HOME=self.folder, XDG_DATA_HOME=self.folder, **environment),
                             capture_output=True, text=True, timeout=SECONDS)
        check(ran.returncode in (0, 1) and ran.stdout, f"doctor ended with {ran.returncode}: {ran.stderr}")
        check(not any(secret in ran.stdout + ran.stderr for secret in SECRETS), "no secret is shown")
        self.seconds = time.monotonic() - began
        found = {f"{one['subject']} {one['name']}": (one["finding"], one["text"], one["remedy"])
                 for one in json.loads(ran.stdout)["checks"]}
        for name, (finding, text, remedy) in found.items():
            check(text and (finding in ("ok", "note") or remedy), f"{name}: {finding} without a word, or without a remedy")
        return found


def expect(found, name, finding, text="", remedy=""):
    check(name in found, f"nothing is said of {name}: {sorted(found)}")
    check(found[name][0] == finding and text in found[name][1] and remedy in found[name][2],
          f"{name} should be {finding}, '{text}', '{remedy}', and is {found[name]}")


def memcached(doctor, servers):
    def start(*more):
        port = free_port()
        servers.start(["memcached", "-l", "127.0.0.1", "-p", str(port), "-U", "0", *more]
                      + (["-u", "root"] if os.geteuid() == 0 else []), port)
        return {"MEMCACHED_HOST": "127.0.0.1", "MEMCACHED_PORT": str(port)}

    found = doctor.look(**start())
    for name in ("server", "memory", "connections"):
        expect(found, f"memcached {name}", "ok")
    check("redis server" not in found and "series server" not in found, "what is not configured is not looked at")
    found = doctor.look(**start("-m", "8", "-c", "20", "-t", "1"))
    expect(found, "memcached memory", "warning", "at most 8 MB", "-m 256")
    expect(found, "memcached connections", "warning", "of 20", "-c 2048")
    found = doctor.look(MEMCACHED_HOST="127.0.0.1", MEMCACHED_PORT=str(free_port()))
    expect(found, "memcached server", "failed", "refused", "start memcached there")


def redis(doctor, servers):
    def start(*more):
        port = free_port()
        servers.start(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *more], port)
        return {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(port)}

    found = doctor.look(**start())
    expect(found, "redis server", "ok", "version")
    expect(found, "redis memory", "note", "no limit", "maxmemory")
    expect(found, "redis connections", "ok")
    found = doctor.look(**start("--maxmemory", "8mb", "--maxmemory-policy", "noeviction", "--maxclients", "12"))
    expect(found, "redis memory", "warning", "noeviction", "allkeys-lru")
    expect(found, "redis connections", "warning", "of 12", "maxclients")
    expect(doctor.look(**start("--replicaof", "127.0.0.1", "1")), "redis role", "failed", "replica", "REDIS_HOST")
    closed = start("--requirepass", SECRETS[0])
    expect(doctor.look(**closed), "redis password", "failed", "NOAUTH", "REDIS_PASSWORD")
    expect(doctor.look(**closed, REDIS_PASSWORD=SECRETS[2]), "redis password", "failed", "WRONGPASS", "check REDIS_PASSWORD")
    expect(doctor.look(**closed, REDIS_PASSWORD=SECRETS[0]), "redis server", "ok")
    with socket.socket() as silent:  # takes connections and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        found = doctor.look(REDIS_HOST="127.0.0.1", REDIS_PORT=str(silent.getsockname()[1]))
        expect(found, "redis server", "failed", "no answer in time", "REDIS_HOST")
        check(doctor.seconds < 10, f"a server that says nothing costs its two seconds, not {doctor.seconds:.1f}")


def postgres(doctor, servers, folder):
    owner = pwd.getpwnam("postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name).pw_name
    data, password, port = os.path.join(folder, "data"), os.path.join(folder, "password"), free_port()
    with open(password, "w") as file:
        file.write(SECRETS[1] + "\n")
    for path in (folder, password):
        shutil.chown(path, owner)
    made = subprocess.run([POSTGRES + "initdb", "-D", data, "-U", "virtuoso", "--pwfile", password, "-A", "scram-sha-256", "--no-sync",
                           "-E", "UTF8", "--locale=C.UTF-8"], user=owner, cwd="/", capture_output=True, text=True)
    check(made.returncode == 0, f"initdb: {made.stderr}")
    servers.start([POSTGRES + "postgres", "-D", data, "-k", folder, "-h", "127.0.0.1", "-p", str(port), "-c", "max_connections=7"],
                  port, user=owner)

    def at(secret, name="postgres"):
        return f"postgresql://virtuoso:{secret}@127.0.0.1:{port}/{name}"

    deadline = time.monotonic() + SECONDS
    while subprocess.run([POSTGRES + "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode != 0:
        check(time.monotonic() < deadline, "PostgreSQL is ready")
        time.sleep(0.1)
    found = doctor.look(DATABASE_URL=at(SECRETS[1]))
    expect(found, "database server", "ok", "version 15")
    expect(found, "database schema", "ok", "empty")
    expect(found, "database connections", "ok")
    held = [subprocess.Popen(["psql", at(SECRETS[1]), "-c", "select pg_sleep(60)"], stdout=subprocess.DEVNULL) for _ in range(2)]
    deadline = time.monotonic() + SECONDS
    while (found := doctor.look(DATABASE_URL=at(SECRETS[1])))["database connections"][0] != "warning":
        check(time.monotonic() < deadline, f"connections that are taken are seen: {found}")
    expect(found, "database connections", "warning", "of 4", "max_connections")
    for process in held:
        process.kill()
        process.wait()
    expect(doctor.look(DATABASE_URL=at(SECRETS[2])), "database server", "failed", "password authentication", "DATABASE_URL")
    expect(doctor.look(DATABASE_URL=at(SECRETS[1], "absent")), "database server", "failed", "absent", "DATABASE_URL")


def sqlite(doctor, folder):
    place = os.path.join(folder, "records.db")
    address = {"DATABASE_URL": "sqlite://" + place}
    expect(doctor.look(**address), "database file", "note", "not there yet")
    check(not os.path.exists(place), "doctor makes no database")
    other = sqlite3.connect(place)
    other.execute("CREATE TABLE theirs(a)")
    other.commit()
    other.close()
    expect(doctor.look(**address), "database file", "failed", "another program", "DATABASE_URL")
    with open(place, "r+b") as file:
        file.truncate(700)
    expect(doctor.look(**address), "database file", "failed", "damaged", "")
    check(os.path.getsize(place) == 700, "doctor leaves it as it is")


def series(doctor, servers, folder):
    if shutil.which("influxd"):
        port, rpc = free_port(), free_port()
        settings = os.path.join(folder, "influxdb.conf")
        with open(settings, "w") as file:
            file.write(f'reporting-disabled = true\nbind-address = "127.0.0.1:{rpc}"\n[meta]\ndir = "{folder}/meta"\n[data]\n'
                       f'dir = "{folder}/data"\nwal-dir = "{folder}/wal"\n[http]\nbind-address = "127.0.0.1:{port}"\n')
        servers.start(["influxd", "-config", settings], port)
        with open(doctor.config, "w") as file:
            file.write(NOWHERE + "[influxdb]\nversion = 1\n")
        at = {"INFLUXDB_URL": f"http://127.0.0.1:{port}"}
        expect(doctor.look(**at, INFLUXDB_BUCKET="absent"), "series server", "failed", "404", "INFLUXDB_BUCKET")
        urllib.request.urlopen(f"http://127.0.0.1:{port}/query?q=CREATE%20DATABASE%20here", data=b"", timeout=SECONDS).read()
        expect(doctor.look(**at, INFLUXDB_BUCKET="here"), "series server", "ok")
        expect(doctor.look(**at), "series address", "failed", "INFLUXDB_BUCKET")
    if shutil.which("victoria-metrics"):
        port = free_port()
        servers.start(["victoria-metrics", f"-httpListenAddr=127.0.0.1:{port}", f"-storageDataPath={folder}/victoria"], port)
        with open(doctor.config, "w") as file:
            file.write(NOWHERE)
        expect(doctor.look(INFLUXDB_URL=f"http://127.0.0.1:{port}", INFLUXDB_BUCKET="b"), "series server", "ok")
    expect(doctor.look(INFLUXDB_URL="http://127.0.0.1:1", INFLUXDB_BUCKET="b"), "series server", "failed", "refused", "INFLUXDB_URL")


def main():
    binary = os.path.abspath(sys.argv[1])
    servers = Servers()
    missing = [name for name in ("memcached", "redis-server", "influxd", "victoria-metrics") if not shutil.which(name)]
    missing += [] if os.path.exists(POSTGRES + "initdb") else ["postgresql-15"]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as database:
        doctor = Doctor(binary, folder)
        try:
            sqlite(doctor, folder)
            if "memcached" not in missing:
                memcached(doctor, servers)
            if "redis-server" not in missing:
                redis(doctor, servers)
            if "postgresql-15" not in missing:
                postgres(doctor, servers, database)
            series(doctor, servers, folder)
        finally:
            servers.end()
    for name in missing:
        print(f"skipped: {name} is missing; tools/bootstrap test installs it")
    print(f"doctor before its servers: {checked} checks, well")


if __name__ == "__main__":
    main()
