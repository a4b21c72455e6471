"""What screens look at is passed on to the drivers, where it matters to them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from station.local import LocalStation
from tests.fakes.clock import ManualClock
from tests.fakes.pool import FakePool
from tests.fakes.pump_plant import pump_plant


def _leased(folder: Path, rest_s: dict[str, float]) -> list[list[int]]:
    """Return what the drivers hear when somebody looks at the level."""
    pools: list[FakePool] = []

    def make(*parts: object) -> FakePool:
        pools.append(FakePool(*parts))  # type: ignore[arg-type]
        return pools[-1]

    plant = replace(pump_plant(), rest_s=rest_s)
    station = LocalStation(plant, folder, ManualClock(), make_pool=make)
    level = station.table.index["LEVEL"]
    station.lease(np.array([level]))
    assert pools[0].leased in ([], [[level]])
    return pools[0].leased


def test_a_look_at_leased_tags_reaches_the_drivers(tmp_path: Path) -> None:
    assert len(_leased(tmp_path, {"normal": 10.0})) == 1


def test_without_leased_classes_nothing_is_said(tmp_path: Path) -> None:
    assert _leased(tmp_path, {}) == []
