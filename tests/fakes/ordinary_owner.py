"""Living for a while without root's right to ignore file modes, so that `chmod` means something in a container too."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 0x20080522
_IGNORE_MODES = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


@contextmanager
def ordinary_owner() -> Iterator[None]:
    """Drop the rights of this thread and of those it starts; an ordinary user has none to drop."""
    if os.geteuid():
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0, os.strerror(ctypes.get_errno())
    held = sets[0]
    sets[0] = held & ~_IGNORE_MODES
    assert libc.capset(header, sets) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        sets[0] = held
        assert libc.capset(header, sets) == 0, os.strerror(ctypes.get_errno())
