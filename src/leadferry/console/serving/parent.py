"""A process that must not outlive the one that started it: its standard input ends with that one."""

import os
import signal
import threading


def end_with_parent() -> None:
    """From now on, end this process, in order, when its standard input ends."""
    threading.Thread(target=_wait, name="leadferry-parent", daemon=True).start()


def _wait() -> None:
    # Not by sys.stdin: a thread that waits in it keeps an interpreter from ending.
    while os.read(0, 4096):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
