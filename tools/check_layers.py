#!/usr/bin/env python3
"""Fail when an include points against the data flow, or pure code reaches for the outside world.

The layers are the vt_module() lines of CMakeLists.txt: there is no second list to keep in step. A line that must break
a rule says `layer-ok: <why>`; nothing else escapes.
"""
import pathlib
import re
import sys

MAX_LINES = 600
BANNED_IN_PURE = [
    (r"#\s*include\s*<(boost/asio|boost/beast|openssl|thread|mutex|atomic|future|condition_variable|fstream|iostream"
     r"|filesystem|random|ctime|sleef|spdlog)\b", "I/O, threads, entropy or a CPU-dependent library in pure code"),
    (r"(system|steady|high_resolution)_clock::now|std::time\(|gettimeofday|clock_gettime",
     "ambient clock in pure code: take time from the event"),
    (r"\bstd::unordered_(map|set)\b", "iteration order is not portable: use a sorted or dense container"),
    (r"\bstd::(exp|log|log1p|log2|log10|tanh|pow|erf|erfc|cosh|sinh|expm1)\(",
     "libm differs between CPUs: use base/math.hpp"),
    (r"\b(static|thread_local)\s+(?!constexpr|const\b|_|inline constexpr|consteval)[A-Za-z_:<>]+\s+\w+\s*(=|;|\{)",
     "mutable static state"),
]


def modules(root):
    """name -> (kind, set of modules it may include)"""
    found = {}
    for name, kind, rest in re.findall(r"^vt_module\((\w+)\s+(PURE|SHELL)([^)]*)\)", (root / "CMakeLists.txt").read_text(), re.M):
        deps = re.search(r"DEPS((?:\s+(?!LINK)\w+)*)", rest)
        found[name] = (kind, set(deps[1].split()) | {name} if deps else {name})
    found["app"] = ("SHELL", set(found) | {"app"})
    return found


def test_modules(root):
    """name -> modules that its tests may include besides"""
    found = {}
    for name, module in re.findall(r"^vt_test_needs\((\w+)\s+(\w+)\)", (root / "CMakeLists.txt").read_text(), re.M):
        found.setdefault(name, set()).add(module)
    return found


def problems(root):
    allowed = modules(root)
    allowed_in_tests = test_modules(root)
    for path in sorted((root / "src").rglob("*.[ch]pp")):
        where = path.relative_to(root)
        module = where.parts[1]
        if module not in allowed:
            yield f"{where}: folder '{module}' is not a vt_module of CMakeLists.txt"
            continue
        kind, may_include = allowed[module]
        is_test = re.search(r"_(test|bench|fuzz)\.cpp$", path.name)
        if is_test or path.name.startswith("test_"):
            may_include = may_include | allowed_in_tests.get(module, set())
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines, 1):
            if "layer-ok" in line:
                continue
            include = re.match(r'\s*#\s*include\s*"([^"/]+)/', line)
            if include and include[1] not in may_include:
                yield f"{where}:{number}: {module} may not include {include[1]}"
            if re.match(r'\s*#\s*include\s*"[^"/]+"', line):
                yield f"{where}:{number}: project headers are included as \"module/file.hpp\""
            if kind == "PURE" and not is_test:
                for pattern, why in BANNED_IN_PURE:
                    if re.search(pattern, line.split("//")[0]):
                        yield f"{where}:{number}: {why}"
        if len(lines) > MAX_LINES and not is_test:
            yield f"{where}: {len(lines)} lines, more than {MAX_LINES}: two ideas in one file?"


if __name__ == "__main__":
    count = 0
    for problem in problems(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()):
        print(problem)
        count += 1
    print(f"layers: {count} problem(s)")
    sys.exit(1 if count else 0)
