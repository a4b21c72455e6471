"""A station in real time that gets a new number a hundred times a second until it is killed.

`python -m tests.fakes.endless_station FOLDER` prints with every tenth number the newest one that is surely on disk,
and the number itself.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from drivers.base import Sink
from plant_models.batch import samples
from plant_models.clock import Clock, SystemClock
from plant_models.device import Endpoint
from plant_models.plant import Plant
from station.local import LocalStation
from tests.fakes.pool import FakePool
from tests.fakes.pump_plant import pump_plant

TAG = "LEVEL"
PERIOD_S = 0.01


def run(folder: Path) -> None:
    """Put numbers, counting up from 1; LEVEL_PCT, calculated from them, is recorded as well."""
    pools: list[FakePool] = []

    def make_pool(
        plant: Plant, index: Mapping[str, int], sink: Sink, clock: Clock, endpoints: Mapping[str, Endpoint]
    ) -> FakePool:
        pools.append(FakePool(plant, index, sink, clock, endpoints))
        return pools[0]

    clock = SystemClock()
    station = LocalStation(pump_plant(), folder, clock, make_pool=make_pool)
    station.start()
    row, number = station.table.index[TAG], 0
    while True:
        number += 1
        assert pools[0].sink.offer(samples(row, float(number), 0, clock.wall_us(), clock.mono_ns()))
        clock.sleep(PERIOD_S)
        if number % 10 == 0:
            sys.stdout.write(f"{station.health.history.stored // 2} {number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    run(Path(sys.argv[1]))
