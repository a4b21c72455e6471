"""The alarm list in a flood: what a tick of its own model costs beside Qt's dynamic proxy, and how long frames take.

The tick: of 10,000 rows 1,000 change in a second and are followed four times a second, drawing included. The baseline
is a QSortFilterProxyModel with dynamicSortFilter, as its manual has it written: order and filter in `lessThan` and
`filterAcceptsRow`. It is told of the same changes, its texts and ranks are ready, view and delegate are the same. Both
are measured in time of the processor, drawing included. The frames: 10,000 alarms are raised within ten seconds by
a thread of their own, as a station's is, while the list is open in a window of 1920×1080. For each quarter of a second
the longest gap between two beats of the loop counts, so that idle time dilutes nothing.
"""

import asyncio
import gc
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QTableView

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from benchmarks.figure import Figure
from benchmarks.stall import Beats
from hmi.alarm_list.columns import COLUMNS, TEXT, cell_of, widths_within
from hmi.alarm_list.delegate import AlarmDelegate
from hmi.alarm_list.filter import AlarmFilter
from hmi.alarm_list.groups import LONELY, Place
from hmi.alarm_list.table import ROW_ROLE, AlarmTable
from hmi.alarm_list.view import AlarmView
from hmi.alarms.model import AlarmModel, rank
from hmi.context import Context
from hmi.control_room import ControlRoom, open_control_room
from hmi.live import Reading
from hmi.table_view import set_up_table
from hmi.ticker import Ticker
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import samples
from plant_models.clock import SystemClock
from plant_models.display import Display, Layout
from plant_models.plant import Plant
from plant_models.quality import Quality
from plant_models.tag import DataType
from station.session import operating_system_session
from tests.fakes.small_plant import modbus_device, small_plant, tag
from tests.fakes.station import FakeStation

ROWS: Final = 10_000
CHANGES: Final = 250
"""1,000 a second, four times a second."""
TICKS: Final = 8
BLOCKS: Final = 6
"""By turns, each for itself: what one leaves in the caches of the processor is not the other's to pay for."""
STEPS: Final = 100
STEP_S: Final = 0.1
WINDOW_S: Final = 0.25
SIZE: Final = (1640, 860)
CLOCK: Final = SystemClock()
_STATES: Final = (AlarmState.UNACK, AlarmState.ACKED, AlarmState.RTNUN, AlarmState.LATAK)
_NOWHERE: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


def run() -> list[Figure]:
    """Return the ratio of the ticks and the frames in a flood."""
    with _room() as (room, station):
        own_ms, proxy_ms = _ticks(room.window.context, station)
    with _room() as (room, station):
        frames_ms = room.run(_flood(room, station))
    p95 = float(np.percentile(frames_ms, 95))
    return [
        Figure("list_tick_vs_dynamic_proxy", own_ms, "ms", "<= 0.5", baseline=proxy_ms),
        Figure("list_frame_p95_in_a_flood_ms", p95, "ms", "<= 100"),
    ]


@contextmanager
def _room() -> Iterator[tuple[ControlRoom, FakeStation]]:
    station = FakeStation(_plant())
    session = operating_system_session()
    with open_control_room(station, session, theme_name="light", language="en") as room:
        yield room, station
    gc.unfreeze()


def _plant() -> Plant:
    tags = [tag(f"T{number:05}", "PLC", f"hr:{number}", DataType.F32, unit="bar") for number in range(ROWS)]
    alarms = tuple(
        AlarmDefinition(
            tag=each.name, kind=AlarmKind.HIGH, limit=10.0, priority=1 + number % 4, text="Discharge pressure high"
        )
        for number, each in enumerate(tags)
    )
    home = Display(name="home", title="Home", level=1, layout=Layout((1600, 900), ()))
    plant = small_plant([modbus_device("PLC", 1)], tags, alarms=alarms)
    return replace(plant, home="home", displays={"home": home}, folder=Path("/nowhere"))


def _ticks(context: Context, station: FakeStation) -> tuple[float, float]:
    """Return the median tick of the list's own model and of the proxy, by turns, in ms of the processor."""
    chance = random.Random(1)
    rows = [_row(number, chance) for number in range(ROWS)]
    station.put_alarms(rows)
    context.ticker.stop()  # of the window, which is not shown and has a model of its own
    ticker = Ticker()
    ticker.stop()
    model = AlarmModel(station, context.session, ticker, context.tasks)
    own_context = replace(context, alarms=model, ticker=ticker)
    table = AlarmTable(own_context)
    own = AlarmView(own_context, table)
    source = _Source(own_context, rows)
    other = _proxy_view(own_context, source)
    own_ms, proxy_ms = [], []
    for view in (own, other):
        view.resize(*SIZE)
        view.show()
    QApplication.processEvents()
    gc.collect()
    gc.freeze()
    for block in range(BLOCKS):
        is_own = block % 2 == 0
        for _ in range(TICKS):
            changed = {at: _row(at, chance) for at in chance.sample(range(ROWS), CHANGES)}
            rows = [changed.get(at, row) for at, row in enumerate(rows)]
            station.put_alarms(rows)
            if is_own:
                own_ms.append(_ms(lambda: _let_tick(ticker, model)))
            else:
                proxy_ms.append(_ms(lambda changed=changed: source.change(changed)))
        source.begin(rows)
        _let_tick(ticker, model)
        QApplication.processEvents()
    for view in (own, other):
        view.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [row.name for row in table.alarms[:50]] == [row.name for row in model.rows[:50]]
    return statistics.median(own_ms), statistics.median(proxy_ms)


