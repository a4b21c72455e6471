"""The process of all PLCs at once is killed under a running station."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.health import LinkState
from plant_models.quality import is_bad
from plant_models.simulation.process_link import VirtualPlant
from station.protocol import CommandState
from station.store.verify import verify_folder
from tests.fakes.waiting import wait_until
from tests.fakes.whole_line import start_twin, whole_line


@pytest.fixture
def own_twin() -> Iterator[VirtualPlant]:
    twin = start_twin()
    yield twin
    twin.stop()


def test_a_station_outlives_its_killed_virtual_plant_with_everything_bad(
    own_twin: VirtualPlant, tmp_path: Path
) -> None:
    with whole_line(own_twin, tmp_path) as line:
        line.wait_good()
        own_twin._process.kill()
        for device in line.station.plant.devices:
            line.wait_out(device)
        names = [tag.name for tag in line.table.tags if tag.device or tag.expression]
        wait_until(lambda: all(is_bad(line.table.sample(name).quality) for name in names), what="all values bad")
        assert not any(line.live.reading(name).is_usable for name in names)
        health = line.station.health
        assert health.is_evaluated
        assert {device.state for device in health.devices} == {LinkState.DOWN}
        assert line.command("RPS.START_SP", 70.0).state is CommandState.REJECTED
        assert line.counts().dropped == {}
    verdict = verify_folder(tmp_path)
    assert verdict.bad is None
    assert not verdict.damages
