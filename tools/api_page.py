#!/usr/bin/env python3
"""The tables of routes in docs/api.md, from the OpenAPI documents of a running program.

    tools/api_page.py http://127.0.0.1:8003 http://127.0.0.1:8001            writes docs/api.md
    tools/api_page.py http://127.0.0.1:8003 http://127.0.0.1:8001 --check    exits 1 where the page says otherwise
"""
import argparse
import json
import pathlib
import sys
import urllib.request

BEGIN = "<!-- From the program, by tools/api_page.py: not to be edited. -->\n"
END = "<!-- End of what the program says. -->"


def document_of(address):
    with urllib.request.urlopen(address.rstrip("/") + "/openapi.json", timeout=10) as answer:
        return json.load(answer)


def taken(operation):
    query = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"]
    parts = [f"`?{'&'.join(query)}`"] if query else []
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        required = set(schema.get("required", []))
        members = [name + ("" if name in required else "?") for name in schema["properties"]]
        if members:
            parts.append("`{" + ", ".join(members) + "}`")
    return " ".join(parts)


def answered(operation):
    content = next(answer["content"] for status, answer in operation["responses"].items() if status != "default")
    kind, form = next(iter(content.items()))
    return form["schema"]["$ref"].rsplit("/", 1)[1] if "schema" in form else "OpenAPI" if kind == "application/json" else kind


def rows_of(document):
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            scope = operation.get("x-scope", "read")
            access = operation["x-access"] + ("" if scope == "read" else f", {scope}")
            cells = [f"`{method.upper()} {path}`", access, taken(operation), answered(operation), operation["summary"].replace("|", "\\|")]
            yield "| " + " | ".join(cells) + " |"


def table(document, heading):
    return "\n".join([f"### {heading}", "", "| route | class | takes | answers | what it is |", "|---|---|---|---|---|", *rows_of(document), ""])


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="of the program's pages")
    parser.add_argument("monitoring", help="address of its monitoring")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    page = root / "docs" / "api.md"
    text = page.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    made = (before + BEGIN + "\n" + table(document_of(args.address), "On APP_PORT") + "\n" +
            table(document_of(args.monitoring), "On MONITORING_PORT") + END + after)
    if not args.check:
        page.write_text(made)
    elif made != text:
        sys.exit("api_page: docs/api.md does not say what the program does; tools/api_page.py writes it")


if __name__ == "__main__":
    main()
