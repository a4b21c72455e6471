"""A short outage is filled from what the server remembers, before live values go on."""

from collections.abc import Iterator

import numpy as np
import pytest

from drivers.opcua.outage_history import LONGEST_US, Outage, past_values
from history.columns import Columns
from history.stamping import Stamper
from plant_models.batch import Batch
from plant_models.quality import Quality, is_bad
from plant_models.tag import DataType
from tests.fakes.running_pool import RunningPool
from tests.fakes.scripted_opcua_server import ScriptedOpcUaServer
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

TAGS = [tag(f"T{number}", "UA", f"ns=2;i={number}", DataType.F64) for number in range(3)]
STEP_US = 1000


@pytest.fixture
def server() -> Iterator[ScriptedOpcUaServer]:
    with ScriptedOpcUaServer() as one:
        one.history[0] = []
        yield one


@pytest.fixture
def pool(server: ScriptedOpcUaServer) -> Iterator[RunningPool]:
    with RunningPool(small_plant([opcua_device("UA", server.port, back_off_s=2.0)], TAGS, 0.1)) as one:
        one.wait_good("T0", "T1", "T2")
        yield one


class Recording:
    """What the recorder would keep of what changes in the table."""

    def __init__(self, pool: RunningPool) -> None:
        self._clock, self._stamper = pool.clock, Stamper(TAGS)
        self.kept: list[Columns] = []
        pool.sink.table.add_listener(self._take)

    def _take(self, changed: Batch) -> None:
        self.kept.append(self._stamper.stamp(changed, self._clock.wall_us()))

    def of(self, row: int) -> list[tuple[int, float, int]]:
        return [
            (int(time), float(value), int(quality))
            for part in self.kept
            for tag, time, value, quality in zip(part.ids, part.time_us, part.values, part.qualities, strict=True)
            if tag == row
        ]


def cut_and_remember(server: ScriptedOpcUaServer, pool: RunningPool, values: list[float]) -> list[int]:
    """Break the connection off, and let the server remember values of the time until it is back; return their times."""
    server.cut()
    pool.wait_bad("T0")
    begin_us = pool.clock.wall_us() + STEP_US
    times = [begin_us + i * STEP_US for i in range(len(values))]
    server.history[0] = list(zip(times, values, strict=True))
    server.put(0, 50.0)
    wait_until(lambda: pool.sink.sample("T0").value == 50.0)
    pool.wait_good("T0", "T1", "T2")
    return times


def test_history_has_the_values_of_the_outage_at_their_own_times(
    server: ScriptedOpcUaServer, pool: RunningPool
) -> None:
    recording = Recording(pool)
    times = cut_and_remember(server, pool, [11.0, 12.0, 13.0, 14.0, 15.0])
    rows = recording.of(0)
    assert [row for row in rows if row[1] not in (0.0, 50.0) and row[2] == Quality.GOOD] == list(
        zip(times, [11.0, 12.0, 13.0, 14.0, 15.0], [Quality.GOOD] * 5, strict=True)
    )
    assert [time for time, _, _ in rows] == sorted({time for time, _, _ in rows})
    assert is_bad(rows[0][2])
    assert rows[-1][1:] == (50.0, Quality.GOOD)
    assert server.history_reads == 3


def test_the_newest_value_of_the_past_is_not_shown_as_good(server: ScriptedOpcUaServer, pool: RunningPool) -> None:
    cut_and_remember(server, pool, [11.0])
    told = [
        int(batch.qualities[batch.tags == 0][-1])
        for batch in list(pool.sink.batches)
        if batch.qualities is not None and (batch.tags == 0).any()
    ]
    assert told[-3:] == [Quality.GOOD, Quality.UNCERTAIN_LAST_USABLE, Quality.GOOD]


def test_values_of_the_past_were_received_when_they_were_made(server: ScriptedOpcUaServer, pool: RunningPool) -> None:
    times = cut_and_remember(server, pool, [11.0, 12.0])
    (past,) = [
        batch for batch in pool.sink.batches if batch.values is not None and np.array_equal(batch.source_us, times)
    ]
    age_us = pool.clock.wall_us() - past.source_us
    age_by_receipt_us = (pool.clock.mono_ns() - past.received_ns) // 1000
    assert (abs(age_us - age_by_receipt_us) < 50_000).all()


def test_a_server_that_remembers_nothing_is_not_asked(server: ScriptedOpcUaServer, pool: RunningPool) -> None:
    server.history.clear()
    server.cut()
    wait_until(lambda: pool.health("UA").reconnects == 1)
    pool.wait_good("T0", "T1", "T2")
    assert server.history_reads == 0


@pytest.mark.parametrize("length_us", [-1, 0, LONGEST_US + 1])
async def test_a_long_outage_stays_a_gap(length_us: int) -> None:
    assert await past_values(None, [], 1_000_000, 1_000_000 + length_us) == []


def test_an_outage_is_asked_for_once() -> None:
    outage = Outage()
    assert outage.take() is None
    outage.begin(5)
    outage.begin(7)
    assert (outage.take(), outage.take()) == (5, None)
    outage.begin(9)
    assert outage.take() == 9
