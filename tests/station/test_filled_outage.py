"""A station whose OPC UA server was away for two hours: history is filled, and nothing else takes notice."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from asyncua import ua

from alarms.journal_query import JournalQuery
from history.series import HistoryQuery, HistorySeries
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import Batch
from plant_models.device import Endpoint
from plant_models.quality import Quality
from plant_models.tag import DataType
from station.local import LocalStation
from station.protocol import ManualRequest
from tests.fakes.cable import Cable
from tests.fakes.clock import SlowStartClock
from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_station import OPERATOR
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TAGS = [tag(name, "UA", f"ns=2;s={name}", DataType.F64) for name in ("LEVEL", "FLOW")]
ALARM = AlarmDefinition(tag="LEVEL", kind=AlarmKind.HIGH, limit=100, priority=1, text="Level high")


class Away:
    """A station, its server, and the cable between them; until `lose` both live two hours ago."""

    def __init__(self, folder: Path, server: OpcUaServer, cable: Cable) -> None:
        self.server, self.cable, self.clock = server, cable, SlowStartClock(7_200)
        plant = small_plant([opcua_device("UA", cable.port, back_off_s=0.2)], TAGS, 0.1, [ALARM])
        self.station = LocalStation(plant, folder, self.clock)
        self.applied: list[Batch] = []
        self.station.table.add_listener(self.applied.append)
        self.rows: list[tuple[int, float]] = []

    def quality(self, name: str) -> int:
        return self.station.table.sample(name).quality

    def lose(self) -> None:
        """Lose the server for two hours, in which its level went up to 700, at a value every ten seconds."""
        wait_until(lambda: self.quality("LEVEL") == Quality.GOOD, what="live values")
        self.cable.is_whole = False
        self.cable.reset()
        wait_until(lambda: self.quality("FLOW") == Quality.BAD_NO_COMMUNICATION, what="the outage")
        begin_us = self.clock.wall_us()
        self.clock.jump()
        self.rows = [(begin_us + number * 10 * SECOND, float(number)) for number in range(1, 701)]
        for name in ("LEVEL", "FLOW"):
            self.server.remember(name, [(EPOCH + timedelta(microseconds=at), value) for at, value in self.rows], 150)

    def come_back(self) -> None:
        self.cable.is_whole = True
        wait_until(lambda: self.quality("LEVEL") == Quality.GOOD, what="live values")
        wait_until(lambda: self.station.health.history.late >= 700, what="the past")

    def ask(self, name: str) -> HistorySeries:
        """Return the time of the outage, a pixel for each second."""
        query = HistoryQuery((name,), self.rows[0][0], self.rows[-1][0] + 10 * SECOND, 7_000)
        return asyncio.run(self.station.history(query))[0]


@pytest.fixture(scope="module")
def server() -> Iterator[OpcUaServer]:
    with OpcUaServer(dict.fromkeys(("LEVEL", "FLOW"), (1.0, ua.VariantType.Double))) as one:
        yield one


@pytest.fixture
def away(tmp_path: Path, server: OpcUaServer) -> Iterator[Away]:
    with Cable(Endpoint("127.0.0.1", server.port)) as cable:
        one = Away(tmp_path, server, cable)
        one.station.start()
        yield one
        one.station.stop()


def test_history_alone_has_what_the_server_remembers(away: Away) -> None:
    away.lose()
    wait_until(lambda: (away.ask("LEVEL").quality == Quality.BAD_NO_COMMUNICATION).any(), what="the outage in history")
    away.come_back()
    wait_until(lambda: away.ask("LEVEL").gaps == (), what="a trend without a gap")
    assert away.ask("LEVEL").first[::10].tolist() == [value for _, value in away.rows]
    recorded = {
        float(value)
        for batch in away.applied
        if batch.values is not None
        for value in batch.values[batch.tags == away.station.table.index["LEVEL"]]
    }
    assert {value for value in recorded if np.isfinite(value)} == {1.0}
    assert away.station.alarms.rows == ()
    assert asyncio.run(away.station.journal(JournalQuery())).rows == ()
    assert not away.station.table.change("LEVEL").is_seen
    health = away.station.health.history
    assert health.received == health.stored + sum(health.dropped.values()) + health.queued


def test_what_a_person_set_meanwhile_is_what_counted(away: Away) -> None:
    away.lose()
    request = ManualRequest(tag="FLOW", value=5.0, reason="read from the meter")
    assert asyncio.run(away.station.set_manual(request, OPERATOR)) == ""
    away.come_back()
    wait_until(lambda: away.station.health.history.dropped, what="samples that are left out")
    assert np.isnan(away.ask("FLOW").first[5:]).all()
    wait_until(lambda: away.ask("LEVEL").gaps == (), what="a trend without a gap")
