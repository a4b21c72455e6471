"""Alarms of a running station are changed whole: checked, recorded, written, taken up; or nothing happens at all."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alarms.changing import AlarmChanges
from alarms.definitions import alarms_of, version_of
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.clock import SystemClock
from plant_models.message import Message
from plant_models.plant import Plant
from plant_models.project import load_plant
from station.acts import Acts
from station.alarm_changes import AlarmChanger
from station.alarm_snapshots import NOT_EVALUATED
from station.alarms import StationAlarms
from station.local import LocalStation
from station.protocol import ActResult, AlarmFile
from station.session import Session
from station.store.audit import Audit
from tests.fakes.audit_rows import audit_rows
from tests.fakes.plant_folder import PlantFolder

ENGINEER = Session(user="eve", roles=frozenset({"engineer"}), seat="desk 2", is_logged_on=True)
OPERATOR = Session(user="ada", roles=frozenset({"operator"}), seat="desk 1", is_logged_on=True)
LOW = AlarmDefinition(tag="A", kind=AlarmKind.LOW, limit=1.0, text="Low")


class Bench:
    """A changer of a small plant folder; `taken` are the plants that were taken up, `failure` keeps one from it."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = PlantFolder(folder)
        self.folder.register("A", "hr:0", low="0", high="100")
        self.folder.add("equipment.csv", name="G1", type="gadget", area="A1", device="PLC", address="hr:10")
        self.folder.write("alarms.csv", "# mine\ntag,kind,limit\nA,H,80\n")
        self.data = data
        self.audit = Audit(data, SystemClock())
        self.audit.open()
        self.taken: list[tuple[Plant, Session, str]] = []
        self.failure: Exception | None = None
        self.changer = AlarmChanger(load_plant(folder), Acts(self.audit), self.use)

    def use(self, plant: Plant, session: Session, reason: str) -> str:
        if self.failure:
            raise self.failure
        self.taken.append((plant, session, reason))
        return "taken up"

    def change(
        self,
        *changed: AlarmDefinition,
        removed: frozenset[str] = frozenset(),
        version: str = "",
        reason: str = "trial",
        session: Session = ENGINEER,
    ) -> ActResult:
        asked = AlarmChanges(version=version or self.changer.version, changed=changed, removed=removed, reason=reason)
        return self.changer.change(asked, session)

    def rows(self) -> list[tuple[str, ...]]:
        return [(row["user"], row["title"], row["reason"], row["state"], row["message"])
                for row in audit_rows(self.data, "alarms")]  # fmt: skip

    @property
    def high(self) -> AlarmDefinition:
        return self.changer.plant.alarms[0]

    @property
    def names(self) -> list[str]:
        return [alarm.name for alarm in load_plant(self.folder.path).alarms]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    resources = tmp_path / "resources"
    (resources / "symbols").mkdir(parents=True)
    (resources / "symbols" / "tank.svg").write_text("<svg/>")
    monkeypatch.setattr("plant_models.project.types.RESOURCES", resources)
    (tmp_path / "data").mkdir()
    bench = Bench(tmp_path / "plant", tmp_path / "data")
    yield bench
    bench.audit.close()


def test_a_change_is_recorded_written_and_taken_up(bench: Bench) -> None:
    before = bench.changer.version
    assert bench.change(replace(bench.high, limit=90.0), LOW) == ActResult(True)
    ((plant, session, reason),) = bench.taken
    assert [(alarm.name, alarm.limit) for alarm in plant.alarms] == [("A.H", 90.0), ("A.L", 1.0), ("G1.LEVEL.H", 8.0)]
    assert (session, reason) == (ENGINEER, "trial")
    assert plant.alarms == load_plant(bench.folder.path).alarms
    assert bench.folder.read("alarms.csv").startswith("# mine\n")
    assert bench.changer.version == version_of(alarms_of(plant)) != before
    act = ("eve", "Change alarms: 2", "trial")
    assert bench.rows() == [
        (*act, "sent", ""),
        (*act, "verified", "changed: A.H (limit 80 → 90); added: A.L; taken up"),
    ]


def test_alarms_are_removed_and_defaults_disabled(bench: Bench) -> None:
    level = bench.changer.plant.alarms[1]
    assert bench.change(replace(level, enabled=False), removed=frozenset({"A.H"})).is_done
    assert bench.names == ["G1.LEVEL.H"]
    assert not bench.taken[0][0].alarms[0].enabled
    assert bench.rows()[-1][-1] == "changed: G1.LEVEL.H (enabled true → false); removed: A.H; taken up"
    refused = bench.change(removed=frozenset({"G1.LEVEL.H"}))
    assert refused.message == "G1.LEVEL H comes with its equipment type and can't be removed; it can be disabled"


