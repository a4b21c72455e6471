"""A flood on an open window: 10,000 alarms in ten seconds, then all of them over, on a real station and a real journal.

Values come in batches of 100 as a driver offers them; sockets are measured elsewhere. The window is 1920×1080 with the
alarm list open, which is the dearest page in a flood.
"""

import asyncio
import gc
import sqlite3
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, QTimer

from alarms.store.verify import verify_journal
from benchmarks.figure import Figure
from drivers.base import Sink, WriteOutcome, WriteRequest, WriteState
from drivers.frames import TraceView
from drivers.health import DeviceHealth, LinkState
from drivers.once import NO_CONDITIONS, AnyRequest, OnceAnswer, Question
from hmi.control_room import ControlRoom, open_control_room
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import TagIndices, samples
from plant_models.clock import Clock, SystemClock
from plant_models.device import Device, Endpoint
from plant_models.display import Display, Layout
from plant_models.plant import Area, Plant
from plant_models.quality import Quality
from plant_models.tag import Tag
from station.local import LocalStation
from station.session import operating_system_session

TAGS: Final = 10_000
SECONDS: Final = 10.0
SLICE: Final = 100
URGENT: Final = 5_000
"""The tag whose alarm has priority 1, and comes in the middle of the flood."""
DEVICE: Final = "PLC"
CLOCK: Final = SystemClock()


class Feeder:
    """Fulfils `drivers.base.Pool`; the benchmark says which values come when."""

    def __init__(
        self, plant: Plant, index: Mapping[str, int], sink: Sink, clock: Clock, endpoints: Mapping[str, Endpoint]
    ) -> None:
        del plant, index, clock, endpoints
        self.sink = sink

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def use(self, devices: Mapping[str, Device]) -> None:
        del devices

    def lease(self, rows: TagIndices) -> None:
        del rows

    def write(self, request: WriteRequest) -> Future[WriteOutcome]:
        del request
        future: Future[WriteOutcome] = Future()
        future.set_result(WriteOutcome(WriteState.NOT_SENT))
        return future

    def once(self, request: AnyRequest) -> Future[OnceAnswer]:
        question = Question(request)
        question.not_sent(NO_CONDITIONS)
        return question.future

    def health(self) -> tuple[DeviceHealth, ...]:
        return (DeviceHealth(device=DEVICE, state=LinkState.CONNECTED, since_us=0),)

    def trace(self, device: str, is_on: bool) -> None:
        del device, is_on

    def frames(self, device: str, after: int) -> TraceView:
        del device, after
        return TraceView(False, (), 0)


class Frames:
    """The longest time for which the loop was deaf in each tenth of a second, in ms."""

    def __init__(self) -> None:
        self._times_ns = [CLOCK.mono_ns()]
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(4)
        self._timer.timeout.connect(lambda: self._times_ns.append(CLOCK.mono_ns()))
        self._timer.start()

    def take_ms(self) -> list[float]:
        """Return them since the last call."""
        longest: dict[int, float] = {}
        for before, after in pairwise(self._times_ns):
            tenth = before // 100_000_000
            longest[tenth] = max(longest.get(tenth, 0.0), (after - before) / 1e6)
        del self._times_ns[:-1]
        return list(longest.values())


def run() -> list[Figure]:
    """Return what a flood costs."""
    feeders: list[Feeder] = []

    def make(
        plant: Plant, index: Mapping[str, int], sink: Sink, clock: Clock, endpoints: Mapping[str, Endpoint]
    ) -> Feeder:
        feeders.append(Feeder(plant, index, sink, clock, endpoints))
        return feeders[-1]

    with tempfile.TemporaryDirectory() as folder:
        station = LocalStation(_plant(), Path(folder), CLOCK, make_pool=make)
        station.start()
        try:
            with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
                room.window.resize(1920, 1080)
                room.window.show()
                room.window.show_alarms()
                figures = room.run(_flood(room, station, feeders[0], Path(folder)))
        finally:
            station.stop()
        verdict = verify_journal(Path(folder) / "station.sqlite")
        assert verdict.bad is None, verdict
    return figures


