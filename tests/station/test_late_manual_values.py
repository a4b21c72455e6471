"""An audit that can't be read at the start: what was set before holds again as soon as it can be read."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from database.errors import DamagedError, DatabaseError
from drivers.base import WriteRequest
from plant_models.message import Message
from plant_models.quality import Quality
from station.kept import KeptValue
from station.protocol import CommandState, ManualRequest
from station.store.audit import Audit
from tests.fakes.locked_database import locked_whole
from tests.fakes.running_station import OPERATOR, RunningStation
from tests.fakes.waiting import wait_until

Kept = tuple[tuple[KeptValue, ...], tuple[KeptValue, ...]]


def set_manual(running: RunningStation, tag: str, value: float | None) -> str:
    request = ManualRequest(tag=tag, value=value, reason="sensor is being cleaned")
    return asyncio.run(running.station.set_manual(request, OPERATOR))


def held(running: RunningStation) -> dict[str, float]:
    return {each.tag: each.value for each in running.station.manual_values}


def wait_for(running: RunningStation, tag: str, value: float, quality: int) -> None:
    def found() -> bool:
        sample = running.station.table.sample(tag)
        return (sample.value, sample.quality) == (value, quality)

    wait_until(found, what=f"{tag} = {value}, quality {quality}")


def _written(running: RunningStation, request: WriteRequest) -> None:
    """Let the memory hold what is written to it, as the real pool does."""
    running.pool.put({"NOTE": request.value})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A level and a dose that are manual, a memory tag that holds 2, and a speed whose manual value was taken back."""
    monkeypatch.setattr("station.audit_check.PERIOD_S", 0.05)
    first = RunningStation(tmp_path)
    first.start()
    first.put_ready()
    for tag, value in (("LEVEL", 5.0), ("DOSE", 4.0), ("P1.SPEED_SP", 20.0), ("P1.SPEED_SP", None)):
        assert set_manual(first, tag, value) == ""
    assert first.command("NOTE", 2.0).state is CommandState.VERIFIED
    first.stop()
    return tmp_path


