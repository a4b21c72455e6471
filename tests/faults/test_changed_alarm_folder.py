"""alarms.csv edited while the station runs: a bad one changes nothing, a good one is in force as a whole and told."""

import asyncio
from pathlib import Path

from alarms.journal_query import JournalQuery
from plant_models.clock import SystemClock
from plant_models.project import load_plant
from plant_models.quality import Quality
from station.local import LocalStation
from station.session import Session
from tests.fakes.plant_folder import PlantFolder
from tests.fakes.pool import FakePool
from tests.fakes.waiting import wait_until

ENGINEER = Session(user="eve", roles=frozenset({"engineer"}), seat="desk 2", is_logged_on=True)


class Works:
    """A small plant folder and the station that runs it."""

    def __init__(self, path: Path) -> None:
        self.folder = PlantFolder(path / "plant")
        self.folder.register("A", "hr:0", low="0", high="100")
        self.folder.register("B", "hr:2", low="0", high="100")
        self.write("A,H,80", "B,H,80")
        self.pools: list[FakePool] = []
        plant = load_plant(self.folder.path)
        self.station = LocalStation(plant, path / "data", SystemClock(), make_pool=self._make_pool)

    def _make_pool(self, *parts: object) -> FakePool:
        self.pools.append(FakePool(*parts))  # type: ignore[arg-type]
        return self.pools[-1]

    def write(self, *rows: str) -> None:
        self.folder.write("alarms.csv", "\n".join(("tag,kind,limit", *rows, "")))

    def put(self, **values: float) -> None:
        assert self.pools[0].put(values, Quality.GOOD)

    def states(self) -> dict[str, str]:
        return {row.name: row.state.value for row in self.station.alarms.rows}

    def events(self) -> list[str]:
        page = asyncio.run(self.station.journal(JournalQuery()))
        return [f"{row.event} {row.alarm} {row.user}".rstrip() for row in reversed(page.rows)]


def test_a_bad_file_is_refused_with_its_place_and_a_good_one_is_taken_up_whole(tmp_path: Path) -> None:
    works = Works(tmp_path)
    works.station.start()
    try:
        works.put(A=90.0, B=90.0)
        wait_until(lambda: works.states() == {"A.H": "UNACK", "B.H": "UNACK"})
        version = works.station.alarms.version

        works.write("A,H,85", "B,HIGHEST,80")
        refused = asyncio.run(works.station.reload_alarms(ENGINEER, "new limits"))
        assert not refused.is_done
        assert "alarms.csv:3:3: kind: unknown kind 'HIGHEST'" in refused.message
        assert works.station.alarms.version == version
        assert works.states() == {"A.H": "UNACK", "B.H": "UNACK"}
        assert works.events() == ["ALM A.H", "ALM B.H"]

        works.write("A,H,95")
        assert asyncio.run(works.station.reload_alarms(ENGINEER, "new limits")).is_done
        assert works.states() == {"A.H": "RTNUN"}
        assert works.station.alarms.version != version
        assert set(works.station.alarms.configured) >= {"A.H"}
        assert "B.H" not in works.station.alarms.configured
        assert sorted(works.events()[2:]) == ["CONFIG A.H eve", "REMOVED B.H eve", "RTN A.H"]

        works.put(B=95.0)
        wait_until(lambda: works.station.table.sample("B").value == 95.0)
        assert works.states() == {"A.H": "RTNUN"}
    finally:
        works.station.stop()


def test_an_alarm_in_force_is_not_lost_to_a_tag_that_only_the_next_start_has(tmp_path: Path) -> None:
    works = Works(tmp_path)
    works.station.start()
    try:
        works.folder.register("C", "hr:4", low="0", high="100")
        works.folder.write("alarms.csv", "tag,kind,limit,suppress_when\nA,H,80,{C} == 1\nB,H,80,\n")
        refused = asyncio.run(works.station.reload_alarms(ENGINEER, "rule"))
        assert refused.message == "A.H names a tag that the running station doesn't have; restart it"
        assert {"A.H", "B.H"} <= set(works.station.alarms.configured)
    finally:
        works.station.stop()