async def _flood(room: ControlRoom, station: LocalStation, feeder: Feeder, folder: Path) -> list[Figure]:
    _put(feeder, range(TAGS), 1.0)
    await _until(lambda: station.table.sample(TAGS - 1).value == 1.0)
    await asyncio.sleep(2.0)
    gc.collect()
    before_mb = _resident_mb()
    frames = Frames()
    urgent_s = await _send(room, station, feeder, 50.0)
    await _until(lambda: station.health.journal.written >= TAGS)
    up_ms = frames.take_ms()
    raised = _raised(folder)
    frames.take_ms()
    await _send(room, station, feeder, 1.0)
    await _until(lambda: station.health.journal.written >= 2 * TAGS)
    down_ms = frames.take_ms()
    await asyncio.sleep(1.0)
    gc.collect()
    return [
        Figure("flood_10k_in_10s_journal_rows", float(raised), "rows", f">= {TAGS}"),
        Figure("flood_10k_in_10s_banner_s", urgent_s, "s", "<= 2"),
        Figure("flood_10k_in_10s_frame_p95_ms", float(np.percentile(up_ms, 95)), "ms", "<= 100"),
        Figure("flood_10k_returns_frame_p95_ms", float(np.percentile(down_ms, 95)), "ms", "<= 100"),
        Figure("flood_10k_in_10s_memory_mb", _resident_mb() - before_mb, "MB", "<= 50"),
    ]


def _raised(folder: Path) -> int:
    """Return how many alarms the journal has as raised; it has no gap, and none twice."""
    with closing(sqlite3.connect(f"{(folder / 'station.sqlite').as_uri()}?mode=ro", uri=True)) as connection:
        first, last, count = connection.execute("SELECT min(seq), max(seq), count(*) FROM journal").fetchone()
        query = "SELECT count(*), count(DISTINCT alarm) FROM journal WHERE event = 'ALM'"
        raised, alarms = connection.execute(query).fetchone()
    assert (first, last - first + 1) == (1, count), "the journal has a gap"
    assert raised == alarms, "an alarm stands twice in the journal"
    return int(raised)


async def _send(room: ControlRoom, station: LocalStation, feeder: Feeder, value: float) -> float:
    """Send all slices over the time of the flood; return the seconds until the urgent alarm stood in the banner."""
    begun_ns, sent_ns, shown_ns = CLOCK.mono_ns(), 0, 0
    slots = room.window.banner.slots

    def look() -> None:
        nonlocal shown_ns
        shown = [slot.alarm.tag for slot in slots if slot.alarm is not None and not slot.isHidden()]
        if sent_ns and not shown_ns and f"T{URGENT}" in shown:
            shown_ns = CLOCK.mono_ns()

    for number, start in enumerate(range(0, TAGS, SLICE)):
        while CLOCK.mono_ns() - begun_ns < number * SECONDS * 1e9 / (TAGS / SLICE):
            await asyncio.sleep(0.005)
            look()
        if start <= URGENT < start + SLICE:
            sent_ns = CLOCK.mono_ns()
        _put(feeder, range(start, start + SLICE), value)
    await _until(lambda: station.table.sample(TAGS - 1).value == value)
    for _ in range(200):
        await asyncio.sleep(0.01)
        look()
    return (shown_ns - sent_ns) / 1e9 if shown_ns else float("nan")


def _put(feeder: Feeder, tags: range, value: float) -> None:
    rows = np.arange(tags.start, tags.stop)
    assert feeder.sink.offer(samples(rows, value, Quality.GOOD, CLOCK.wall_us(), CLOCK.mono_ns()))


async def _until(holds: object) -> None:
    end_ns = CLOCK.mono_ns() + 60_000_000_000
    assert callable(holds)
    while not holds():
        assert CLOCK.mono_ns() < end_ns, "the flood hasn't arrived after a minute"
        await asyncio.sleep(0.01)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _plant() -> Plant:
    areas = tuple(Area(f"A{number}", f"Area {number}") for number in range(6))
    tags = tuple(
        Tag(name=f"T{row}", device=DEVICE, address=f"hr:{row}", area=areas[row % 6].name) for row in range(TAGS)
    )
    alarms = tuple(
        AlarmDefinition(
            tag=tag.name,
            kind=AlarmKind.HIGH,
            limit=10.0,
            priority=1 if row == URGENT else 2 + row % 3,
            text="Level too high",
        )
        for row, tag in enumerate(tags)
    )
    return Plant(
        folder=Path("/nowhere"),
        name="Flood",
        time_zone="UTC",
        home="home",
        is_simulated=False,
        areas=areas,
        scan_s={"normal": 1.0},
        devices={DEVICE: Device(name=DEVICE, protocol="modbus", endpoint=Endpoint("127.0.0.1", 1))},
        types={},
        equipment={},
        tags=tags,
        alarms=alarms,
        displays={"home": Display(name="home", title="Home", level=1, layout=Layout((1600, 900), ()))},
    )
