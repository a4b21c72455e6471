"""Drivers beside the least that can be done: rates, processor time, schedules, isolation, the way into the table."""

from typing import Final

from benchmarks import drivers_bridge, drivers_many, drivers_mqtt, drivers_opcua, drivers_rate
from benchmarks.figure import Figure
from benchmarks.planning import planned_requests_vs_optimum

PARTS: Final = (drivers_rate, drivers_many, drivers_bridge, drivers_opcua, drivers_mqtt)


def run() -> list[Figure]:
    """Return the figures of all parts; each measures its baselines in the same run."""
    planned = Figure("planned_requests_vs_optimum", planned_requests_vs_optimum(), "", "<= 1.05")
    return [planned, *(figure for part in PARTS for figure in part.run())]