def _let_tick(ticker: Ticker, model: AlarmModel) -> None:
    """Tick until the model has followed."""
    before = model.rows
    for _ in range(STEPS):
        ticker.advance()
        if model.rows is not before:
            return


def _ms(act: Callable[[], object]) -> float:
    """Return how much of the processor something takes with all that is drawn after it, in ms."""
    begun = time.thread_time()
    act()
    QApplication.processEvents()
    return (time.thread_time() - begun) * 1e3


def _row(number: int, chance: random.Random) -> AlarmRow:
    return AlarmRow(
        name=f"T{number:05}.H",
        tag=f"T{number:05}",
        kind=AlarmKind.HIGH,
        priority=1 + number % 4,
        state=chance.choice(_STATES),
        occurrence=1,
        active_us=CLOCK.wall_us() - chance.randrange(3_600_000_000),
        trip_value=10.5,
        limit=10.0,
        unit="bar",
        text="Discharge pressure high",
    )


class _Source(QAbstractTableModel):
    """The rows as they come; texts and ranks are written once for each change, before anybody asks."""

    def __init__(self, context: Context, rows: Sequence[AlarmRow]) -> None:
        super().__init__()
        self._context = context
        self.begin(rows)

    def begin(self, rows: Sequence[AlarmRow]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self._texts = [self._written(row) for row in rows]
        self.ranks = [rank(row) for row in rows]
        self.endResetModel()

    def change(self, changed: dict[int, AlarmRow]) -> None:
        """Take over rows and tell of each."""
        for at, row in changed.items():
            self.rows[at], self._texts[at] = row, self._written(row)
            self.ranks[at] = rank(row)
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts[index.row()][index.column()]
        return self.rows[index.row()] if role == ROW_ROLE else None

    def _written(self, row: AlarmRow) -> list[str]:
        return [cell_of(self._context, row, column) for column in range(len(COLUMNS))]

    def text(self, alarm: AlarmRow, column: int) -> str:
        """Return a text that is ready."""
        return self._texts[int(alarm.tag[1:])][column]


class _Proxy(QSortFilterProxyModel):
    """The order and the filter of the list, as the manual of Qt has them written."""

    def __init__(self, parent: QTableView, source: _Source) -> None:
        super().__init__(parent)
        self._source, self._filter = source, AlarmFilter()
        self.setSourceModel(source)
        self.setDynamicSortFilter(True)
        self.sort(TEXT)

    def lessThan(self, left: QModelIndex, right: QModelIndex) -> bool:  # noqa: N802
        ranks = self._source.ranks
        return ranks[left.row()] < ranks[right.row()]

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # noqa: N802
        del parent
        return self._filter.passes(self._source.rows[row], "")


class _Face:
    """What the delegate asks a table for, answered by the proxy."""

    def __init__(self, context: Context, proxy: QSortFilterProxyModel, source: _Source) -> None:
        self._context, self._proxy, self._source = context, proxy, source

    @property
    def alarms(self) -> "_Face":
        return self

    def __getitem__(self, row: int) -> AlarmRow:
        return self._proxy.index(row, 0).data(ROW_ROLE)

    def _written(self, row: AlarmRow) -> list[str]:
        return [cell_of(self._context, row, column) for column in range(len(COLUMNS))]

    def text(self, alarm: AlarmRow, column: int) -> str:
        return self._source.text(alarm, column)

    def place(self, alarm: AlarmRow) -> Place:
        del alarm
        return LONELY

    def reading(self, alarm: AlarmRow) -> Reading:
        return self._context.live.reading(alarm.tag)


def _proxy_view(context: Context, source: _Source) -> QTableView:
    view = QTableView()
    source.setParent(view)  # all of it is deleted together, whatever the collector finds first
    proxy = _Proxy(view, source)
    view.setModel(proxy)
    delegate = AlarmDelegate(context.ticker, _Face(context, proxy, source))  # type: ignore[arg-type]
    delegate.setParent(view)
    view.setItemDelegate(delegate)
    set_up_table(view, "Proxy", has_many=True)
    kept = widths_within(SIZE[0])
    for at in range(len(COLUMNS)):
        view.setColumnHidden(at, at not in kept)
        view.setColumnWidth(at, kept.get(at, 0))
    return view


async def _flood(room: ControlRoom, station: FakeStation) -> list[float]:
    """Return the longest gap of each quarter of a second while 10,000 alarms come, in ms."""
    window = room.window
    window.resize(1920, 1080)
    window.show()
    window.show_alarms()
    await asyncio.sleep(1.0)
    gc.collect()
    gc.freeze()  # as main.py does once the window is shown
    beats, gaps = Beats(), []
    plc = threading.Thread(target=_raise_all, args=(station,))
    beats.take_longest_ms()
    plc.start()
    while plc.is_alive():
        await asyncio.sleep(WINDOW_S)
        gaps.append(beats.take_longest_ms())
    await asyncio.sleep(1.0)
    page = window.area.alarms_page
    assert page is not None
    assert len(page.table.alarms) == ROWS
    return gaps


def _raise_all(station: FakeStation) -> None:
    """Let every alarm come, some each tenth of a second. A thread of its own."""
    pause, step = threading.Event(), ROWS // STEPS
    for start in range(0, ROWS, step):
        begun = CLOCK.mono_ns()
        batch = samples(np.arange(start, start + step), 10.5, Quality.GOOD, CLOCK.wall_us(), CLOCK.mono_ns())
        station.table.apply(batch)
        station.judge()
        pause.wait(max(0.0, STEP_S - (CLOCK.mono_ns() - begun) / 1e9))
    pause.wait(STEP_S)
    station.judge()  # as the station thread goes on: in a flood not every round makes a snapshot
