"""The scheduler as a process of its own: `python -m scheduler`."""

from __future__ import annotations

import sys

from config.commands import scheduler_only

if __name__ == "__main__":
    sys.exit(scheduler_only(None))
