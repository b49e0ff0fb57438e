#!/usr/bin/env python3
"""Every method page says what the program and its headers say: method_pages.py PROGRAM"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

checked = subprocess.run([sys.executable, ROOT / "tools/method_pages.py", "--program", sys.argv[1], "--check"], check=False)
if checked.returncode != 0:
    sys.exit(checked.returncode)
listed = json.loads(subprocess.run([sys.argv[1], "components", "--json"], capture_output=True, text=True, check=True).stdout)
if len(listed) < 30:
    sys.exit(f"the program names {len(listed)} components: too few to be true")
for component in listed:
    total = sum(frame["weight"] for frame in component["frames"])
    if abs(total - 1) > 1e-9:
        sys.exit(f"{component['name']}: the windows' weights add up to {total}")
print(f"{len(listed)} method pages say what the program says")
