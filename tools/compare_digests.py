#!/usr/bin/env python3
"""Replays one recording five ways and fails unless every digest is the same.

Release twice, debug twice, and release once with the CPU's newer instructions hidden from the C library: the same input
bytes must give the same effect bytes everywhere.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def digest_of(binary, recording, tunables=None):
    env = dict(os.environ)
    if tunables:
        env["GLIBC_TUNABLES"] = tunables
    command = [str(binary), "replay", str(recording)]
    print("+", f"GLIBC_TUNABLES={tunables}" if tunables else "", *command, flush=True)
    started = time.monotonic()
    run = subprocess.run(command, env=env, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"compare_digests: exit code {run.returncode}\n{run.stdout}{run.stderr}")
    found = re.findall(r"\b[0-9a-f]{64}\b", run.stdout)
    if len(set(found)) != 1:
        sys.exit(f"compare_digests: expected one SHA-256 in the output, found {len(set(found))}:\n{run.stdout}")
    print(f"  {found[0]}  ({time.monotonic() - started:.1f} s)", flush=True)
    return found[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", required=True)
    parser.add_argument("--debug", required=True)
    parser.add_argument("--recording", default=ROOT / "data" / "recordings" / "binance-20240808.vtj")
    args = parser.parse_args()
    runs = [(args.release, None), (args.release, None), (args.debug, None), (args.debug, None),
            (args.release, "glibc.cpu.hwcaps=-FMA,-AVX2")]
    digests = [digest_of(binary, args.recording, tunables) for binary, tunables in runs]
    failed = sum(digest != digests[0] for digest in digests)
    print(f"replay digests: {len(digests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
