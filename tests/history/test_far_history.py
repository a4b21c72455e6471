"""History with a server behind it: several stations, one that may not write, and a server that is away for a while."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from database.deadline import cut_after
from database.errors import DatabaseError, clear_errors
from database.server import make_server_engine
from history.chunks.cells import HOUR_US, MINUTE_US, coarsen, make_cells
from history.far import FarReader, unknown_before
from history.memory import Memory
from history.packer import DAY_US
from history.query import HistoryReader
from history.series import NO_DATA, Gap, HistoryQuery, HistorySeries
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.server import OutOfReachError
from history.store.tables import CHUNK, FRAME, QUARANTINE, SEGMENT
from plant_models.quality import Quality
from tests.fakes.forwarding import Forwarding, put_frames
from tests.fakes.packing_bench import HOLD_US, LAST_HOUR, RULE, Bench, bench, shift
from tests.fakes.postgresql import Outage
from tests.fakes.samples import columns
from tests.history.test_packing import assert_equal

START = LAST_HOUR - 2 * HOUR_US
ROOT = Path(__file__).resolve().parents[2]
AWAY = Quality.BAD_NO_COMMUNICATION


@pytest.fixture
def one(tmp_path: Path, pg_bench: str) -> Iterator[Bench]:
    with bench(tmp_path, pg_bench) as made:
        yield made


@pytest.fixture
def outage(pg_server: str, pg_bench: str) -> Iterator[Outage]:
    outage = Outage(pg_server, pg_bench)
    yield outage
    outage.end()


def reader(one: Bench) -> FarReader:
    memory = Memory()
    memory.start_after(2**62)  # it has nothing, and everything is on the disk

    def reads(archive: Archive) -> HistoryReader:
        return HistoryReader({"A": 0, "B": 1, "C": 2}, np.full(3, HOLD_US), memory, archive, one.clock)

    return FarReader(reads(one.places.whole), reads(one.places.near), one.places.known_from_us)


def query(pixels: int, hours: int = 4) -> HistoryQuery:
    return HistoryQuery(("A",), START, START + hours * HOUR_US, pixels)


def test_ids_of_two_stations_mean_the_same_tags(one: Bench, tmp_path: Path, pg_bench: str) -> None:
    other = FrameStore(tmp_path / "other", ["X", "C", "A"])
    other.open(START)
    forwarding = Forwarding(other, pg_bench)
    for number in range(90):
        at_us = one.clock.wall_us()
        one.record((0, at_us, number, 0), (1, at_us, -number, 0))
        other.append(columns([2, 1], [number + 0.5, number], [at_us + 1, at_us + 1]), at_us)
        one.expected |= {(0, at_us + 1): (number + 0.5, 0), (2, at_us + 1): (number, 0)}
        one.clock.advance(60)
    forwarding.send()
    for later_us in (0, 0, HOUR_US, 2 * DAY_US):
        one.clock.advance(later_us / 1e6)
        one.pack()
        one.check()
    assert one.count(FRAME) == 2  # the newest of each
    assert one.home.row_of(one.tag(0)) == 0
    forwarding.close()
    other.close()


def test_a_frame_with_an_id_that_means_nothing_is_kept_in_quarantine(one: Bench, pg_bench: str) -> None:
    one.record((0, START + 1, 1.0, 0))
    one.record((0, START + 2, 2.0, 0), (2, START + 2, 3.0, 0))
    one.record((1, START + 3, 4.0, 0))
    place = one.frames.place()
    with place.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(FRAME.select()).mappings()]
    with one.home.place().engine.begin() as connection:
        put_frames(connection, "node", {1: "A", 2: "B"}, rows)
    with place.engine.begin() as connection:
        connection.execute(FRAME.delete())
    one.clock.advance(120)
    one.pack()
    with one.home.place().reading() as connection:
        (kept,) = connection.execute(QUARANTINE.select())
    assert (kept.reason, kept.body) == ("id 3 means no tag", rows[1]["body"])
    assert one.samples(0).values.tolist()[0] == 1.0
    assert one.samples(0).qualities.tolist() == [0, NO_DATA]
    assert one.samples(1).values.tolist()[-1] == 4.0


def test_every_transaction_asks_who_writes_and_changes_nothing_if_it_is_another(one: Bench) -> None:
    shift(one, 2, 60)
    one.clock.advance(7200)
    assert one.forwarding is not None
    one.forwarding.send()
    for table in (SEGMENT, CHUNK):  # frames to minutes, minutes to hours
        before = [one.count(each) for each in (FRAME, SEGMENT, CHUNK)]
        one.writer.refusal = DatabaseError("station 2 writes")
        with pytest.raises(DatabaseError, match="station 2 writes"):
            one.packer.step()
        one.writer.refusal = None
        assert [one.count(each) for each in (FRAME, SEGMENT, CHUNK)] == before
        while not one.count(table):
            assert one.packer.step()
    one.check()
    one.writer.writes = False
    assert not one.packer.step()


def test_without_the_server_what_only_it_has_is_out_of_reach_and_the_rest_is_there(one: Bench, outage: Outage) -> None:
    shift(one, 2, 60)
    one.pack()
    assert one.forwarding is not None
    one.forwarding.send()
    cut_us = one.clock.wall_us()
    one.clock.advance(60)
    shift(one, 1, 60)  # not sent
    asking = reader(one)
    (whole,) = asking.answer(query(240))
    assert not [gap for gap in whole.gaps if gap.start_us < cut_us]
    outage.begin()
    for pixels in (240, 4, 1000):  # from cells of minutes, of hours, and from samples
        (near,) = asking.answer(query(pixels))
        first = near.gaps[0]
        assert (first.start_us, first.quality) == (START, AWAY)
        assert cut_us < first.end_us < cut_us + 61_000_000
        before, after = near.t0_us < cut_us - HOUR_US, near.t0_us > cut_us + 61_000_000
        assert set(near.quality[before].tolist()) == {AWAY}
        assert NO_DATA not in near.quality[before]
        assert np.isnan(near.mean[before]).all()
        if pixels == 240:
            np.testing.assert_array_equal(near.mean[after], whole.mean[after])
            assert near.gaps[-1] == whole.gaps[-1]  # the future isn't out of reach
    outage.end()
    (near,) = asking.answer(query(240))
    assert near.gaps[0].quality == AWAY  # nobody asks a dead server again at once
    one.clock.advance(5)
    (again,) = asking.answer(query(240))
    np.testing.assert_array_equal(again.mean, whole.mean)
    assert again.gaps == whole.gaps


@pytest.mark.parametrize("pixels", [3, 1000])
def test_a_server_that_goes_in_the_middle_of_a_query_is_away_for_all_of_it(
    one: Bench, outage: Outage, monkeypatch: pytest.MonkeyPatch, pixels: int
) -> None:
    shift(one, 3, 60)
    one.pack()
    assert one.forwarding is not None
    one.forwarding.send()
    (whole,) = reader(one).answer(query(pixels, 3))
    between = one.parts.between

    def end_first(start_us: int, end_us: int) -> list[str]:
        outage.begin()
        return between(start_us, end_us)

    with monkeypatch.context() as patch:
        patch.setattr(one.parts, "between", end_first)
        (near,) = reader(one).answer(query(pixels, 3))
    assert set(near.quality.tolist()) == {AWAY}
    assert near.gaps == (Gap(START, START + 3 * HOUR_US, AWAY),)
    outage.end()
    one.clock.advance(5)
    (again,) = reader(one).answer(query(pixels, 3))
    np.testing.assert_array_equal(again.mean, whole.mean)


def test_what_was_packed_into_files_before_there_was_a_server_is_still_read(tmp_path: Path, pg_bench: str) -> None:
    with bench(tmp_path) as one:
        shift(one, 2, 60)
        one.clock.advance(3600)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        expected, now_us = one.expected, one.clock.wall_us()
        (wanted,) = reader(one).answer(query(4))
    with bench(tmp_path, pg_bench) as one:
        one.clock.advance((now_us - one.clock.wall_us()) / 1e6)
        one.expected = expected
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        one.check()
        (found,) = reader(one).answer(query(4))
        assert found.mean[:2].tolist() == wanted.mean[:2].tolist()


def test_an_outage_is_told_once_and_ends_when_the_server_answers(one: Bench, outage: Outage) -> None:
    one.record((0, START, 1.0, 0))
    one.pack()
    with capture_logs() as logs:
        outage.begin()
        for _ in range(3):
            with pytest.raises(OutOfReachError):
                one.archive.read([0], 0, 2**60, 2**62)
            one.clock.advance(6)
        outage.end()
        one.clock.advance(6)
        one.check()
    assert [log["event"] for log in logs] == [
        "history: the server can't be read",
        "history: the server can be read again",
    ]


def test_a_server_that_stands_still_is_left_after_a_while(pg_bench: str) -> None:
    engine = make_server_engine(pg_bench)
    with (
        pytest.raises(DatabaseError, match="server closed the connection"),
        clear_errors("server"),
        engine.connect() as connection,
        cut_after(connection, 0.05),
    ):
        connection.execute(text("SELECT pg_sleep(60)"))
    with engine.connect() as connection, cut_after(connection, 60):
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
        driver: Any = connection.connection.driver_connection
        assert not os.get_blocking(driver.fileno())  # else the driver waits for more than the server sends
        assert len(connection.execute(text("SELECT repeat('x', 5000000)")).scalar_one()) == 5_000_000
    engine.dispose()


def test_no_data_before_a_time_is_no_communication() -> None:
    nothing = np.full(4, np.nan)
    series = HistorySeries(
        "A",
        np.array([0, 10, 20, 30]),
        *[nothing] * 5,
        np.array([NO_DATA, 0x8005, NO_DATA, NO_DATA], np.uint16),
        (Gap(0, 12, NO_DATA), Gap(12, 20, 0x8005), Gap(20, 29, NO_DATA), Gap(30, 40, NO_DATA)),
    )
    found = unknown_before(25, series)
    assert found.quality.tolist() == [AWAY, 0x8005, AWAY, NO_DATA]
    assert [gap.quality for gap in found.gaps] == [AWAY, 0x8005, AWAY, NO_DATA]
    assert unknown_before(0, series).gaps == series.gaps


def test_a_station_with_a_dead_server_starts_records_answers_and_stops_without_a_driver(tmp_path: Path) -> None:
    program = f"""
