#!/usr/bin/env python3
"""`config check` looks at the files that the configuration and the keys' variables name.

    tests/program/config_check.py build/release/virtuoso
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

CONFIGURATION = 78  # the exit code of a wrong configuration


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        config, secret = folder / "virtuoso.toml", folder / "secret"
        secret.write_text("hush\n")
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("BYBIT_", "BINANCE_"))}
        keys = clean | {"BYBIT_API_KEY": "abc", "BYBIT_API_SECRET_FILE": str(secret)}

        def check(text, mode, environment, code, problems):
            """Writes the configuration, gives the secret this mode, and compares what is said, plain and as JSON."""
            config.write_text(text)
            secret.chmod(mode)
            for flags in ([], ["--json"]):
                out = subprocess.run([sys.argv[1], "config", "check", "--config", str(config), *flags], capture_output=True, text=True,
                                     env=environment, timeout=60)
                said = out.stdout + out.stderr
                if out.returncode != code:
                    sys.exit(f"ended with {out.returncode} instead of {code}:\n{said}")
                if "hush" in said:
                    sys.exit("a secret is shown")
                told = json.loads(out.stdout)["problems"] if flags else out.stderr.splitlines()
                if len(told) != len(problems) or not all(part in one for part, one in zip(problems, told)):
                    sys.exit(f"said {told} instead of {problems}")

        nowhere = folder / "nowhere.pem"
        check("", 0o600, clean, 0, [])
        check("", 0o600, keys, 0, [])
        check("", 0o644, keys, CONFIGURATION, [f"BYBIT_API_SECRET_FILE: {secret} is open to other users; run: chmod 600 {secret}"])
        check(f'[bybit]\nca_file = "{nowhere}"\n', 0o600, keys, CONFIGURATION, [f"bybit.ca_file: {nowhere} cannot be opened"])
        check(f'[bybit]\nca_file = "{nowhere}"\n[binance]\nca_file = "{secret}"\n', 0o644, keys, CONFIGURATION,
              ["bybit.ca_file", f"binance.ca_file: {secret} holds no usable certificates", "chmod 600"])
    print("config check looks at the files that are named")


if __name__ == "__main__":
    main()
