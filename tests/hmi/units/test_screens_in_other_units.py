"""Number and unit always belong together: dialog, trend, export, alarms, journal in other units than the plant's."""

import asyncio
import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from hmi.alarm_journal.cells import VALUE, cell_text
from hmi.alarm_journal.cells import limit_text as journal_limit
from hmi.alarms.words import figures, limit_text, value_text
from hmi.dialogs.number_field import NumberField
from hmi.dialogs.scale import SetpointScale
from hmi.displays.hover_text import tag_text
from hmi.trends.draw_curves import limit_text as trend_limit_text
from hmi.trends.draw_labels import value_text as cursor_text
from hmi.trends.pen_rows import DELTA, FIRST, HIGH, LOW, NOW, UNIT
from tests.fakes.alarms import alarm, journal
from tests.fakes.desk import Desk, visible
from tests.fakes.trends import FLOW, PRESSURE, open_trend_desk

VALVE, SETPOINT = "PRV1", "PRV1.DOWN_SP"
HIGH_PRESSURE = "RPS.DISCHARGE.H"


@pytest.fixture
def kpa(desk: Desk) -> Desk:
    desk.window.context.preferences.choose_unit("pressure", "kPa")
    desk.station.put({SETPOINT: 6.5, "PRV1.DOWN": 6.45})
    desk.tick()
    return desk


def test_a_setpoint_is_typed_in_the_shown_unit_and_sent_in_the_plants(kpa: Desk) -> None:
    dialog = kpa.open_setpoint(VALVE, "DOWN_SP")
    dialog.enter(6.9)
    assert dialog.present_text() == "650 kPa"
    assert dialog.change_text() == "+40 kPa"
    assert dialog.both_text() == "690\u00a0kPa = 6.90\u00a0bar"
    assert dialog.confirm_button.text() == "Write 690\u00a0kPa"
    assert "New, 100 to 800" in kpa.texts()
    dialog.confirm_button.click()
    kpa.settle()
    ((request, _),) = kpa.station.requests
    assert (request.value, request.seen) == (6.9, 6.5)
    assert "Written and read back 690\u00a0kPa" in " | ".join(label.text() for label in visible(dialog, QLabel))


@pytest.mark.parametrize(("typed", "sent"), [("100", 1.0), ("800", 8.0), ("99", None), ("801", None), ("6.9", None)])
def test_ends_of_the_range_are_sent_and_what_lies_beyond_is_not(kpa: Desk, typed: str, sent: float | None) -> None:
    dialog = kpa.open_setpoint(VALVE, "DOWN_SP")
    (field,) = visible(dialog, NumberField)
    field.field.setText(typed)
    request = dialog.make_request()
    assert (None if request is None else request.value) == sent
    assert dialog.confirm_button.isEnabled() is (sent is not None)


def test_the_scale_of_the_dialog_speaks_one_unit(kpa: Desk) -> None:
    dialog = kpa.open_setpoint(VALVE, "DOWN_SP")
    dialog.enter(6.9)
    (scale,) = visible(dialog, SetpointScale)
    assert set(scale.shown_texts()) == {"Measured 645", "0", "Now 650", "New 690", "1\u2009000\u00a0kPa"}


def test_in_the_plants_unit_the_dialog_has_one_number_only(desk: Desk) -> None:
    dialog = desk.open_setpoint(VALVE, "DOWN_SP")
    dialog.enter(6.9)
    assert dialog.both_text() == ""
    assert dialog.confirm_button.text() == "Write 6.90\u00a0bar"


def test_value_range_and_limits_of_the_hover_card_are_in_the_shown_unit(kpa: Desk) -> None:
    kpa.station.put({"RPS.DISCHARGE": 4.5})
    context = kpa.window.context
    rows = dict(tag_text(context.live, "RPS.DISCHARGE", context.zone).rows)
    assert (rows["Value"], rows["Range"], rows["Limit H"]) == ("450 kPa", "0 to 1\u2009000", "650")