def test_who_saw_an_older_version_is_told_who_changed_it(bench: Bench) -> None:
    seen = bench.changer.version
    assert bench.change(LOW).is_done
    refused = bench.change(replace(bench.high, limit=70.0), version=seen)
    assert refused == ActResult(False, "Somebody changed the alarms meanwhile: eve")
    assert len(bench.taken) == 1
    assert bench.rows()[-1][3:] == ("rejected", "Somebody changed the alarms meanwhile: eve")


def test_what_may_not_be_is_refused_in_words(bench: Bench) -> None:
    nobody = replace(ENGINEER, user="")
    refusals = (
        (bench.change(LOW, session=OPERATOR), "Only an engineer or an administrator may change alarms"),
        (bench.change(LOW, session=nobody), "Only an engineer or an administrator may change alarms"),
        (bench.change(LOW, reason=" "), "A change of alarms needs a reason"),
        (bench.change(LOW, version="other"), "The alarms are no longer those that you saw"),
        (bench.change(), "There is nothing to change"),
        (bench.change(removed=frozenset({"A.LL"})), "There is no alarm A.LL"),
        (bench.change(replace(LOW, tag="B")), "The running station has no tag B"),
        (bench.change(replace(LOW, suppress_when="{B} == 1")), "The running station has no tag B"),
        (bench.changer.reload(OPERATOR, "x"), "Only an engineer or an administrator may change alarms"),
    )
    for result, words in refusals:
        assert result == ActResult(False, words)
        assert isinstance(result.message, Message)
    assert bench.taken == []
    assert bench.names == ["A.H", "G1.LEVEL.H"]


def test_a_mistake_changes_nothing_and_is_told_with_its_place(bench: Bench) -> None:
    before = bench.folder.read("alarms.csv")
    refused = bench.change(replace(bench.high, limit=900.0))
    assert refused.message.startswith("The plant folder would have 1 mistakes: alarms.csv:")
    assert "outside the range 0 to 100" in refused.message
    assert (bench.folder.read("alarms.csv"), bench.taken) == (before, [])
    assert bench.rows()[-1][3] == "not sent"


@pytest.mark.parametrize("failure", [ValueError("the station thread hangs"), RuntimeError("the station thread hangs")])
def test_what_can_not_be_taken_up_is_taken_back(bench: Bench, failure: Exception) -> None:
    before, version = bench.folder.read("alarms.csv"), bench.changer.version
    bench.failure = failure
    refused = bench.change(LOW)
    assert not refused.is_done
    assert "the station thread hangs" in refused.message
    assert bench.folder.read("alarms.csv") == before
    bench.failure = None
    assert bench.change(LOW, version=version).is_done


def test_a_file_that_another_program_changed_is_read_first(bench: Bench) -> None:
    bench.folder.append("alarms.csv", "A,HH,95\n")
    refused = bench.change(LOW)
    assert refused == ActResult(False, "alarms.csv was changed by another program: read it anew first")
    assert bench.changer.reload(ENGINEER, "edited by hand") == ActResult(True)
    assert [alarm.name for alarm in bench.taken[0][0].alarms] == ["A.H", "A.HH", "G1.LEVEL.H"]
    assert bench.rows()[-1] == ("eve", "Read alarms.csv anew", "edited by hand", "verified", "added: A.HH; taken up")
    assert bench.change(LOW).is_done


def test_a_file_with_mistakes_leaves_the_running_alarms_as_they_are(bench: Bench) -> None:
    version = bench.changer.version
    bench.folder.append("alarms.csv", "A,HH,x\nB,H,1\n")
    refused = bench.changer.reload(ENGINEER, "edited by hand")
    assert refused.message == (
        "The plant folder would have 2 mistakes: alarms.csv:4:6: limit: 'x' is not a number; write it as 12.5; "
        "alarms.csv:5:1: alarm on the unknown tag 'B'; use A or G1.CMD or G1.DOUBLE or G1.LEVEL or G1.RUN"
    )
    assert (bench.changer.version, bench.taken) == (version, [])


def test_a_file_that_says_what_is_in_force_takes_up_nothing(bench: Bench) -> None:
    assert bench.changer.reload(ENGINEER, "to be sure").is_done
    assert bench.taken == []
    assert bench.rows()[-1][-1] == "alarms.csv says what is in force already"


def test_alarms_on_tags_that_the_running_station_has_not_wait_for_its_next_start(bench: Bench) -> None:
    bench.folder.register("NEW", "hr:60")
    bench.folder.append("alarms.csv", "NEW,H,5\nA,HH,95\n")
    assert bench.changer.reload(ENGINEER, "new tag").is_done
    assert [alarm.name for alarm in bench.taken[0][0].alarms] == ["A.H", "A.HH", "G1.LEVEL.H"]
    assert bench.change(LOW).is_done
    assert bench.names == ["A.H", "NEW.H", "A.HH", "A.L", "G1.LEVEL.H"], "the file keeps what lives later"


