"""Whole windows of a plant at rest: colour is kept for what is abnormal, so at most one pixel in a hundred has any."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.fakes.desk import PUMP, Desk, open_desk
from tests.fakes.pixels import pixels_of, saturated_share

MOST = 0.01
SIZES = ((1920, 1080), (1280, 720))


def _display(desk: Desk) -> None:
    assert desk.window.page == desk.window.context.plant.home


def _two_faceplates(desk: Desk) -> None:
    desk.window.area.open_faceplate(PUMP)
    desk.window.area.open_faceplate("CLW")


def _setpoint(desk: Desk) -> None:
    desk.window.area.open_faceplate(PUMP)
    desk.open_setpoint().enter(40.5)


def _confirm(desk: Desk) -> None:
    desk.window.area.open_faceplate(PUMP)
    desk.open_command("Stop")


def _devices(desk: Desk) -> None:
    desk.window.show_devices()


@pytest.fixture(params=[(theme, size) for theme in ("light", "dark") for size in SIZES], ids=str)
def sized_desk(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Desk]:
    theme, size = request.param
    with open_desk(theme_name=theme, size=size) as desk:
        yield desk


@pytest.mark.parametrize("show", [_display, _two_faceplates, _setpoint, _confirm, _devices])
def test_a_window_of_a_plant_at_rest_is_grey(sized_desk: Desk, show: Callable[[Desk], None]) -> None:
    show(sized_desk)
    sized_desk.tick(2)
    pixels = pixels_of(sized_desk.window)
    assert pixels.std() > 5, "an empty picture is grey too"
    assert saturated_share(pixels) <= MOST
