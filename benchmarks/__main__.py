"""What `make bench` prints: CPU, memory and calls of the whole way, beside its peers, in one run.

The sink answers at once, so what is measured is the client. Every contender is a process of its own; the
best of the rounds counts, because on a shared machine the others only tell of the neighbours. All of them
run from compiled files, as pip leaves them.
"""

import argparse
import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "src" / "leadferry"


@contextmanager
def sink(folder: Path) -> Iterator[str]:
    """The address of a sink that lives as long as the block."""
    port = folder / "port"
    process = subprocess.Popen([sys.executable, HERE / "sink.py", port], stdin=subprocess.PIPE)
    try:
        while not (port.exists() and port.read_text()):
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port.read_text()}"
    finally:
        process.kill()
        process.wait()


def calls_of(address: str) -> int:
    with urllib.request.urlopen(f"{address}/count", timeout=5) as answer:
        return int(json.load(answer)["calls"])


def contend(name: str, home: Path, address: str) -> dict[str, float]:
    """One contender on a copy of the stock; its figures, with the calls that the sink counted."""
    copy = home.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    before = calls_of(address)
    command = [sys.executable, HERE / "contender.py", name, copy, address]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800)
    return {**json.loads(done.stdout.splitlines()[-1]), "calls": calls_of(address) - before}


def stocked(folder: Path, name: str, **wanted: object) -> Path:
    """A home folder with contacts, made in a process of its own."""
    home = folder / name
    script = (
        f"from pathlib import Path; from stock import prepared; prepared(Path({str(home)!r}), **{wanted!r})"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, timeout=1800)
    return home


def command(home: Path, *words: str) -> tuple[float, float]:
    """Wall seconds and peak memory (MB) of one command, start-up included; the best of five."""
    watch = (
        "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=-3,stderr=-3);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1024)"
    )
    leadferry = Path(sys.executable).with_name("leadferry")
    best, peak = float("inf"), 0.0
    for _ in range(5):
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", watch, leadferry, *words],
            env={**os.environ, "LEADFERRY_HOME": str(home)},
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
        best, peak = min(best, time.perf_counter() - began), float(done.stdout)
    return best, peak


def duel(folder: Path, address: str, *, contacts: int, rounds: int, batch: int) -> None:
    os.environ["BENCH_BATCH"] = str(batch)
    home = stocked(folder, f"duel{batch}", contacts=contacts, sink=address)
    names = ["bare loop", "simple-salesforce", "leadferry"]
    best: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        for name in names:
            figures = contend(name, home, address)
            best[name] = min(best.get(name, figures), figures, key=lambda each: each["cpu"])
    bare, peer = best["bare loop"]["cpu"], best["simple-salesforce"]["cpu"]
    print(f"\n{contacts:,} new contacts, 20 fields, batches of {batch}; best of {rounds} rounds")
    print(f"{'':20}{'CPU s':>8}{'/ bare':>8}{'/ s-s':>8}{'contacts/s':>12}{'calls':>8}{'peak MB':>9}")
    for name in names:
        row = best[name]
        print(
            f"{name:20}{row['cpu']:8.2f}{row['cpu'] / bare:8.2f}{row['cpu'] / peer:8.2f}"
            f"{row['contacts'] / row['wall']:12,.0f}{row['calls']:8.0f}{row['peak_mb']:9.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    compileall.compile_dir(PACKAGE, quiet=1)
    with tempfile.TemporaryDirectory(prefix="leadferry-bench-") as name:
        folder = Path(name)
        with sink(folder) as address:
            for batch in (200, 1000):
                duel(folder, address, contacts=wanted.contacts, rounds=wanted.rounds, batch=batch)
            os.environ["BENCH_BATCH"] = "200"
            home = stocked(folder, "many", contacts=wanted.many, sink=address)
            figures = contend("leadferry", home, address)
            cost = f"{figures['cpu']:.1f} s CPU, {figures['peak_mb']:.0f} MB peak"
            print(f"\n{wanted.many:,} new contacts: {cost}")
            seconds, peak = command(folder / "copy", "run", "bench")
            print(f"Nothing due over {wanted.many:,} contacts: {seconds:.2f} s with start-up, {peak:.0f} MB")
            print(f"leadferry --help: {command(home, '--help')[0]:.2f} s")


if __name__ == "__main__":
    main()
