"""Things that happen at one instant, each on a thread of its own."""

from __future__ import annotations

import threading


def at_once(*sides, wait=None):
    """Begin them together; done when all are, or (`wait` seconds) whether they are or not. The threads."""
    start = threading.Barrier(len(sides))

    def go(side):
        start.wait()
        side()

    threads = [threading.Thread(target=go, args=[side], daemon=True) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(wait)
    return threads
