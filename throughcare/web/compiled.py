"""Keeps compiled templates where Python keeps compiled modules, so that a second start need not compile them again."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from jinja2.bccache import BytecodeCache, FileSystemBytecodeCache


class Compiled(FileSystemBytecodeCache):
    """Of a template as it is, under the filters and options there now are: what is known when compiling is compiled in."""

    def get_source_checksum(self, source: str) -> str:
        return sha256(_ours() + source.encode()).hexdigest()


@lru_cache(maxsize=1)
def cache() -> BytecodeCache | None:
    """Where compiled templates are kept; None where Python keeps nothing either, or may not write."""
    folder = Path(cache_from_source(__file__)).parent
    kept = not sys.dont_write_bytecode and os.access(folder, os.W_OK)
    return Compiled(str(folder), "template.%s.cache") if kept else None


@lru_cache(maxsize=1)
def _ours() -> bytes:
    sources = (source.read_bytes() for source in sorted(Path(__file__).parent.glob("*.py")))
    return sha256(b"".join(sources)).digest()
