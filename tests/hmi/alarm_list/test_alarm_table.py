"""The rows of the list keep their selection whatever happens, and a flood stays a handful of signals."""

import random
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex
from pytestqt.modeltest import ModelTester

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.filter import AlarmFilter
from hmi.alarm_list.table import ROW_ROLE, AlarmTable
from tests.fakes.alarms import alarm, many_alarms
from tests.fakes.desk import Desk

STATES = (AlarmState.UNACK, AlarmState.ACKED, AlarmState.RTNUN, AlarmState.SHLVD)


@pytest.fixture
def table(desk: Desk, qtmodeltester: ModelTester) -> AlarmTable:
    made = AlarmTable(desk.window.context)
    qtmodeltester.check(made)
    return made


def _put(desk: Desk, rows: list[AlarmRow]) -> None:
    desk.station.put_alarms(rows)
    desk.tick(3)


def _names(table: AlarmTable) -> list[str]:
    return [row.name for row in table.alarms]


def test_the_model_keeps_its_promises_while_rows_change(desk: Desk, table: AlarmTable) -> None:
    _shake(desk, table, 30)


def test_a_thousand_rows_change_and_every_index_stays_with_its_alarm(desk: Desk) -> None:
    _shake(desk, AlarmTable(desk.window.context), 1000)


def _shake(desk: Desk, table: AlarmTable, count: int) -> None:
    """Raise, change and clear alarms by chance; persistent indexes must follow."""
    chance = random.Random(7)
    everything = many_alarms(desk.station.plant, count)
    kept: dict[str, QPersistentModelIndex] = {}
    for _ in range(8):
        shown = [_changed(row, chance) for row in everything if chance.random() < 0.8]
        _put(desk, shown)
        assert _names(table) == [row.name for row in desk.window.context.alarms.rows]
        for name, index in kept.items():
            assert not index.isValid() or index.data(ROW_ROLE).name == name
        kept = {row.name: QPersistentModelIndex(table.index(at, 2)) for at, row in enumerate(table.alarms)}
    assert len(kept) > count / 2


def _changed(row: AlarmRow, chance: random.Random) -> AlarmRow:
    return replace(row, state=chance.choice(STATES), active_us=chance.randrange(10**9))


def test_a_flood_is_a_handful_of_signals(desk: Desk, table: AlarmTable) -> None:
    _put(desk, ())
    signals: list[str] = []
    table.layoutChanged.connect(lambda: signals.append("layout"))
    table.rowsInserted.connect(lambda: signals.append("insert"))
    table.rowsRemoved.connect(lambda: signals.append("remove"))
    _put(desk, many_alarms(desk.station.plant, 1000))
    _put(desk, many_alarms(desk.station.plant, 1500)[700:])
    assert signals.count("insert") <= 2
    assert signals.count("remove") <= 1
    assert signals.count("layout") <= 4
    assert len(table.alarms) == 800


def test_only_rows_that_look_otherwise_are_told(desk: Desk, table: AlarmTable) -> None:
    rows = many_alarms(desk.station.plant, 50)
    _put(desk, rows)
    told: list[tuple[int, int]] = []
    table.dataChanged.connect(lambda first, last, *_: told.append((first.row(), last.row())))
    _put(desk, [replace(row, count=5) if at == 7 else row for at, row in enumerate(rows)])
    assert len(told) == 1
    assert told[0][0] == told[0][1]


def test_selection_current_row_and_scroll_stay_with_their_alarms(desk: Desk) -> None:
    rows = many_alarms(desk.station.plant, 300)
    _put(desk, rows)
    desk.window.show_alarms()
    desk.tick(3)
    page = desk.window.area.alarms_page
    assert page is not None
    view, table = page.view, page.table
    for at in (3, 40):
        view.selectionModel().setCurrentIndex(
            table.index(at, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        )
    chosen, current = {row.name for row in view.chosen()}, view.current_alarm()
    assert current is not None
    view.verticalScrollBar().setValue(400)
    first = table.alarms[view.rowAt(0)]
    top = view.rowViewportPosition(view.rowAt(0))
    _put(desk, many_alarms(desk.station.plant, 400)[:])
    assert {row.name for row in view.chosen()} == chosen
    now = view.current_alarm()
    assert now is not None
    assert now.name == current.name
    assert table.alarms[view.rowAt(0)].name == first.name, "what is read stays where it is"
    assert view.rowViewportPosition(view.rowAt(0)) == top
    assert page.card.news.isVisible()
    above = {row.name for row in table.alarms[: view.rowAt(0)]} - {row.name for row in rows}
    assert page.card.news.text().strip() == f"{len(above)} new above"
    page.card.news.click()
    assert view.verticalScrollBar().value() == 0
    assert not page.card.news.isVisible()


def test_a_selected_alarm_that_is_gone_is_no_longer_selected(desk: Desk) -> None:
    rows = many_alarms(desk.station.plant, 5)
    _put(desk, rows)
    desk.window.show_alarms()
    page = desk.window.area.alarms_page
    assert page is not None
    page.view.selectRow(0)
    (chosen,) = page.view.chosen()
    _put(desk, [row for row in rows if row.name != chosen.name])
    assert chosen.name not in {row.name for row in page.view.chosen()}


@pytest.mark.parametrize("wanted", [AlarmFilter("no such words"), AlarmFilter(hidden=frozenset({1, 2, 3, 4}))])
def test_no_filter_hides_priorities_1_and_2(desk: Desk, table: AlarmTable, wanted: AlarmFilter) -> None:
    names = ["TK1.LEVEL.LL", "TK1.LEVEL.L", "TK1.LEVEL.H", "RPS.P1.FLOW.H"]
    _put(desk, [alarm(desk.station.plant, name) for name in names])
    assert table.rowCount(QModelIndex()) == 4
    table.set_filter(wanted)
    assert _names(table) == names[:2]
    table.set_filter(AlarmFilter())
    assert _names(table) == names


@pytest.mark.parametrize("words", ["tk1", "TANK", "level hi"])
def test_the_filter_looks_in_tag_area_description_and_text(desk: Desk, table: AlarmTable, words: str) -> None:
    _put(desk, [alarm(desk.station.plant, name) for name in ("TK1.LEVEL.H", "RPS.P1.FLOW.H")])
    table.set_filter(AlarmFilter(words))
    assert _names(table) == ["TK1.LEVEL.H"]
