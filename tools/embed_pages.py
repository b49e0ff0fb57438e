#!/usr/bin/env python3
"""Turns the built pages into one C++ file: the bytes as one assembler .incbin, and the table that finds them.

Each file is kept as it is, gzipped and brotlied (a compressed form is left out where it is not smaller). The same files give
the same bytes. Without built pages the table is empty and the server says what to do.
"""
import argparse
import gzip
import hashlib
import pathlib
import subprocess
import sys

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".json": "application/json", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".png": "image/png",
    ".ico": "image/x-icon", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".map": "application/json",
}
INCOMPRESSIBLE = {".png", ".woff2", ".ico"}


def brotli(data):
    packed = subprocess.run(["brotli", "--quality=11", "--stdout", "-"], input=data, capture_output=True, check=False)
    if packed.returncode != 0:
        sys.exit(f"embed_pages: brotli failed: {packed.stderr.decode(errors='replace')}")
    return packed.stdout


def forms_of(path):
    """identity, gzip, brotli; a form that does not pay is empty."""
    data = path.read_bytes()
    if path.suffix in INCOMPRESSIBLE or len(data) < 256:
        return [data, b"", b""]
    return [data] + [form if len(form) < len(data) else b"" for form in (gzip.compress(data, 9, mtime=0), brotli(data))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=pathlib.Path, required=True, help="folder of the built pages")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the C++ file; a .bin is written beside it")
    args = parser.parse_args()
    blob = bytearray()
    rows = []
    for path in sorted(p for p in args.pages.rglob("*") if p.is_file()) if args.pages.is_dir() else []:
        if path.suffix not in CONTENT_TYPES:
            sys.exit(f"embed_pages: {path}: no content type is known for '{path.suffix}'; add it to tools/embed_pages.py")
        name = "/" + path.relative_to(args.pages).as_posix()
        spans = []
        for form in forms_of(path):
            spans.append(f"{{{len(blob)}, {len(form)}}}")
            blob += form
        etag = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        is_hashed = "true" if name.startswith("/assets/") else "false"
        rows.append(f'    {{"{name}", "{CONTENT_TYPES[path.suffix]}", "{etag}", {is_hashed}, {", ".join(spans)}}},')
    binary = args.out.with_suffix(".bin")
    binary.write_bytes(blob or b"\0")
    args.out.write_text(f"""// Made by tools/embed_pages.py from the built pages: not to be edited.
#include "api/embedded_pages.hpp"

__asm__(R"(
    .section .rodata
    .balign 16
    .global vt_embedded_bytes
vt_embedded_bytes:
    .incbin "{binary}"
    .text
)");
extern "C" const char vt_embedded_bytes[];  // NOLINT

namespace vt::api::embedded {{


const char* const bytes = vt_embedded_bytes;
const Row rows[] = {{
{chr(10).join(rows)}
    {{"", "", "", false, {{0, 0}}, {{0, 0}}, {{0, 0}}}},
}};
const std::size_t row_count = {len(rows)};

}}  // namespace vt::api::embedded
""")
    print(f"embed_pages: {len(rows)} files, {len(blob)} bytes in all forms")


if __name__ == "__main__":
    main()
