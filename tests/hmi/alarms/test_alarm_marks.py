"""Alarms on a display: the border of a symbol, the glyph beside a value, the zone under a pointer."""

import pytest
from PySide6.QtGui import QColor, QImage

from alarms.states import AlarmState
from hmi.displays.view import DisplayView
from hmi.theme.theme import theme
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk

PAGE = "river-pumps"


@pytest.fixture
def view(desk: Desk) -> DisplayView:
    desk.station.put_alarms([])
    desk.window.open_page(PAGE)
    desk.tick(5)
    shown = desk.window.area.view
    assert shown is not None
    return shown


def _raise(desk: Desk, name: str, state: AlarmState = AlarmState.ACKED) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, name, state=state)])
    desk.tick(5)


def _pixels(view: DisplayView, role: str) -> int:
    """Return how many pixels of the display have the colour of a role."""
    image: QImage = view.grab().toImage()
    wanted: QColor = theme().color(role)
    return sum(
        image.pixelColor(x, y) == wanted for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    )


def test_at_rest_no_colour_of_an_alarm_is_on_the_display(view: DisplayView) -> None:
    assert [_pixels(view, f"p{priority}") for priority in (1, 2, 3, 4)] == [0, 0, 0, 0]


def test_equipment_in_alarm_is_framed_in_the_colour_of_its_priority(desk: Desk, view: DisplayView) -> None:
    _raise(desk, "RPS.P2.FLT.state")
    assert _pixels(view, "p2") > 20
    _raise(desk, "RPS.P2.VIB.H", AlarmState.SHLVD)
    assert _pixels(view, "p2") == 0
    assert _pixels(view, "p3") == 0


def test_the_frame_of_what_is_not_acknowledged_blinks(desk: Desk, view: DisplayView) -> None:
    desk.room.ticker.stop()  # from here on only the test ticks
    _raise(desk, "RPS.P2.FLT.state", AlarmState.UNACK)
    counts = set()
    for _ in range(2):
        counts.add(_pixels(view, "p2"))
        desk.tick(5)
    assert len(counts) == 2
    assert min(counts) > 0  # the glyph stays


def test_a_returned_alarm_leaves_only_its_glyph(desk: Desk, view: DisplayView) -> None:
    before = view.grab().toImage()
    _raise(desk, "RPS.P2.FLT.state", AlarmState.RTNUN)
    assert _pixels(view, "p2") == 0
    assert view.grab().toImage() != before


def test_the_zone_under_the_pointer_takes_the_colour(desk: Desk, view: DisplayView) -> None:
    desk.station.put({"RPS.P1.VIB": 5.0})
    _raise(desk, "RPS.P1.TEMP.H")
    other = _pixels(view, "p3")
    _raise(desk, "RPS.P1.VIB.H")
    assert _pixels(view, "p3") > other


def test_a_value_that_can_not_be_trusted_colours_nothing(desk: Desk, view: DisplayView) -> None:
    desk.station.put({"RPS.P1.VIB": 5.0})
    _raise(desk, "RPS.P1.VIB.H")
    trusted = _pixels(view, "p3")
    desk.station.put({"RPS.P1.VIB": 5.0}, 0x808C)
    desk.tick(2)
    assert _pixels(view, "p3") < trusted


def test_a_diagnostic_alarm_marks_its_symbol_without_border_and_colour(desk: Desk, view: DisplayView) -> None:
    before = view.grab().toImage()
    desk.station.put_alarms([alarm(desk.station.plant, "RPS.P2.FLT.state", priority=5)])
    desk.tick(5)
    assert view.grab().toImage() != before
    assert [_pixels(view, f"p{priority}") for priority in (1, 2, 3, 4)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "settings", "text"),
    [
        ("RPS.SPECIFIC.H", {"priority": 5}, "energy-specific"),
        ("RPS.DISCHARGE.L", {"state": AlarmState.DSUPR}, "discharge-tag"),
        ("RPS.DISCHARGE.L", {"priority": 5}, "discharge-tag"),
    ],
)
def test_the_mark_of_what_nobody_is_called_for_covers_no_text(
    desk: Desk, view: DisplayView, name: str, settings: dict[str, object], text: str
) -> None:
    rest = view.grab().toImage()
    desk.station.put_alarms([alarm(desk.station.plant, name, **settings)])
    desk.tick(5)
    shown = view.grab().toImage()
    scale = shown.width() / desk.station.plant.displays[PAGE].layout.size[0]
    (box,) = (item.box for item in desk.station.plant.displays[PAGE].layout.items if item.id == text)
    left, top, width, height = (round(each * scale) for each in box)
    place = left, top, width, min(height, round(24 * scale))
    assert rest != shown
    assert rest.copy(*place) == shown.copy(*place)


def test_an_acknowledged_alarm_is_shown_before_one_that_is_out_of_service_or_diagnostic(
    desk: Desk, view: DisplayView
) -> None:
    plant = desk.station.plant
    trip, vibration = "RPS.P2.FLT.state", "RPS.P2.VIB.H"
    for other in ({"state": AlarmState.OOSRV}, {"priority": 5}):
        desk.station.put_alarms([alarm(plant, trip, **other), alarm(plant, vibration, state=AlarmState.ACKED)])
        desk.tick(5)
        assert _pixels(view, "p3") > 20