def test_a_look_at_the_file_says_what_it_would_change_and_changes_nothing(bench: Bench) -> None:
    assert bench.changer.look() == AlarmFile(version=bench.changer.version)
    bench.folder.register("NEW", "hr:60")
    bench.folder.write("alarms.csv", "tag,kind,limit\nA,L,2\nNEW,H,5\n")
    found = bench.changer.look()
    assert [(alarm.name, alarm.limit) for alarm in found.changed] == [("A.L", 2.0)]
    assert (found.removed, found.later, found.problems) == (("A.H",), ("NEW.H",), ())
    assert (bench.taken, bench.changer.version != found.version) == ([], True)
    assert bench.changer.reload(ENGINEER, "seen", found.version).is_done
    assert bench.changer.version == found.version


def test_what_was_changed_again_since_it_was_looked_at_is_not_taken_up(bench: Bench) -> None:
    bench.folder.append("alarms.csv", "A,HH,95\n")
    seen = bench.changer.look().version
    bench.folder.append("alarms.csv", "A,L,5\n")
    refused = bench.changer.reload(ENGINEER, "limits", seen)
    assert refused == ActResult(False, "alarms.csv was changed again since you looked at it")
    assert isinstance(refused.message, Message)
    assert bench.taken == []


def test_a_look_at_a_bad_file_names_every_mistake_with_its_place(bench: Bench) -> None:
    bench.folder.write("alarms.csv", "tag,kind,limit\nA,HIGHEST,80\nB,H,x\n")
    found = bench.changer.look()
    assert [problem.split(" ")[0] for problem in found.problems] == [
        "alarms.csv:2:3:",
        "alarms.csv:3:1:",
        "alarms.csv:3:5:",
    ]
    assert (found.changed, found.removed) == ((), ())
    bench.folder.register("NEW", "hr:60")
    bench.folder.write("alarms.csv", "tag,kind,limit,suppress_when\nA,H,80,{NEW} == 1\n")
    assert bench.changer.look().problems == ("A.H names a tag that the running station doesn't have; restart it",)
    assert bench.changer.reload(ENGINEER, "rule").message == bench.changer.look().problems[0]
    bench.folder.path.rename(bench.folder.path.with_name("elsewhere"))
    assert bench.changer.look().problems


def test_a_folder_that_is_not_there_or_can_not_be_written_is_said(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "can't be written" in bench.change(LOW).message
    bench.folder.path.rename(bench.folder.path.with_name("elsewhere"))
    assert "isn't on this computer" in bench.change(LOW).message


def test_a_running_station_takes_up_what_was_changed(bench: Bench, tmp_path: Path) -> None:
    station = LocalStation(load_plant(bench.folder.path), tmp_path / "own", SystemClock())
    asked = AlarmChanges(version=version_of(alarms_of(station.plant)), changed=(LOW,), reason="trial")
    assert asyncio.run(station.change_alarms(asked, ENGINEER)).message == "The station is not running"
    assert asyncio.run(station.reload_alarms(ENGINEER, "x")).message == "The station is not running"
    assert asyncio.run(station.alarm_file()).problems == ("The station is not running",)
    station.start()
    try:
        assert asyncio.run(station.change_alarms(asked, ENGINEER)) == ActResult(True)
        assert asyncio.run(station.alarm_file()) == AlarmFile(version=station.alarms.version)
        assert "A.L" in station.alarms.configured
        assert [alarm.name for alarm in station.plant.alarms] == ["A.H", "A.L", "G1.LEVEL.H"]
        assert station.alarms.version == version_of(alarms_of(station.plant)) != asked.version
        bench.folder.append("alarms.csv", "A,LL,0.5\n")
        assert asyncio.run(station.reload_alarms(ENGINEER, "x")) == ActResult(True)
        assert "A.LL" in station.alarms.configured
    finally:
        station.stop()
    assert bench.names == ["A.H", "A.L", "A.LL", "G1.LEVEL.H"]
    assert audit_rows(tmp_path / "own", "alarms")[1]["message"] == "added: A.L"


def test_alarms_stay_as_they_are_while_the_station_thread_hangs(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = LocalStation(load_plant(bench.folder.path), tmp_path / "own", SystemClock())
    before = bench.folder.read("alarms.csv")
    asked = AlarmChanges(version=version_of(alarms_of(station.plant)), changed=(LOW,), reason="trial")
    monkeypatch.setattr(StationAlarms, "use", lambda *_: NOT_EVALUATED)
    station.start()
    try:
        assert asyncio.run(station.change_alarms(asked, ENGINEER)) == ActResult(False, NOT_EVALUATED)
    finally:
        station.stop()
    assert bench.folder.read("alarms.csv") == before


def test_many_and_long_changes_are_told_in_short(bench: Bench) -> None:
    many = [replace(LOW, id=f"n{number}") for number in range(45)]
    assert bench.change(replace(bench.high, text="word " * 40 + "end"), *many).is_done
    words = bench.rows()[-1][-1]
    assert "(text - → word word word word word word word word word word word word …)" in words
    assert words.endswith("A.L.n39, and 5 more; taken up")
