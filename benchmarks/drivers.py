"""Drivers beside the least that can be done: rates, processor time, schedules, isolation, the way into the table."""

from typing import Final

from benchmarks import drivers_bridge, drivers_many, drivers_rate
from benchmarks.figure import Figure

PARTS: Final = (drivers_rate, drivers_many, drivers_bridge)


def run() -> list[Figure]:
    """Return the figures of all parts; each measures its baselines in the same run."""
    return [figure for part in PARTS for figure in part.run()]
