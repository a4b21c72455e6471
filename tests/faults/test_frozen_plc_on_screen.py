"""A PLC stays silent for a while, as an operator sees it: greyed values with their age, one alarm, a gap in the trend
that stays; and all comes back without a restart."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from alarms.journal_query import JournalQuery
from history.series import NO_DATA
from hmi.displays.items.value import ValueItem
from hmi.displays.view import DisplayView
from hmi.drawing.value import value_role
from hmi.trends.draw_ground import curve_gaps, gap_text
from hmi.trends.gaps import NamedGap
from hmi.trends.page import TrendPage
from plant_models.alarm_definition import AlarmKind
from plant_models.simulation.process_link import VirtualPlant
from tests.fakes.shift import FLOW_TAG, Shift, shift

OTHER_TAG = "LPS.P1.FLOW"


def items(night: Shift, device: str) -> list[ValueItem]:
    """Return the values on the display that come from a device."""
    tags = {tag.name for tag in night.line.table.tags if tag.device == device}
    return [
        item
        for item in night.operator.display().scene.live_items
        if isinstance(item, ValueItem) and item.item.tag in tags
    ]


def hover_age_s(night: Shift, view: DisplayView) -> int:
    """Return the age that the hover card gives, -1 if it gives none."""
    lines = view.hover_card.text().splitlines()
    words = next((line.removeprefix("Age ") for line in lines if line.startswith("Age ")), "")
    number, _, unit = words.partition(" ")
    return int(number) * (60 if unit == "min" else 1) if number else -1


def comm_alarms(night: Shift) -> list[tuple[str, str]]:
    """Return the alarms of the list about the line to the river pumps; a busy machine may cut others for a moment."""
    page = night.window.area.alarms_page
    assert page is not None
    return [
        (row.name, str(row.state))
        for row in page.table.alarms
        if row.kind is AlarmKind.COMMUNICATION and is_of_river_pumps(night, row.tag)
    ]


def is_of_river_pumps(night: Shift, tag: str) -> bool:
    """Tell whether an alarm is about the PLC that was frozen; one for the device itself has no tag."""
    return not tag or night.line.table.tags[night.line.table.index[tag]].device == "RPS_PLC"


def gaps(page: TrendPage) -> list[NamedGap]:
    """Return the hatched gaps of the curves that lie within this run."""
    return [gap for gap in curve_gaps(page.model, page.canvas.frame) if gap.quality != NO_DATA]


def trend(night: Shift) -> TrendPage:
    night.window.open_trend([FLOW_TAG, OTHER_TAG])
    page = night.window.area.trend_page
    assert page is not None
    return page


def check_freeze(night: Shift, seconds: int) -> None:
    night.sees("a good value", lambda: night.operator.number(FLOW_TAG) >= 0)
    view = night.operator.display()
    night.plant.control.request("freeze", plc="RPS_PLC")
    night.sees("greyed values", lambda: all(item.reading.mark == "?" for item in items(night, "RPS_PLC")))
    for item in items(night, "RPS_PLC"):
        assert (item.reading.word, value_role(item.reading, 20.0)) == ("no communication", "stale")
    flow = next(item for item in items(night, "RPS_PLC") if item.item.tag == FLOW_TAG)
    view.hover_card.point_at(flow, view.rect())
    night.sees(f"an age of {seconds} s", lambda: hover_age_s(night, view) >= seconds, seconds + 60.0)
    assert "No communication" in view.hover_card.text()
    view.hover_card.point_at(None, view.rect())
    night.window.show_alarms()
    night.sees("one alarm", lambda: comm_alarms(night) == [("PLC.RPS.HEARTBEAT.comm", "UNACK")])
    page = trend(night)
    night.sees("a gap that goes on", lambda: [gap.names for gap in gaps(page)] == [("A",)])
    night.plant.control.request("thaw", plc="RPS_PLC")
    night.sees("a value after the gap", lambda: page.model.trace(FLOW_TAG).at(page.model.now_us).value >= 0)
    night.window.open_page("river-pumps")
    night.sees("good values", lambda: all(item.reading.is_usable for item in items(night, "RPS_PLC")))
    check_after(night, trend(night), seconds)


def check_after(night: Shift, page: TrendPage, seconds: int) -> None:
    """The gap stays, from memory now and from the disk later; one alarm was raised, and it returned."""
    night.sees("the gap from history", lambda: len(gaps(page)) == 1 and gaps(page)[0].end_us < page.model.now_us)
    (gap,) = gaps(page)
    assert gap.names == ("A",)
    assert gap_text(gap) in ("Out of reach A", "No data A: last usable value")  # it began as a stale one
    assert (gap.end_us - gap.start_us) / 1e6 >= seconds - 3
    night.window.show_alarms()
    night.sees("its return", lambda: comm_alarms(night) == [("PLC.RPS.HEARTBEAT.comm", "RTNUN")])
    query = JournalQuery(kinds=frozenset({AlarmKind.COMMUNICATION}), limit=1000)
    rows = night.room.loop.run_until_complete(night.line.station.journal(query)).rows
    assert [(row.event, row.alarm) for row in reversed(rows) if is_of_river_pumps(night, row.tag)] == [
        ("ALM", "PLC.RPS.HEARTBEAT.comm"),
        ("RTN", "PLC.RPS.HEARTBEAT.comm"),
    ]


def test_a_plc_that_is_frozen_for_a_while(qapp: QApplication, twin: VirtualPlant, tmp_path: Path) -> None:
    with shift(twin, tmp_path) as night:
        check_freeze(night, 12)


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_a_plc_that_is_frozen_for_a_minute(qapp: QApplication, twin: VirtualPlant, tmp_path: Path) -> None:
    with shift(twin, tmp_path) as night:
        check_freeze(night, 60)
