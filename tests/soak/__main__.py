"""`make soak`: what takes hours, part by part. The parts have a module of their own, so that other processes find them."""

from __future__ import annotations

import sys

from tests.soak.parts import main

if __name__ == "__main__":
    sys.exit(main())
