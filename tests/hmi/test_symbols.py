"""Symbols: each state differs in grey, bad never looks good, and pixmaps are drawn once."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from hmi.symbols.pixmaps import MAX_PIXMAPS, SymbolPixmaps, SymbolState, draw_symbol
from hmi.symbols.source import symbol_source
from hmi.symbols.style import LOOKS
from hmi.theme.theme import install_theme, theme
from plant_models.paths import RESOURCES

NAMES = sorted(path.stem for path in (RESOURCES / "symbols").glob("*.svg"))
SIZE = 64
CLAIMS = ("running", "stopped", "fault")


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    undo = install_theme(qapp, request.param)
    yield request.param
    undo()
    theme().set_name("light")


def _grey(state: SymbolState) -> NDArray[np.int16]:
    image = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
    image.fill(theme().color("canvas"))
    painter = QPainter(image)
    draw_symbol(painter, QRectF(0, 0, SIZE, SIZE), state)
    painter.end()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return np.array(grey.constBits(), np.uint8).reshape(SIZE, grey.bytesPerLine())[:, :SIZE].astype(np.int16)


def _differing(one: NDArray[np.int16], other: NDArray[np.int16], step: int = 40) -> int:
    """Count the pixels that differ by more than a step of grey."""
    return int((np.abs(one - other) > step).sum())


@pytest.mark.parametrize("name", NAMES)
def test_every_state_differs_from_every_other_in_grey(themed: str, name: str) -> None:
    states = [look for look in LOOKS if look != "plain" and not (symbol_source(name).is_vessel and look == "stopped")]
    images = {look: _grey(SymbolState(name, look)) for look in states}
    for one, other in combinations(states, 2):
        # The stop mark of a pipe is small; anything else changes far more.
        assert _differing(images[one], images[other]) >= (20 if name == "pipe" else 40), (one, other)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "pipe" and not symbol_source(name).is_vessel])
def test_a_symbol_bound_to_nothing_does_not_look_like_one_that_runs(themed: str, name: str) -> None:
    plain, running = _grey(SymbolState(name, "plain")), _grey(SymbolState(name, "running"))
    assert _differing(plain, running, step=20) >= 100  # a body is white where it runs


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_known_never_looks_good(themed: str, name: str) -> None:
    for claim in CLAIMS:
        for doubt in ("bad", "unknown"):
            assert _differing(_grey(SymbolState(name, claim)), _grey(SymbolState(name, doubt))) >= 60, (claim, doubt)


@pytest.mark.usefixtures("themed")
def test_a_bad_vessel_shows_no_liquid() -> None:
    assert _differing(_grey(SymbolState("tank", "bad", level=0.9)), _grey(SymbolState("tank", "bad", level=0.1))) == 0


@pytest.mark.usefixtures("themed")
def test_liquid_rises_with_the_level_inside_the_vessel() -> None:
    empty = _grey(SymbolState("tank", "running", level=0.0))
    changed = [_grey(SymbolState("tank", "running", level=level)) != empty for level in (0.1, 0.5, 1.0)]
    low, half, full = (int(pixels.sum()) for pixels in changed)
    assert 0 < low < half < full
    assert not changed[2][:, :8].any()
    assert not changed[1][:30].any()


@pytest.mark.usefixtures("themed")
def test_badges_stay_upright_when_the_symbol_turns() -> None:
    turned, straight = (_grey(SymbolState("centrifugal_pump", "bad", rotation=turn)) for turn in (90, 0))
    assert _differing(turned[:18, 46:], straight[:18, 46:]) == 0


def test_pixmaps_are_drawn_once_and_dropped_with_the_theme(qapp: QApplication) -> None:
    undo = install_theme(qapp, "light")
    cache = SymbolPixmaps(theme())
    state = SymbolState("centrifugal_pump", "running")
    cache.pixmap(state, 64, 1.0)
    cache.pixmap(state, 64, 1.0)
    assert (cache.renders, len(cache)) == (1, 1)
    for variant in (SymbolState("centrifugal_pump", "stopped"), SymbolState("centrifugal_pump", "running", 90)):
        cache.pixmap(variant, 64, 1.0)
    cache.pixmap(state, 32, 1.0)
    cache.pixmap(state, 64, 2.0)
    assert (cache.renders, len(cache)) == (5, 5)
    theme().set_name("dark")
    assert len(cache) == 0
    cache.pixmap(state, 64, 1.0)
    assert cache.renders == 6
    undo()
    theme().set_name("light")


def test_the_cache_is_bounded(qapp: QApplication) -> None:
    undo = install_theme(qapp, "light")
    cache = SymbolPixmaps(theme())
    for size in range(MAX_PIXMAPS + 10):
        cache.pixmap(SymbolState("pipe", "plain"), 4 + size / 100, 1.0)
    assert len(cache) <= MAX_PIXMAPS
    undo()


def test_pixmaps_are_sharp_on_dense_screens(qapp: QApplication) -> None:
    undo = install_theme(qapp, "light")
    pixmap = SymbolPixmaps(theme()).pixmap(SymbolState("motor", "running"), 40, 1.5)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (60, 1.5)
    image = QImage(80, 80, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(2, 2)
    draw_symbol(painter, QRectF(0, 0, 40, 40), SymbolState("motor", "stopped"))
    painter.end()
    assert image.pixelColor(40, 58) == theme().color("stop")
    undo()


def test_an_unknown_symbol_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_symbol"):
        symbol_source("no_such_symbol")


@pytest.mark.parametrize("name", NAMES)
def test_symbol_files_load_nothing_from_outside_and_use_known_classes(name: str) -> None:
    source = symbol_source(name)
    for element in source.root.iter():
        assert not any("href" in attribute or "url(" in value for attribute, value in element.attrib.items())
    assert {element.get("class") for element in source.root} <= set("bvlsomne")
    assert source.stop in ("hollow", "bar", "square", "fill")