def test_an_alarm_tells_value_and_limit_in_the_shown_unit(kpa: Desk) -> None:
    row, context = alarm(kpa.station.plant, HIGH_PRESSURE), kpa.window.context
    assert (value_text(context, row), limit_text(context, row)) == ("750\u00a0kPa", "650")
    kpa.station.put_alarms([row])
    kpa.tick(5)
    assert f"· {figures(context, row)}" in kpa.texts()
    context.preferences.choose_unit("pressure", "")
    assert "· 7.50\u00a0bar (limit 6.50)" in kpa.texts()


def test_the_open_alarm_list_follows_at_once(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, HIGH_PRESSURE)])
    desk.window.show_alarms()
    desk.tick(5)
    page = desk.window.area.alarms_page
    assert page is not None
    page.view.selectRow(0)
    desk.window.context.preferences.choose_unit("pressure", "kPa")
    cells = [page.table.index(0, at).data() for at in range(page.table.columnCount())]
    assert "750\u00a0kPa" in cells
    assert "650" in cells
    assert "750\u00a0kPa" in [label.text() for label in visible(page.details, QLabel)]


def test_the_journal_is_in_the_shown_unit_and_an_old_row_in_the_unit_it_was_written_in(kpa: Desk) -> None:
    row, context = alarm(kpa.station.plant, HIGH_PRESSURE), kpa.window.context
    (now,) = journal([row])
    assert (cell_text(context, now, VALUE), journal_limit(context, now)) == ("750\u00a0kPa", "650")
    old = replace(now, unit="mH2O", value=75.0)
    assert cell_text(context, old, VALUE) == "75.00\u00a0mH2O"


def test_axis_limit_cursor_and_table_of_a_trend_are_in_the_shown_unit(qtbot: QtBot) -> None:
    del qtbot
    with open_trend_desk(tags=(PRESSURE, FLOW)) as (desk, page, now_us):
        model = page.model
        pen = model.pen(PRESSURE)
        assert pen is not None
        model.set_cursor(0, now_us - 3_600_000_000)
        model.set_cursor(1, now_us - 1_800_000_000)
        value = model.value_at(PRESSURE, 0)
        assert value is not None
        before = [model.scale(pen).fraction(model.trace(PRESSURE).last)]
        desk.window.context.preferences.choose_unit("pressure", "kPa")
        desk.window.context.preferences.choose_unit("flow", "Ml/d")
        scale = model.scale(pen)
        assert (scale.low, scale.high) == (0.0, 1000.0)
        assert scale.fraction(model.trace(PRESSURE).last) == pytest.approx(before[0], nan_ok=True)
        assert cursor_text(pen, value) == f"{value.value * 100:.0f}\u00a0kPa"
        limit = next(each for each in desk.station.plant.alarms if each.name == HIGH_PRESSURE)
        assert trend_limit_text(pen, limit) == f"{pen.letter} high limit 650\u00a0kPa"
        cells = {at: page.table.rows.index(0, at).data() for at in (FIRST, DELTA, NOW, UNIT, LOW, HIGH)}
        assert (cells[NOW], cells[UNIT]) == ("480", "kPa")
        assert cells[FIRST] == f"{value.value * 100:.0f}"
        assert 400 < float(cells[LOW]) < float(cells[HIGH]) <= 600
        assert abs(float(cells[DELTA].replace("−", "-"))) < 100
        assert page.table.rows.index(1, UNIT).data() == "Ml/d"


def test_a_fitted_axis_is_round_in_the_shown_unit(qtbot: QtBot) -> None:
    del qtbot
    with open_trend_desk(tags=(PRESSURE,)) as (desk, page, _):
        desk.window.context.preferences.choose_unit("pressure", "kPa")
        page.toolbar.tool("fit").trigger()
        pen = page.model.pen(PRESSURE)
        assert pen is not None
        scale = page.model.scale(pen)
        assert 300 < scale.low < 450
        assert scale.low % 10 == 0
        assert 600 <= scale.high < 700


def test_an_export_has_the_numbers_of_the_unit_that_it_names(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    with open_trend_desk(tags=(PRESSURE,)) as (desk, page, _):
        desk.window.context.preferences.choose_unit("pressure", "kPa")
        desk.run(asyncio.wait_for(page.export(tmp_path / "a.csv"), 30))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["last"]]
    assert {row["unit"] for row in rows} == {"kPa"}
    assert all(400 < float(row["mean"]) < 500 and len(row["mean"]) < 14 for row in rows)