@contextmanager
def started_blind(folder: Path) -> Iterator[RunningStation]:
    """A station that is started while another program has the database; it lets go at the end."""
    running = RunningStation(folder)
    with locked_whole(folder):
        running.start()
        running.put_ready()
        running.put({"LEVEL": 3.0})
        yield running


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Let whoever has read what was kept wait: it has been read, and it may go on."""
    is_read, may_go_on = threading.Event(), threading.Event()
    kept = Audit.kept

    def slow(audit: Audit) -> Kept:
        found = kept(audit)
        is_read.set()
        may_go_on.wait(20)
        return found

    monkeypatch.setattr(Audit, "kept", slow)
    yield is_read, may_go_on
    may_go_on.set()


def test_what_was_set_holds_again_when_the_lock_ends(folder: Path) -> None:
    with started_blind(folder) as running:
        assert "locked by another program" in running.station.health.audit_error
        assert "locked by another program" in running.station.health.unrestored
        assert isinstance(running.station.health.unrestored, Message)
        assert "can't be recorded" in set_manual(running, "LEVEL", 6.0)
        assert running.command("NOTE", 7.0).state is CommandState.REJECTED
        assert held(running) == {}
        assert running.station.table.sample("LEVEL").value == 3.0
    try:
        wait_for(running, "LEVEL", 5.0, Quality.GOOD_LOCAL_OVERRIDE)
        wait_for(running, "NOTE", 2.0, Quality.GOOD)
        wait_until(lambda: not running.station.health.unrestored)
        assert held(running) == {"LEVEL": 5.0, "DOSE": 4.0}
        assert [each.user for each in running.station.manual_values] == ["ada", "ada"]
        assert running.station.table.sample("P1.SPEED_SP").value == 30.0
        assert set_manual(running, "LEVEL", None) == ""
        wait_for(running, "LEVEL", 3.0, Quality.GOOD)
    finally:
        running.stop()


def test_what_a_person_did_before_it_was_taken_up_counts_more(
    folder: Path, reading: tuple[threading.Event, threading.Event]
) -> None:
    is_read, may_go_on = reading
    with started_blind(folder) as running:
        pass
    try:
        assert is_read.wait(20)
        running.pool.on_write = lambda request: _written(running, request)
        assert running.command("NOTE", 7.0).state is CommandState.VERIFIED
        assert set_manual(running, "LEVEL", 6.0) == ""
        assert set_manual(running, "DOSE", 1.0) == ""
        assert set_manual(running, "DOSE", None) == ""
        assert running.station.health.unrestored
        may_go_on.set()
        wait_until(lambda: not running.station.health.unrestored)
        running.pool.put({"P1.SPEED_SP": 31.0})
        wait_for(running, "P1.SPEED_SP", 31.0, Quality.GOOD)
        assert held(running) == {"LEVEL": 6.0}
        wait_for(running, "LEVEL", 6.0, Quality.GOOD_LOCAL_OVERRIDE)
        wait_for(running, "NOTE", 7.0, Quality.GOOD)
    finally:
        running.stop()


def test_an_error_that_nobody_thought_of_does_not_end_the_tries(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, tries = Audit.kept, []

    def failing_once(audit: Audit) -> Kept:
        tries.append(audit)
        if len(tries) == 1:
            raise ValueError("nobody thought of this")
        return kept(audit)

    with started_blind(folder) as running:
        monkeypatch.setattr(Audit, "kept", failing_once)
        wait_until(lambda: len(tries) > 1)
        assert running.station.health.unrestored
    try:
        wait_for(running, "LEVEL", 5.0, Quality.GOOD_LOCAL_OVERRIDE)
    finally:
        running.stop()


def test_what_this_run_wrote_is_not_taken_for_what_the_last_one_left(folder: Path) -> None:
    running = RunningStation(folder)
    running.start()
    try:
        audit, before = running.station._parts.audit, [("LEVEL", 5.0), ("DOSE", 4.0)]
        assert set_manual(running, "LEVEL", 6.0) == ""
        assert running.command("NOTE", 7.0).state is CommandState.VERIFIED
        manual, commanded = audit.kept()
        assert [(each.tag, each.value) for each in manual if each.state == "held"] == before
        assert [(each.tag, each.value) for each in commanded] == [("NOTE", 2.0)]
    finally:
        running.stop()


def test_a_memory_tag_that_finds_no_room_gets_it_later(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = RunningStation(folder)
    offer, offered = running.station._last_run._sink.offer, []

    class Full:
        def offer(self, batch: object) -> bool:
            offered.append(batch)
            return len(offered) > 2 and offer(batch)  # type: ignore[arg-type]

    monkeypatch.setattr(running.station._last_run, "_sink", Full())
    running.start()
    try:
        wait_for(running, "NOTE", 2.0, Quality.GOOD)
        assert len(offered) == 3
        assert held(running) == {"LEVEL": 5.0, "DOSE": 4.0}
    finally:
        running.stop()


@pytest.mark.parametrize(
    ("error", "is_final"), [(DamagedError("it is damaged"), True), (DatabaseError("it is locked"), False)]
)
def test_a_damaged_audit_is_read_once_a_locked_one_again_and_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: DatabaseError, is_final: bool
) -> None:
    tries, looks = [], []
    append = Audit.append

    def failing(audit: Audit) -> Kept:
        tries.append(audit)
        raise error

    def counted(audit: Audit, *entries: object) -> None:
        looks.append(audit)
        append(audit, *entries)  # type: ignore[arg-type]

    monkeypatch.setattr(Audit, "kept", failing)
    monkeypatch.setattr(Audit, "append", counted)
    running = RunningStation(folder)
    running.start()
    try:
        wait_until(lambda: len(looks) > 5)
        assert (len(tries) == 1) is is_final
        assert running.station.health.unrestored == str(error)
        assert running.station.health.audit_error == ""
        assert set_manual(running, "LEVEL", 6.0) == ""
        assert running.command("NOTE", 7.0).state is CommandState.VERIFIED
    finally:
        running.stop()


def test_a_damaged_file_that_is_moved_away_begins_anew_without_them(folder: Path) -> None:
    (folder / "station.sqlite").write_bytes(b"not a database at all" * 100)
    for part in ("station.sqlite-wal", "station.sqlite-shm"):
        (folder / part).unlink(missing_ok=True)
    running = RunningStation(folder)
    running.start()
    try:
        assert "is not a SQLite database" in running.station.health.unrestored
        (folder / "station.sqlite").rename(folder / "damaged.sqlite")
        wait_until(lambda: not running.station.health.unrestored)
        assert running.station.health.audit_damage
        assert held(running) == {}
    finally:
        running.stop()
