#!/usr/bin/env python3
"""docs/reliability.md from docs/reliability.toml: one row for each kind of fault, with the tests behind it.

    tools/reliability_page.py            # writes the page
    tools/reliability_page.py --check    # fails where a named test does not exist, or the page is not what the rows say
"""
import argparse
import pathlib
import re
import sys
import tomllib

SOURCE = pathlib.Path("docs/reliability.toml")
PAGE = pathlib.Path("docs/reliability.md")
HEAD = "<!-- Written by tools/reliability_page.py from docs/reliability.toml: not to be edited. -->"
TEST = re.compile(r"^(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)
FIELDS = {"id", "fault", "does", "shown", "missing", "tests"}


def known_tests(root):
    """Each `Suite.Name` of the unit tests, and each suite."""
    names = set()
    for path in sorted((root / "src").rglob("*_test.cpp")):
        for suite, name in TEST.findall(path.read_text(encoding="utf-8")):
            names |= {suite, f"{suite}.{name}"}
    return names


def problems(root, content):
    """What is wrong with the rows: a test that is not there, a row without one and without a word why, a field misspelt."""
    names, ids = known_tests(root), set()
    for section in content.get("section", []):
        for row in section.get("row", []):
            where = row.get("id", "a row without id")
            if where in ids:
                yield f"{where}: is there twice"
            ids.add(where)
            for field in sorted(set(row) - FIELDS):
                yield f"{where}: nothing is made of '{field}'"
            for field in ("id", "fault", "shown"):
                if not row.get(field):
                    yield f"{where}: has no '{field}'"
            if not row.get("tests") and not row.get("missing"):
                yield f"{where}: names no test, and does not say that it is missing"
            for test in row.get("tests", []):
                if "/" in test:
                    if not (root / test).is_file():
                        yield f"{where}: {test} is not there"
                elif test not in names:
                    yield f"{where}: there is no test {test}"


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def written(content):
    lines = [HEAD, "", f"# {content['title']}", "", content["intro"].strip()]
    for section in content["section"]:
        has_does = any("does" in row for row in section["row"])
        heads = ["row", "fault", *(["what the program does"] if has_does else []), "shown, and the figure", "tests"]
        lines += ["", f"## {section['title']}", ""]
        if "intro" in section:
            lines += [section["intro"].strip(), ""]
        lines += ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        for row in section["row"]:
            shown = cell(row["shown"])
            if "missing" in row:
                shown += f"{'' if shown.endswith('.') else '.'} Not shown: {cell(row['missing'])}"
            tests = ", ".join(f"`{test}`" for test in row.get("tests", []))
            lines.append("| " + " | ".join([row["id"], cell(row["fault"]), *([cell(row.get("does", ""))] if has_does else []), shown,
                                            tests or "none"]) + " |")
        if "notes" in section:
            lines += ["", section["notes"].strip()]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", default=".", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with open(options.root / SOURCE, "rb") as source:
        content = tomllib.load(source)
    found = list(problems(options.root, content))
    if options.check:
        page = options.root / PAGE
        if not page.exists() or page.read_text(encoding="utf-8") != written(content):
            found.append(f"{PAGE} is not what {SOURCE} says: run tools/reliability_page.py")
    elif not found:
        (options.root / PAGE).write_text(written(content), encoding="utf-8")
    for problem in found:
        print(problem)
    rows = [row for section in content["section"] for row in section["row"]]
    print(f"reliability: {len(found)} problem(s) in {len(rows)} rows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
