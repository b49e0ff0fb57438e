#!/usr/bin/env python3
"""What the running program says of itself: /api/monitoring/metrics, and /metrics as a real Prometheus reads it.

    tests/program/metrics.py build/release/virtuoso

promtool and prometheus are Debian's package; where they are not installed that part is left out, and said so.
"""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from free_port import free_port

SECONDS = 60
STAGES = ("socket", "decode", "score", "view", "publish")


def check(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def read(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read().decode()
    except OSError:  # not there yet
        return ""


def await_that(what, holds):
    deadline = time.monotonic() + SECONDS
    while not (found := holds()):
        if time.monotonic() > deadline:
            sys.exit(f"never: {what}")
        time.sleep(0.2)
    return found


def measured(port):
    """The document once every stage has been passed."""
    document = json.loads(read(f"http://127.0.0.1:{port}/api/monitoring/metrics") or "{}")
    stages = document.get("stages", {})
    return document if all(stages.get(name, {}).get("count", 0) > 0 for name in STAGES) else None


def check_document(document):
    for name in STAGES:
        stage = document["stages"][name]
        check(0 < stage["p50_us"] <= stage["p99_us"] <= 1e6, f"the quantiles of {name}: {stage}")
    engine = document["queues"]["engine"]
    check(0 <= engine["bytes"] < engine["bytes_max"] and engine["lost"] == 0, f"the engine's queue: {engine}")
    check(document["process"]["resident_bytes"] > 1e6 and document["process"]["open_files"] > 5, f"the process: {document['process']}")
    check([tier["name"] for tier in document["cache"]["tiers"]] == ["l1", "l2", "l3"], f"the tiers: {document['cache']['tiers']}")


def check_text(text):
    for name in STAGES:
        check(re.search(rf'^virtuoso_stage_seconds_count{{stage="{name}"}} [1-9]', text, re.MULTILINE), f"the histogram of {name}")
    for series in ("virtuoso_feed_age_seconds{", 'virtuoso_queue_bytes{queue="engine"}', "virtuoso_cache_requests_total{",
                   "virtuoso_log_lines_lost_total 0", "process_open_fds ", 'virtuoso_orders_total{outcome="sent",purpose="entry"} ',
                   'virtuoso_signal_denials_total{code="HALTED"} ', 'virtuoso_open_orders{purpose="stop"} '):
        check(series in text, f"{series} is in /metrics:\n{text[:3000]}")
    if not shutil.which("promtool"):
        print("metrics: NOT CHECKED by promtool: Debian's prometheus is not installed")
        return
    judged = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=SECONDS)
    check(judged.returncode == 0 and not judged.stderr, f"promtool: {judged.stdout}{judged.stderr}")


def check_scraped(port, folder):
    if not shutil.which("prometheus"):
        print("metrics: NOT SCRAPED: Debian's prometheus is not installed")
        return
    config = f"{folder}/prometheus.yml"
    with open(config, "w") as file:
        file.write(f"scrape_configs:\n- job_name: virtuoso\n  scrape_interval: 1s\n  static_configs:\n  - targets: ['127.0.0.1:{port}']\n")
    own = free_port()
    server = subprocess.Popen(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
                               f"--web.listen-address=127.0.0.1:{own}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def value(expression):
        answer = read(f"http://127.0.0.1:{own}/api/v1/query?query={urllib.parse.quote(expression)}")
        found = json.loads(answer)["data"]["result"] if answer else []
        return float(found[0]["value"][1]) if found else None

    try:
        await_that("Prometheus reaches the program", lambda: value('up{job="virtuoso"}') == 1)
        await_that("Prometheus computes a quantile of every stage", lambda: value(
            f'count(histogram_quantile(0.99, rate(virtuoso_stage_seconds_bucket[10s])) > 0)') == len(STAGES))
        check(value("count(virtuoso_feed_age_seconds)") > 3, "Prometheus has the ages of the feeds")
    finally:
        server.kill()
        server.wait()


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        program = subprocess.Popen([binary, "run", "--market", "demo", "--demo-symbols", "3", "--demo-warm", "0", "--port", "0",
                                    "--monitoring-port", "0", "--database", "off", "--trade", "paper"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            port = re.search(r"localhost:(\d+)/metrics", program.stdout.readline())[1]
            check_document(await_that("every stage is passed", lambda: measured(port)))
            check_text(read(f"http://127.0.0.1:{port}/metrics"))
            check_scraped(port, folder)
        finally:
            program.kill()
            program.wait()
    print("metrics: ok")


if __name__ == "__main__":
    main(sys.argv[1])
