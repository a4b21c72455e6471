"""A history of some hours, packed and not, in files."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.packing_bench import Bench, shift

ODD_NAN = float(np.array([0x7FF8_0000_DEAD_BEEF], np.uint64).view(np.float64)[0])


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Bench]:
    """Three hours of three tags, two of them packed, with every odd value there is among the newest."""
    bench = Bench(tmp_path / "data")
    try:
        shift(bench, 2, step_s=300)
        bench.clock.advance(120)
        bench.pack()
        now_us = bench.clock.wall_us()
        odd = [(-0.0, 0), (np.inf, 0x8000), (-np.inf, 0x8000), (ODD_NAN, 0x809B), (5e-324, 0x4093), (0.1 + 0.2, 0x96)]
        for number, (value, quality) in enumerate(odd):
            bench.record((0, now_us + number, value, quality), (1, now_us + 7 * number, -value, quality))
        yield bench
    finally:
        bench.close()
