#!/usr/bin/env python3
"""The part of each method page (docs/indicators) that the program and its headers say, so that a page cannot drift from them.

For every component: what `virtuoso components --json` says of it, the contract of its class (the `///` before it), and its
named constants. They stand between two markers at the end of the page; what is above is written by hand.

    tools/method_pages.py --program build/release/virtuoso            # writes
    tools/method_pages.py --program build/release/virtuoso --check    # fails where a page differs
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

BEGIN = "<!-- From the program, by tools/method_pages.py: not to be edited. -->"
END = "<!-- End of what the program says. -->"
SECTIONS = ("## What it says", "## When it errs")
SHARED_HEADERS = {"structure_break": "bar_patterns", "fair_value_gap": "bar_patterns", "order_block": "bar_patterns"}
MAPS = {
    "z0": "its robust z about zero, by its own past (`z0`)", "zm": "its robust z about the median of its own past (`zm`)",
    "pr": "its percentile among its own past (`pr`)", "lb": "itself: it already is a strength from -1 to 1 (`lb`)",
}


def contract_of(header, name):
    """The lines of the `///` block right before `class NAME` or `struct NAME`, without their slashes."""
    lines = header.splitlines()
    for number, line in enumerate(lines):
        if re.match(rf"(class|struct) {name}\b(?!;)", line):
            first = number
            while first > 0 and lines[first - 1].startswith("///"):
                first -= 1
            if first < number:
                return [text[3:].removeprefix(" ") for text in lines[first:number]]
    return None


def contract_text(lines):
    """Prose as paragraphs, each `in:`, `out:`, `source:` ... as an item."""
    prose, items, indent = [], [], 0
    for line in lines:
        field = re.match(r"\s+(in|out|errors|cost|source|order):\s*(.*)", line)
        if field:
            items.append(f"* {field[1]}: {field[2]}")
            indent = len(line) - len(line.lstrip())
        elif items and len(line) - len(line.lstrip()) > indent:
            items[-1] += " " + line.strip()
        else:
            prose.append(line.strip())
    return " ".join(prose).strip(), items


def readable(value):
    """A C++ constant as one reads it: 2'000 is 2000, std::chrono::minutes{5} is 5 minutes."""
    value = re.sub(r"(?<=\d)'(?=\d)", "", value)
    return re.sub(r"(?:std::chrono::)?(\w+)\{(-?[\d.]+)\}", r"\2 \1", value)


def constants_of(header, name):
    """[name, value, comment] of the class's `static constexpr` members, in their order."""
    start = re.search(rf"^(class|struct) {name}\b[^;]*?{{", header, re.M)
    body = header[start.end():header.index("\n};", start.end())] if start else ""
    found, pending = [], []
    for line in body.split("\nprivate:")[0].splitlines():
        comment = re.match(r"    /// (.*)", line)
        if comment:
            pending.append(comment[1])
            continue
        # `    ` alone: a constant of a class within the class is its own business.
        constant = re.match(r"    static constexpr [\w:<>]+ (k\w+) = (.+?);(?:\s*///<\s*(.*))?$", line)
        if constant:
            comment = constant[3] or " ".join(pending)
            if comment == "likewise" and found:
                comment = found[-1][2]
            found.append((constant[1], readable(constant[2]), comment))
        pending = []
    return found


def number(value):
    return f"{value:.4f}".rstrip("0").rstrip(".")


def cell(text):
    return text.replace("|", "\\|")


def class_name(name):
    return "".join(part.capitalize() for part in name.split("_"))


def generated(component, root):
    name = component["name"]
    stem = SHARED_HEADERS.get(name, name)
    path = pathlib.Path("src/analysis") / component["dimension"] / f"{stem}.hpp"
    header = (root / path).read_text(encoding="utf-8")
    contract = contract_of(header, class_name(stem))
    if contract is None:
        sys.exit(f"method_pages: {path}: no contract (`///`) before class {class_name(stem)}")
    prose, items = contract_text(contract)
    weight = "0: shown only" if component["shadow"] else number(component["weight"])
    lines = [BEGIN, "## What the program says of it", "", "| | |", "|---|---|",
             f"| side | {component['dimension'].replace('_', ' ')} |", f"| weight in its side | {weight} |",
             f"| unit | {cell(component['unit'])} |",
             f"| scored by | {MAPS[component['map']]}{'; a high value is a low score' if component['sign'] < 0 else ''} |"]
    if component["test"]:
        lines.append(f"| held to its definition by | `{component['test']}` |")
    lines += ["", "| window | weight | samples or events it needs |", "|---|---|---|"]
    lines += [f"| {leaf['frame']} | {number(leaf['weight'])} | {leaf['n_min'] or '-'} |" for leaf in component["frames"]]
    lines += ["", f"`{path.as_posix()}`, `{class_name(stem)}`: {prose}"]
    if items:
        lines += [""] + items
    constants = constants_of(header, class_name(stem))
    if constants:
        lines += ["", "| parameter | value | |", "|---|---|---|"]
        lines += [f"| `{constant}` | `{cell(value)}` | {cell(comment)} |" for constant, value, comment in constants]
    return "\n".join(lines + [END]) + "\n"


def with_generated(page, text):
    """The page with the text between its markers, or at its end where it has none yet."""
    if BEGIN in page and END in page:
        return page[:page.index(BEGIN)] + text + page[page.index(END) + len(END):].lstrip("\n")
    return page.rstrip("\n") + "\n\n" + text


def problems(components, root, is_check):
    for component in components:
        path = root / "docs/indicators" / f"{component['name']}.md"
        where = path.relative_to(root)
        if not path.is_file():
            yield f"{where}: the component has no method page"
            continue
        page = path.read_text(encoding="utf-8")
        for section in SECTIONS:
            if f"\n{section}\n" not in page:
                yield f"{where}: lacks the section '{section}'"
        if f"({path.name})" not in (path.parent / "README.md").read_text(encoding="utf-8"):
            yield f"{where}: docs/indicators/README.md does not list it"
        wanted = with_generated(page, generated(component, root))
        if wanted == page:
            continue
        if is_check:
            yield f"{where}: differs from the program: run tools/method_pages.py --program PATH"
        else:
            path.write_text(wanted, encoding="utf-8")
            print(f"wrote {where}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--program", help="the built program")
    source.add_argument("--components", type=pathlib.Path, help="what `virtuoso components --json` printed")
    parser.add_argument("--check", action="store_true", help="write nothing, fail where a page differs")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    args = parser.parse_args()
    if args.program:
        text = subprocess.run([args.program, "components", "--json"], capture_output=True, text=True, check=True).stdout
    else:
        text = args.components.read_text(encoding="utf-8")
    found = list(problems(json.loads(text), args.root, args.check))
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
