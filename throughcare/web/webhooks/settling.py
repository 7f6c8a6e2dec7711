"""What was kept is read and acted on when its sender has their answer: one number after another, and giving way to new calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread

PATIENCE, LOOK = 50, 0.01  # how often it gives way before each number, and for how long, in seconds
MOST = 5_000  # numbers; of more than these a round takes care


@dataclass
class Settling:
    """Numbers that wait to be settled, each once however often it wrote. What is left at the end is for a round."""

    settle: Callable[[str], None]
    busy: Callable[[], bool]
    look: float = LOOK
    _numbers: dict[str, None] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _thread: Thread | None = None

    def ask(self, number: str) -> None:
        """Settle what this number sent, soon."""
        with self._lock:
            if len(self._numbers) < MOST:
                self._numbers[number] = None
            if self._thread is None:
                self._thread = Thread(target=self._go_on, name="settling")
                self._thread.start()

    def close(self) -> None:
        """No more than the number it is at."""
        with self._lock:
            self._numbers.clear()
            thread = self._thread
        if thread:
            thread.join()

    def _go_on(self) -> None:
        while number := self._next():
            for _ in range(PATIENCE):
                if not self.busy():
                    break
                time.sleep(self.look)
            self.settle(number)

    def _next(self) -> str | None:
        with self._lock:
            number = next(iter(self._numbers), None)
            if number is None:
                self._thread = None
            else:
                del self._numbers[number]
            return number