import sys
from dataclasses import replace
from pathlib import Path
from history.history import History
from history.series import HistoryQuery
from plant_models.batch import samples
from plant_models.clock import SystemClock
from plant_models.history_settings import HistorySettings
from plant_models.tag import Tag
from plant_models.tag_table import TagTable
from tests.fakes.small_plant import small_plant

clock = SystemClock()
table = TagTable([Tag(name="A", device="PLC", address="hr:0")], {{"normal": 1.0}}, clock)
settings = HistorySettings(database="postgresql://nobody@127.0.0.1:9/none")
plant = replace(small_plant([], table.tags), history=settings)
history = History(table, plant, Path({str(tmp_path)!r}), clock)
table.add_listener(history.on_changed)
history.start()
now_us = clock.wall_us()
table.apply(samples([0], [7.0], 0, now_us, clock.mono_ns()))
while not history.health.stored:
    clock.sleep(0.05)
assert "psycopg" not in sys.modules
query = HistoryQuery(("A",), now_us - 3_600_000_000, clock.wall_us() + 1, 60)
(found,) = history.reader.answer(query)
assert found.last[-1] == 7.0, found
assert found.gaps[0].quality == 0x8031 and found.quality[0] == 0x8031, found
assert not history.health.error, history.health
assert history.stop()
"""
    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=60, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


KILLS = [(number, when) for number in range(1, 26) for when in ("before", "after")]
SOME = {(1, "after"), (6, "before"), (9, "after")}
"""Frames are gone and minutes there; an hour is packed half; its minutes are still there."""


@pytest.mark.parametrize(
    ("transaction", "when"),
    [pytest.param(*kill, marks=() if kill in SOME else pytest.mark.soak) for kill in KILLS],
)
def test_a_packer_that_is_killed_at_a_transaction_loses_and_doubles_nothing(
    one: Bench, tmp_path: Path, pg_bench: str, transaction: int, when: str
) -> None:
    one.classes = {2: "short"}
    shift(one, 3, 60)
    one.clock.advance(2 * DAY_US / 1e6)
    one.record((0, one.clock.wall_us(), 1.0, 0))
    assert one.forwarding is not None
    one.forwarding.send()
    arguments = [str(tmp_path / "killed"), pg_bench, str(one.clock.wall_us()), str(transaction), when]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fakes.killed_packer", *arguments], check=False, timeout=60, cwd=ROOT
    )
    assert ended.returncode == -signal.SIGKILL
    one.check()
    one.pack()
    one.check()
    for row in range(3):
        minutes = make_cells(one.samples(row), RULE, MINUTE_US, START - HOUR_US, LAST_HOUR + HOUR_US)
        assert_equal(one.archive.cells(row, HOUR_US, 0, 2**60), coarsen(minutes, HOUR_US))
