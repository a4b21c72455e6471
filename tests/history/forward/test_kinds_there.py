"""A tag that changes its type has two series on a server as well, and each answers for itself."""

from pathlib import Path

import pytest

from history.places import Far, Places
from history.store.frames import FrameStore
from history.store.kinds import NUMBER, TEXT
from history.store.series import Series
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.forwarding import OnlyWriter
from tests.fakes.spooling import Spooling, ask


@pytest.mark.parametrize("kinds", [(NUMBER, TEXT, NUMBER), (TEXT, NUMBER, TEXT)])
def test_a_tag_that_changes_its_type_and_back(
    tmp_path: Path, clock: ManualClock, pg_database: str, kinds: tuple[str, ...]
) -> None:
    put: dict[str, list[float]] = {NUMBER: [], TEXT: []}
    for kind in kinds:
        station = Spooling(tmp_path / "station", clock, pg_database, names=("A",))
        station.store.series = [Series("A", kind, "m")]
        station.start()
        for number in range(3):
            value = float(clock.mono_ns() // 1_000_000_000 * 10 + number)
            put[kind].append(value)
            station.put({"A": value})
            station.tick()
        station.send()
        station.stop()
    assert ask(pg_database, "SELECT name, kind, unit FROM hist_tag ORDER BY id") == [
        ("A", kinds[0], "m"),
        ("A", kinds[1], "m"),
    ]
    for kind in (NUMBER, TEXT):
        frames = FrameStore(tmp_path / "elsewhere", [Series("A", kind)])
        places = Places(tmp_path / "elsewhere", frames, clock, Far(pg_database, OnlyWriter()))
        found = places.whole.read([0], 0, 2**62, 2**62)
        assert found.values[found.qualities == Quality.GOOD].tolist() == put[kind]
        places.close()
