#!/usr/bin/env python3
"""Types of the whole API for the pages, from its OpenAPI document.

    tools/typescript_client.py http://127.0.0.1:8003/openapi.json      writes web/src/protocol/api.ts
    tools/typescript_client.py openapi.json --out -                    prints it

`Api['POST /api/auth/login']` is what that route takes and answers; web/src/transport/api_client.ts calls it. The file is
checked in, and tests/program/api_contract.py fails where the program's document says otherwise.
"""
import argparse
import json
import pathlib
import re
import sys
import urllib.request

HEAD = """// Made by tools/typescript_client.py from the program's OpenAPI document: not to be edited.
/* eslint-disable */
"""
WIDTH = 118
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def key(name):
    return name if re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", name) else json.dumps(name)


def object_type(schema, indent):
    properties = schema.get("properties")
    if not properties:
        return "Record<string, unknown>"
    required = set(schema.get("required", []))
    pad = "  " * (indent + 1)
    lines = []
    for name, member in properties.items():
        described = member.get("description")
        if described:
            lines.append(f"{pad}/** {described} */")
        lines.append(f"{pad}{key(name)}{'' if name in required else '?'}: {type_of(member, indent + 1)};")
    return "{\n" + "\n".join(lines) + "\n" + "  " * indent + "}"


def tuple_member(schema, indent):
    made = type_of(schema, indent)
    return f"{schema['title']}: {made}" if "title" in schema else made


def type_of(schema, indent=0):
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for way in ("oneOf", "anyOf"):
        if way in schema:
            return " | ".join(type_of(one, indent) for one in schema[way])
    if "prefixItems" in schema:
        return "[" + ", ".join(tuple_member(one, indent) for one in schema["prefixItems"]) + "]"
    types = schema.get("type", [])
    parts = []
    for one in [types] if isinstance(types, str) else types:
        if one == "array":
            item = type_of(schema["items"], indent) if "items" in schema else "unknown"
            parts.append(f"({item})[]" if " | " in item else f"{item}[]")
        elif one == "object":
            parts.append(object_type(schema, indent))
        else:
            parts.append(PLAIN[one])
    return " | ".join(parts) or "unknown"


def parameters_of(operation, where):
    members = {}
    for parameter in operation.get("parameters", []):
        if parameter["in"] == where:
            members[parameter["name"]] = {**parameter["schema"], "description": parameter.get("description")}
    required = [parameter["name"] for parameter in operation.get("parameters", [])
                if parameter["in"] == where and parameter.get("required")]
    return {"type": "object", "properties": members, "required": required} if members else None


def operation_type(operation):
    lines = []
    for member, where in (("path", "path"), ("query", "query")):
        schema = parameters_of(operation, where)
        if schema:
            optional = "" if schema["required"] else "?"
            lines.append(f"    {member}{optional}: {type_of(schema, 2)};")
    body = operation.get("requestBody")
    if body:
        schema = body["content"]["application/json"]["schema"]
        if schema.get("properties"):
            lines.append(f"    body{'' if body.get('required') else '?'}: {type_of(schema, 2)};")
    content = next(answer["content"] for status, answer in operation["responses"].items() if status != "default")
    answer = content.get("application/json", {}).get("schema") if "application/json" in content else {"type": "string"}
    lines.append(f"    answer: {type_of(answer or {}, 2)};")
    return "{\n" + "\n".join(lines) + "\n  }"


def client_of(document):
    out = [HEAD]
    for name, schema in document["components"]["schemas"].items():
        made = type_of(schema)
        if made.startswith("{") and made.count("{") >= 1 and made.rstrip().endswith("}"):
            out.append(f"export interface {name} {made}\n")
        else:
            out.append(f"export type {name} = {made};\n")
    out.append("/** What each route takes and answers. */\nexport interface Api {")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            out.append(f"  /** {operation['summary']} ({operation['x-access']}) */")
            out.append(f"  {json.dumps(method.upper() + ' ' + path)}: {operation_type(operation)};")
    out.append("}")
    return "\n".join(out) + "\n"


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("document", help="address or file of openapi.json")
    parser.add_argument("--out", default=str(root / "web/src/protocol/api.ts"), help="- for standard output")
    args = parser.parse_args()
    if re.match(r"https?://", args.document):
        with urllib.request.urlopen(args.document, timeout=10) as answer:
            text = answer.read().decode()
    else:
        text = pathlib.Path(args.document).read_text()
    made = client_of(json.loads(text))
    if args.out == "-":
        sys.stdout.write(made)
    else:
        pathlib.Path(args.out).write_text(made)


if __name__ == "__main__":
    main()
