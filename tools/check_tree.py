#!/usr/bin/env python3
"""Conventions of the whole tree, as a test: what may not be in a tracked file, and what belongs together.

A line that must break a rule says `tree-ok: <why>`.
"""
import json
import pathlib
import re
import subprocess
import sys

MAX_COLUMNS = 118  # code, its strings and comments; not a recorded frame, in a raw string or quoted in a comment
CODE = {".cpp", ".hpp"}
TEXT = CODE | {".py", ".sh", ".md", ".cmake", ".txt", ".toml", ".json", ".ts", ".js", ".mjs", ".svelte", ".css", ".html", ""}
FORBIDDEN = [  # pattern, why
    (r"/home/[a-z]|/Users/[A-Z]|/root/[a-z]", "a path of one machine"),
    (r"https?://[^/\s\"')]*(registry|mirror|npmjs|[.]debian[.])[^\s\"')]*", "a package registry's address"),
    (r"<<<<<<< |>>>>>>> ", "a merge conflict"),
    (r"\bTODO\b|\bFIXME\b|\bXXX\b", "unfinished work: finish it or write down the limit"),
]


def tracked(root):
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True)
    if listed.returncode != 0:
        sys.exit(f"check_tree: not a git work tree: {listed.stderr.strip()}")
    return [root / name for name in listed.stdout.split("\0") if name and (root / name).is_file()]


def lines_of(path):
    if path.suffix not in TEXT:
        return []
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def content_problems(root, files):
    # Where this very tree lies is a path of one machine, too; a tree in a short place like /src says nothing.
    here = [(re.escape(f"{root.parent}/"), "the path of this machine's tree")] if len(root.parent.parts) > 1 else []
    for path in files:
        where = path.relative_to(root)
        if where.name == pathlib.Path(__file__).name:
            continue
        for number, line in enumerate(lines_of(path), 1):
            if "tree-ok" in line or len(line) > 10_000:
                continue
            for pattern, why in FORBIDDEN + here:
                if re.search(pattern, line):
                    yield f"{where}:{number}: {why}"


def wide_lines(lines):
    """Number and width of each line over the limit. A recorded frame stands as it came: it cannot be broken."""
    is_raw = False  # inside of a raw string that an earlier line began
    for number, line in enumerate(lines, 1):
        was_raw = is_raw
        rest = line
        while True:
            if is_raw:
                end = rest.find(')"')
                if end < 0:
                    break
                rest = rest[end + 2:]
                is_raw = False
            begin = re.search(r'R"\(', rest)
            if not begin:
                break
            rest = rest[begin.end():]
            is_raw = True
        is_frame = was_raw or 'R"(' in line or re.match(r'\s*///?\s+(data: )?["\[{]', line)
        if len(line) > MAX_COLUMNS and not is_frame:
            yield number, len(line)


def column_problems(root, files):
    for path in files:
        if path.suffix in CODE:
            for number, columns in wide_lines(lines_of(path)):
                yield f"{path.relative_to(root)}:{number}: {columns} columns, the limit is {MAX_COLUMNS}"


def lock_problems(root, files):
    """A lock file that names where a package came from binds everybody to that place."""
    for path in files:
        if path.name == "package-lock.json":
            packages = json.loads(path.read_text()).get("packages", {})
            named = [name for name, package in packages.items() if "resolved" in package and not package.get("link")]
            if named:
                yield f"{path.relative_to(root)}: {len(named)} packages have 'resolved' (npm config omit-lockfile-registry-resolved)"


def adr_problems(root):
    folder = root / "docs" / "adr"
    index = (folder / "README.md").read_text() if (folder / "README.md").exists() else ""
    records = sorted(folder.glob("[0-9]*.md"))
    for record in records:
        if f"({record.name})" not in index:
            yield f"docs/adr/README.md: does not list {record.name}"
        text = record.read_text()
        for heading in ("## Context", "## Decision", "## Consequences", "## Alternatives"):
            if heading not in text:
                yield f"docs/adr/{record.name}: has no '{heading}'"
    for name in re.findall(r"\(([0-9]{4}-[a-z0-9-]+\.md)\)", index):
        if not (folder / name).exists():
            yield f"docs/adr/README.md: lists {name}, which is not there"


def mention_problems(root, files):
    """docs/adr/NNNN in a comment must be a record that exists."""
    known = {path.name[:4] for path in (root / "docs" / "adr").glob("[0-9]*.md")}
    for path in files:
        if path.suffix in CODE or path.suffix in (".cmake", ".md"):
            for number, line in enumerate(lines_of(path), 1):
                for record in re.findall(r"docs/adr/(\d{4})", line):
                    if record not in known:
                        yield f"{path.relative_to(root)}:{number}: docs/adr/{record} does not exist"


def corpus_problems(root, files):
    for path in files:
        if path.name.endswith("_fuzz.cpp"):
            parts = path.relative_to(root / "src").parts
            name = "_".join([*parts[1:-1], path.name.removesuffix("_fuzz.cpp")])
            folder = root / "tests" / "corpus" / name
            if not folder.is_dir() or not any(folder.iterdir()):
                yield f"{path.relative_to(root)}: tests/corpus/{name} holds no example"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    files = tracked(root)
    count = 0
    for problems in (content_problems(root, files), column_problems(root, files), lock_problems(root, files), adr_problems(root),
                     mention_problems(root, files), corpus_problems(root, files)):
        for problem in problems:
            print(problem)
            count += 1
    print(f"tree: {count} problem(s) in {len(files)} files")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
