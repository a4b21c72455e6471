"""Alarms of a device of its own, from an OPC UA server on a real socket to the list, the journal and back."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from asyncua import ua
from asyncua.ua.object_ids import ObjectIds

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.journal_query import JournalQuery
from alarms.snapshot import AlarmRow
from drivers.health import DeviceHealth
from plant_models.clock import SystemClock
from plant_models.condition import ConditionNews
from plant_models.tag import DataType
from station.local import WORKERS, LocalStation
from tests.fakes.opcua_conditions import ConditionServer
from tests.fakes.running_station import OPERATOR
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

HIGH, LOW = "UA:ns=2;s=LEVEL.HIGH", "UA:ns=2;s=LEVEL.LOW"


def station_at(port: int, folder: Path) -> LocalStation:
    device = opcua_device("UA", port, alarms=True, description="Filter PLC")
    plant = small_plant([device], [tag("LEVEL", "UA", "ns=2;s=LEVEL", DataType.F64)], 0.5)
    return LocalStation(plant, folder, SystemClock())


class Line:
    """A server with two conditions, one of them active before anybody was connected, and a station."""

    def __init__(self, folder: Path) -> None:
        self.server = ConditionServer("LEVEL.HIGH", "LEVEL.LOW")
        self.server.change("LEVEL.LOW", is_active=True, is_acked=False, severity=900)
        self.station = station_at(self.server.port, folder)
        self.station.start()
        everybody = threading.Barrier(WORKERS)  # so that no test begins a worker, and leaves it behind
        for workers in (self.station._workers, self.station._slow_workers):
            started = [workers.submit(everybody.wait, 20) for _ in range(WORKERS)]
            assert len({each.result(20) for each in started}) == WORKERS

    def stop(self) -> None:
        self.station.stop()
        self.server.stop()

    def row(self, name: str) -> AlarmRow | None:
        return next((row for row in self.station.alarms.rows if row.name == name), None)

    def wait_state(self, name: str, state: str, is_frozen: bool = False) -> AlarmRow:
        def found() -> bool:
            row = self.row(name)
            return (row.state.value, row.is_frozen) == (state, is_frozen) if row else state == "NORM"

        wait_until(found, what=f"{name} {state}, frozen: {is_frozen}")
        return self.row(name) or AlarmRow(name=name, tag="", kind=None, priority=4, state="NORM")  # type: ignore[arg-type]

    def acknowledge(self, row: AlarmRow, comment: str = "on my way") -> AckResult:
        seen = AlarmSeen(row.name, row.occurrence, row.priority)
        return asyncio.run(self.station.acknowledge([seen], OPERATOR, comment))[0]

    def events(self, alarm: str) -> list[str]:
        rows = asyncio.run(self.station.journal(JournalQuery(text=alarm))).rows
        return [f"{row.event} {row.user or '-'}" for row in reversed(rows)]

    @property
    def health(self) -> DeviceHealth:
        return self.station.health.devices[0]

    def calm(self) -> None:
        """Let both conditions be normal again."""
        for name in ("LEVEL.HIGH", "LEVEL.LOW"):
            self.server.change(name, is_active=False, is_acked=True, is_suppressed=False, severity=700)
        for name in (HIGH, LOW):
            self.wait_state(name, "NORM")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    made = Line(tmp_path_factory.mktemp("data"))
    yield made
    made.stop()


@pytest.fixture
def line(running: Line) -> Line:
    running.calm()
    running.server.acknowledged.clear()
    running.server.can_refresh, running.server.ack_status, running.server.ack_delay_s = True, 0, 0.0
    return running


def test_what_was_active_before_is_recalled(running: Line) -> None:
    row = running.wait_state(LOW, "UNACK")
    assert (row.kind, row.priority, row.text, row.description) == ("device", 1, "TANK: Level too high", "LEVEL.LOW")
    at = running.server.conditions["LEVEL.LOW"].at
    assert row.active_us == round(at.timestamp() * 1e6)


def test_raised_returned_and_acknowledged_at_the_device(line: Line) -> None:
    line.server.change("LEVEL.HIGH", is_active=True, is_acked=False)
    line.wait_state(HIGH, "UNACK")
    line.server.change("LEVEL.HIGH", is_active=False)
    row = line.wait_state(HIGH, "RTNUN")
    assert line.acknowledge(row) == AckResult(HIGH, True)
    line.wait_state(HIGH, "NORM")
    assert line.server.acknowledged == [("LEVEL.HIGH", "ada: on my way")]
    wait_until(lambda: line.events("LEVEL.HIGH")[-3:] == ["ALM -", "RTN -", "ACK ada"], what="the journal")


def test_what_the_device_refuses_stays_open(line: Line) -> None:
    line.server.change("LEVEL.HIGH", is_active=True, is_acked=False)
    row = line.wait_state(HIGH, "UNACK")
    line.server.change("LEVEL.HIGH", is_told=False)
    result = line.acknowledge(row)
    assert (result.is_done, result.message) == (False, "At the device it has changed since you saw it")
    line.server.ack_status = ua.StatusCodes.BadUserAccessDenied
    assert line.acknowledge(row).message == "The server says BadUserAccessDenied"
    line.wait_state(HIGH, "UNACK")
    assert line.server.acknowledged == []


def test_a_lost_answer_is_not_taken_for_a_yes(line: Line) -> None:
    line.server.change("LEVEL.HIGH", is_active=True, is_acked=False)
    row = line.wait_state(HIGH, "UNACK")
    line.server.ack_delay_s = 1.5
    result = line.acknowledge(row)
    assert not result.is_done
    assert "shows as acknowledged when the device says so" in result.message
    line.wait_state(HIGH, "ACKED")
    assert line.server.acknowledged == [("LEVEL.HIGH", "ada: on my way")]


def test_after_a_lost_connection_the_device_is_asked_how_its_alarms_stand(tmp_path: Path) -> None:
    line = Line(tmp_path)
    try:
        line.server.change("LEVEL.HIGH", is_active=True, is_acked=False)
        line.wait_state(HIGH, "UNACK")
        row = line.wait_state(LOW, "UNACK")
        line.server.stop()
        line.wait_state(HIGH, "UNACK", is_frozen=True)
        line.wait_state(LOW, "UNACK", is_frozen=True)
        refused = line.acknowledge(row)
        assert not refused.is_done
        assert refused.message == "The device hasn't told of it since it was lost; try again when it has"
        line.server.conditions["LEVEL.LOW"].is_active, line.server.conditions["LEVEL.LOW"].is_acked = False, True
        line.server.start()
        line.wait_state(HIGH, "UNACK")
        line.wait_state(LOW, "NORM")
        wait_until(lambda: line.events("LEVEL.LOW")[-2:] == ["RTN -", "ACK -"], what="the journal")
    finally:
        line.stop()


def test_lost_events_are_made_up_for(line: Line) -> None:
    line.server.change("LEVEL.HIGH", is_active=True, is_acked=False, is_told=False)
    line.server.emit(ObjectIds.EventQueueOverflowEventType, {})
    line.wait_state(HIGH, "UNACK")
    line.server.change("LEVEL.HIGH", is_active=False, is_acked=True, is_told=False)
    line.server.emit(ObjectIds.RefreshRequiredEventType, {})
    line.wait_state(HIGH, "NORM")


def test_news_that_find_no_room_are_asked_for_again(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[ConditionNews] = []
    offer = line.station._alarms.tell

    def refuse_first(news: ConditionNews) -> bool:
        taken.append(news)
        return len(taken) > 1 and offer(news)

    monkeypatch.setattr(line.station._alarms, "tell", refuse_first)
    line.server.change("LEVEL.HIGH", is_active=True, is_acked=False)
    line.wait_state(HIGH, "UNACK")
    assert len(taken) > 2


def test_events_that_lack_something_are_shown_and_nonsense_harms_nothing(line: Line) -> None:
    line.server.emit(ObjectIds.AuditEventType, {"Message": ua.LocalizedText("somebody did something")})
    nonsense = {"Severity": "much", "Message": 7, "Retain": "yes", "Time": 3, "Quality": None, "ActiveState/Id": 2}
    line.server.emit(ObjectIds.AlarmConditionType, {"NodeId": ua.NodeId("ODD", 2), "EventId": b"1"} | nonsense)
    bare = {"NodeId": ua.NodeId("LEVEL.HIGH", 2), "EventId": None, "Retain": True, "AckedState/Id": False}
    line.server.emit(ObjectIds.AlarmConditionType, bare)
    row = line.wait_state(HIGH, "UNACK")
    assert [each.name for each in line.station.alarms.rows] == [HIGH]
    assert line.acknowledge(row).message == "At the device it has changed since you saw it"


def test_a_condition_that_needs_nothing_more_than_a_confirmation_takes_no_other_with_it(line: Line) -> None:
    confirmable = {"Retain": True, "ActiveState/Id": False, "AckedState/Id": True, "EventId": b"1"}
    line.server.emit(ObjectIds.AlarmConditionType, {"NodeId": ua.NodeId("CONFIRM", 2)} | confirmable)
    line.server.change("LEVEL.HIGH", is_active=True, is_acked=False)
    line.wait_state(HIGH, "UNACK")
    assert [each.name for each in line.station.alarms.rows] == [HIGH]


def test_a_refresh_that_lost_something_clears_nothing(line: Line) -> None:
    line.server.change("LEVEL.HIGH", is_active=True, is_acked=False)
    line.wait_state(HIGH, "UNACK")
    before = line.server.refreshes
    line.server.emit(ObjectIds.RefreshStartEventType, {})
    line.server.emit(ObjectIds.EventQueueOverflowEventType, {})
    line.server.emit(ObjectIds.RefreshEndEventType, {})
    wait_until(lambda: line.server.refreshes > before, what="another refresh")
    line.wait_state(HIGH, "UNACK")
    assert line.events("LEVEL.HIGH")[-1] == "ALM -"


def test_two_people_at_once_are_told_of_each_other(line: Line) -> None:
    line.server.change("LEVEL.HIGH", is_active=True, is_acked=False)
    row = line.wait_state(HIGH, "UNACK")
    line.server.ack_delay_s = 0.5
    seen = [AlarmSeen(row.name, row.occurrence, row.priority)]

    async def both() -> list[AckResult]:
        first, second = await asyncio.gather(
            line.station.acknowledge(seen, OPERATOR, "one"), line.station.acknowledge(seen, OPERATOR, "two")
        )
        return [*first, *second]

    results = asyncio.run(both())
    assert sorted(result.message for result in results) == ["", "It is being acknowledged by ada"]
    line.wait_state(HIGH, "ACKED")
    assert len(line.server.acknowledged) == 1


def test_a_device_that_is_taken_out_of_service_freezes_its_alarms(tmp_path: Path) -> None:
    line = Line(tmp_path)
    try:
        line.wait_state(LOW, "UNACK")
        assert asyncio.run(line.station.switch_device("UA", False, OPERATOR, "test")).is_done
        line.wait_state(LOW, "UNACK", is_frozen=True)
        assert asyncio.run(line.station.switch_device("UA", True, OPERATOR, "test")).is_done
        line.wait_state(LOW, "UNACK")
    finally:
        line.stop()


def test_a_server_that_cannot_say_how_its_alarms_stand_is_told_of(tmp_path: Path) -> None:
    with ConditionServer("LEVEL.HIGH") as server:
        server.can_refresh = False
        station = station_at(server.port, tmp_path)
        station.start()
        try:
            words = "The server doesn't say which alarms it has now: BadNotSupported"
            wait_until(lambda: station.health.devices[0].last_error == words, what=words)
            server.change("LEVEL.HIGH", is_active=True, is_acked=False)
            wait_until(lambda: [row.name for row in station.alarms.rows] == [HIGH], what="the alarm")
        finally:
            station.stop()
