#!/usr/bin/env python3
"""What a shell completes, tried in bash, zsh and fish, and what is suggested for a mistyped command at any depth.

    tests/program/completion.py build/release/virtuoso

Shells that are not installed are left out, and said so.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

SECONDS = 60


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, **options)


def subcommands(binary, *path):
    """Those that the help names."""
    text = run(binary, *path, "--help").stdout
    part = text.split("SUBCOMMANDS:" if "SUBCOMMANDS:" in text else "Subcommands:")[1:]
    return re.findall(r"^  ([a-z][a-z-]*)", part[0], re.MULTILINE) if part else []


def in_bash(script, words):
    line = " ".join(f"'{word}'" for word in words)
    code = f'source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _virtuoso; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = run("bash", "--norc", "-c", code)
    check(not done.stderr, f"bash says {done.stderr}")
    return done.stdout.split()


def in_zsh(script, words):
    """zsh's own functions stand in for those of a terminal: they say what they would show."""
    line = " ".join(f"'{word}'" for word in words)
    stand_ins = ('_describe() { print -l -- "${(@P)${@[-1]}%%:*}" }; _files() { print files }; compdef() { : }; ')
    done = run("zsh", "-f", "-c", stand_ins + f"source {script}; words=({line}); CURRENT={len(words)}; _virtuoso")
    check(not done.stderr, f"zsh says {done.stderr}")
    return done.stdout.split()


def in_fish(script, words):
    line = " ".join(words)
    done = run("fish", "--no-config", "-c", f"source {script}; complete -C '{line}'")
    check(not done.stderr, f"fish says {done.stderr}")
    return [each.split("\t")[0] for each in done.stdout.splitlines()]


def check_shell(binary, shell, complete, folder):
    if not shutil.which(shell):
        print(f"completion: NOT CHECKED in {shell}, which is not installed")
        return
    script = f"{folder}/completion.{shell}"
    made = run(binary, "completion", shell)
    check(made.returncode == 0 and made.stdout, f"a script for {shell}: {made.stderr}")
    with open(script, "w") as file:
        file.write(made.stdout)
    commands = subcommands(binary)
    check(len(commands) > 15 and "completion" in commands, f"the help names the commands: {commands}")
    offered = complete(script, ["virtuoso", ""])
    check(set(commands) <= set(offered), f"{shell} offers every command: {set(commands) - set(offered)}")
    check("warm-state" not in offered, f"{shell} offers what the help does not name")
    for command in ("config", "token", "cache"):
        wanted = set(subcommands(binary, command))
        offered = complete(script, ["virtuoso", command, ""])
        check(wanted and wanted <= set(offered), f"{shell} offers those of {command}: {wanted - set(offered)}")
    offered = complete(script, ["virtuoso", "config", "init", "--"])
    check("--force" in offered and "--json" in offered and "--market" not in offered, f"{shell} offers the flags of config init: {offered}")
    # Words before the command that are no command are passed over.
    offered = complete(script, ["virtuoso", "run", "--market", "demo", "--s"])
    check("--seed" in offered and "--symbols" in offered, f"{shell} offers the flags of run: {offered}")


def check_suggestions(binary):
    for words, wanted in ((("doctr",), "doctor"), (("config", "histry"), "config history"), (("token", "lst"), "token list"),
                          (("config", "explain", "server.prt"), None), (("history", "gasp"), "history gaps")):
        done = run(binary, *words)
        if wanted:
            check(done.returncode == 2 and f"Did you mean `virtuoso {wanted}`?" in done.stderr, f"{words}: {done.stderr}")
        else:
            check("`virtuoso" not in done.stderr, f"{words}: {done.stderr}")


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        for shell, complete in (("bash", in_bash), ("zsh", in_zsh), ("fish", in_fish)):
            check_shell(binary, shell, complete, folder)
    check_suggestions(binary)
    check(run(binary, "completion", "tcsh").returncode == 2, "an unknown shell is refused")
    print("completion: ok")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
