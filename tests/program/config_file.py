#!/usr/bin/env python3
"""The configuration file, its history and what is said of it, as its user meets them.

    tests/program/config_file.py build/release/virtuoso

Every output of every `config` command is searched for the secrets that the file, the variables and the flags were given.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

CONFIGURATION = 78


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


class User:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.file = self.folder / "virtuoso" / "virtuoso.toml"
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("BYBIT_", "BINANCE_", "DATABASE", "INFLUXDB", "APP_", "MONITORING_", "DEBUG"))}
        self.environment |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        self.said = ""

    def config(self, *words, code=0, **variables):
        ran = subprocess.run([self.binary, "config", *words], capture_output=True, text=True, timeout=60,
                             env=self.environment | variables)
        self.said += ran.stdout + ran.stderr
        check(ran.returncode == code, f"config {words} ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
        return ran.stdout + ran.stderr

    def as_json(self, *words, **variables):
        return json.loads(self.config(*words, "--json", **variables))


def file_and_history(user):
    check("every knob with its default" in user.config("init"), "a first file")
    check(user.file.stat().st_mode & 0o777 == 0o600, "a private file")
    check("The configuration is valid." in user.config("check"), "a first file that is valid")
    check("as by default" in user.config("diff"), "nothing is changed by the first file")
    check("is there already" in user.config("init", code=1), "no file is overwritten")
    user.file.write_text("[server]\nport = 9001\n")
    user.config("init", "--force")
    check([one["version"] for one in user.as_json("history")["versions"]] == [1], "what init --force replaced is kept")
    check(user.as_json("diff", "--version", "1") == [{"key": "server.port", "before": 9001, "after": 8003}], "a diff with a version")
    check("is version 1 again" in user.config("rollback"), "a rollback")
    check(user.file.read_text() == "[server]\nport = 9001\n", "the file of the rollback")
    check("is version 2 again" in user.config("rollback", "2"), "a rollback of the rollback")
    check("kept are 1 to 3" in user.config("rollback", "77", code=1), "an unknown version")
    user.file.write_text("[server]\nprot = 1\n")
    user.config("init", "--force")
    said = user.config("rollback", code=CONFIGURATION)
    check("did you mean 'server.port'?; the file stays as it is" in said, f"a version that is not valid: {said}")


def origins(user):
    user.file.write_text("# mine\n[server]\nport = 9001\nmonitoring_port = 9002\n")
    check(f"set by: file {user.file}:3\n" in user.config("explain", "server.port"), "explained by the file's line")
    check("set by: environment APP_PORT\n" in user.config("explain", "server.port", APP_PORT="9003"), "explained by the variable")
    check("set by: flag\n" in user.config("explain", "server.port", "--port", "9004", APP_PORT="9003"), "explained by the flag")
    check("set by: environment DEBUG\n" in user.config("explain", "log.level", DEBUG="1"), "explained by the switch")
    check("set by: default\n" in user.config("explain", "demo.seed"), "explained by the default")
    one = user.as_json("explain", "server.port")
    check((one["value"], one["source"], one["origin"], one["default"]) == (9001, "file", f"{user.file}:3", 8003), f"as JSON: {one}")
    check("did you mean 'server.port'" in user.config("explain", "server.prot", code=CONFIGURATION), "a suggestion")
    check(user.as_json("diff", APP_PORT="9003") == [{"key": "server.port", "before": 8003, "after": 9003},
                                                    {"key": "server.monitoring_port", "before": 8001, "after": 9002}], "a diff")


def secrets(user):
    canaries = [f"canary{i}" for i in range(9)]
    secret = user.folder / "token"
    secret.write_text(canaries[0])
    secret.chmod(0o600)
    user.file.write_text(f'[network]\nproxy = "http://me:{canaries[1]}@proxy.example:1"\n[influxdb]\ntoken = "{canaries[2]}"\n'
                         f'[records]\ndatabase_url = "postgresql://me:{canaries[3]}@db.example/name"\n')
    from_outside = {"INFLUXDB_TOKEN_FILE": str(secret), "ALL_PROXY": f"socks5://me:{canaries[4]}@all.example:1",
                    "BYBIT_API_KEY": canaries[5], "BYBIT_API_SECRET": canaries[6]}
    check("set by: environment INFLUXDB_TOKEN_FILE\n" in user.config("explain", "influxdb.token", **from_outside), "a secret's file")
    for flags in ([], ["--json"]):
        for variables in ({}, from_outside):
            for words in (["check"], ["show"], ["diff"], ["history"]):
                user.config(*words, *flags, **variables)
            for one in user.as_json("show", **variables):
                user.config("explain", one["key"], *flags, **variables) if "***" in str(one["value"]) else None
            database = f"postgresql://me:{canaries[7]}@db.example/other"
            user.config("show", "--database", database, *flags, **variables)
            user.config("show", *flags, DATABASE_URL=f"nonsense://me:{canaries[8]}@x", code=CONFIGURATION)
    user.config("init", "--force")
    user.config("diff", "--version", str(user.as_json("history")["versions"][-1]["version"]))
    user.config("rollback")
    shown = [canary for canary in canaries if canary in user.said]
    check(not shown, f"secrets are shown: {shown}")
    check(user.said.count("***") > 20, "what is hidden is shown as hidden")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        user = User(sys.argv[1], folder)
        file_and_history(user)
        origins(user)
        secrets(user)
    print("the file, its history and its origins are as its user wants them, and no secret was shown")


if __name__ == "__main__":
    main()
