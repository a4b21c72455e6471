"""A small history of two months, recorded once for each test process and copied for each test."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.fakes.packing_bench import LAST_HOUR, Bench, shift

NOVEMBER, DECEMBER = "history-2023-11.sqlite", "history-2023-12.sqlite"


def opened(folder: Path) -> Bench:
    """Return an open history in a folder: packed hours of two months, minutes and a frame; its tags are A, B and C."""
    kept, expected, now_us = _recorded()
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    one = Bench(folder, start_us=now_us)
    one.expected = dict(expected)
    return one


def closed(folder: Path) -> Bench:
    """Return what `opened` does, closed: the files lie in the folder."""
    one = opened(folder)
    one.close()
    return one


@cache
def _recorded() -> tuple[Path, dict[tuple[int, int], tuple[float, int]], int]:
    folder = Path(tempfile.mkdtemp(prefix="clearwell-kept-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    one = Bench(folder, start_us=LAST_HOUR - 2 * 3_600_000_000)
    shift(one, 5, 120)
    one.pack()
    shift(one, 1, 120)
    one.record((0, one.clock.wall_us(), 1.0, 0))
    one.clock.advance(1)
    one.close()
    return folder, one.expected, one.clock.wall_us()


def reopened(folder: Path, kept: Bench) -> Bench:
    """Open files that `closed` has left and a test has changed."""
    one = Bench(folder, start_us=kept.clock.wall_us())
    one.expected = dict(kept.expected)
    return one
