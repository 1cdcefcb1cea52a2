"""The worker process beside the pages: started, started again when it dies, ended with them."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 60.0
"""Seconds a worker has to come to a good point before it is killed; what it leaves is carried on."""
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds before a worker that died is started again."""


@contextmanager
def crewed() -> Iterator[None]:
    """A worker with the scheduler, for as long as the block lasts."""
    over = threading.Event()
    worker = _started()
    current = [worker]
    watch = threading.Thread(target=_watch, args=(current, over), name="leadferry-crew", daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        _end(current[0])
        watch.join(timeout=PATIENCE)


def _started() -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C reaches the pages, which then end the worker in order.
    command = [sys.executable, "-m", "leadferry.console.serving"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def _watch(current: "list[subprocess.Popen[bytes]]", over: threading.Event) -> None:
    deaths = 0
    while True:
        current[0].wait()
        if over.wait(PAUSES[min(deaths, len(PAUSES) - 1)]):
            return
        deaths += 1
        current[0] = _started()


def _end(worker: "subprocess.Popen[bytes]") -> None:
    if worker.stdin:
        worker.stdin.close()
    try:
        worker.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
