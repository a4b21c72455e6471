"""A display on screen: cached static layer, only what changed is repainted, clicks, keys, layouts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QEnterEvent, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hmi.displays.items.base import DisplayItem
from hmi.displays.items.value import ValueItem
from hmi.displays.view import DisplayView
from hmi.theme.theme import install_theme, theme
from hmi.ticker import Ticker
from plant_models.quality import Quality
from tests.fakes.drawn_plant import drawn_station
from tests.fakes.station import FakeStation


class Shown:
    """A display in a window, ticked by hand; `drawn` counts the live drawing of each item."""

    def __init__(self, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        self.station: FakeStation = drawn_station()
        self.ticker = Ticker()
        self.ticker.stop()
        self.view = DisplayView(self.station.plant.displays["page"], self.station, self.ticker)
        self.drawn: Counter[str] = Counter()
        qtbot.addWidget(self.view)
        self.view.resize(400, 300)
        self._count(monkeypatch)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.settle()

    def settle(self) -> None:
        QApplication.processEvents()

    def frame(self) -> Counter[str]:
        """Do one tick and return what it drew."""
        self.drawn.clear()
        self.ticker.advance()
        self.settle()
        return Counter(self.drawn)

    def _count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for kind in {type(item) for item in self.view.scene.items}:
            self._count_kind(monkeypatch, kind)

    def _count_kind(self, monkeypatch: pytest.MonkeyPatch, kind: type[DisplayItem]) -> None:
        original = kind.draw

        def draw(item: DisplayItem, painter: object) -> None:
            self.drawn[item.item.id] += 1
            original(item, painter)  # type: ignore[arg-type]

        monkeypatch.setattr(kind, "draw", draw)


@pytest.fixture
def shown(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    undo = install_theme(qapp, "light")
    shown = Shown(qtbot, monkeypatch)
    yield shown
    shown.view.close()
    undo()
    theme().set_name("light")


def test_a_changed_value_repaints_only_the_items_that_show_it(shown: Shown) -> None:
    shown.station.put({"P1.FLOW": 250.0})
    assert set(shown.frame()) == {"flow", "flow-bar"}
    assert shown.view.static_renders == 1


def test_an_unchanged_plant_repaints_nothing(shown: Shown) -> None:
    assert shown.frame() == Counter()
    shown.station.put({"P1.FLOW": 318.0})
    assert shown.frame() == Counter()


def test_a_change_that_cannot_be_seen_repaints_nothing(shown: Shown) -> None:
    shown.station.put({"P1.FLOW": 318.2})
    assert shown.frame() == Counter()


def test_a_change_of_tags_elsewhere_repaints_nothing(shown: Shown) -> None:
    shown.station.put({"NOTE": "Rotates at noon"})
    assert shown.frame() == Counter()


def test_a_change_of_state_repaints_symbol_and_words(shown: Shown) -> None:
    shown.station.put({"P1.RUN": 0.0})
    assert {"pump", "state"} <= set(shown.frame())
    assert shown.frame() == Counter()


def test_what_opens_and_closes_above_a_display_draws_none_of_it(shown: Shown) -> None:
    above = QLabel(parent=shown.view)
    above.setGeometry(shown.view.rect())
    before = shown.view.grab().toImage()
    for is_open in (True, False):
        shown.drawn.clear()
        above.setVisible(is_open)
        shown.settle()
        assert shown.drawn == Counter()
    assert shown.view.grab().toImage() == before


def test_what_changes_below_a_cover_is_there_when_it_is_gone(shown: Shown) -> None:
    def whole() -> QImage:
        return shown.view.grab().toImage()

    above = QLabel(parent=shown.view)
    above.setGeometry(shown.view.rect())
    above.show()
    shown.settle()
    shown.station.put({"P1.FLOW": 250.0, "P1.RUN": 0.0})
    shown.frame()
    above.hide()
    shown.settle()
    seen = whole()
    shown.view.hide()
    shown.view.show()  # draws all of it anew
    assert whole() == seen


def test_a_hidden_display_does_no_work_and_catches_up_when_shown(shown: Shown) -> None:
    shown.view.hide()
    shown.station.put({"P1.FLOW": 99.0})
    assert shown.frame() == Counter()
    shown.view.show()
    assert _flow_text(shown) == "99"
    assert QTest.qWaitForWindowExposed(shown.view)
    shown.settle()
    assert shown.drawn["flow"] > 0


def _flow_text(shown: Shown) -> str:
    [text] = [item.reading.text for item in shown.view.scene.items if isinstance(item, ValueItem)]
    return text


def test_lost_communication_repaints_with_marks(shown: Shown) -> None:
    shown.station.put({"P1.FLOW": 318.0}, Quality.BAD_NO_COMMUNICATION)
    assert {"flow", "flow-bar"} <= set(shown.frame())


def test_a_vessel_whose_level_is_bad_does_not_look_empty(shown: Shown) -> None:
    def tank() -> QImage:
        return shown.view.grab(QRect(120, 60, 64, 64)).toImage()

    shown.station.put({"TK.LEVEL": 0.0})
    shown.frame()
    empty = tank()
    shown.station.put({"TK.LEVEL": 0.0}, Quality.BAD_SENSOR_FAILURE)
    assert "tank" in shown.frame()
    assert tank() != empty


def test_everything_is_repainted_when_the_station_stops_evaluating(shown: Shown) -> None:
    shown.station.health = replace(shown.station.health, is_evaluated=False)
    assert {"flow", "flow-bar", "pump", "state", "tank", "level-bar"} <= set(shown.frame())
    assert shown.frame() == Counter()


def test_no_blue_value_is_left_when_the_station_stops_evaluating(shown: Shown) -> None:
    assert _has_colour(shown, "value")
    shown.station.health = replace(shown.station.health, is_evaluated=False)
    shown.frame()
    assert not _has_colour(shown, "value")


def _has_colour(shown: Shown, role: str) -> bool:
    image = shown.view.grab().toImage()
    colour: QColor = theme().color(role)
    return any(image.pixel(x, y) == colour.rgb() for x in range(image.width()) for y in range(image.height()))


def test_a_theme_change_draws_the_static_layer_once_more(shown: Shown) -> None:
    theme().set_name("dark")
    shown.settle()
    assert shown.view.static_renders == 2
    assert shown.view.grab().toImage().pixelColor(395, 5) == theme().color("canvas")


def test_a_click_on_equipment_opens_it(shown: Shown, qtbot: QtBot) -> None:
    hotspot = shown.view.hotspot("P1")
    assert hotspot is not None
    with qtbot.waitSignal(shown.view.equipment_clicked) as clicked:
        qtbot.mouseClick(hotspot, Qt.MouseButton.LeftButton)
    assert clicked.args == ["P1"]


def test_a_click_on_a_value_opens_its_equipment(shown: Shown, qtbot: QtBot) -> None:
    value = next(hotspot for hotspot in shown.view.hotspots if hotspot.item.item.id == "flow")
    with qtbot.waitSignal(shown.view.equipment_clicked) as clicked:
        qtbot.mouseClick(value, Qt.MouseButton.LeftButton)
    assert clicked.args == ["P1"]


def test_a_click_on_a_link_opens_the_display(shown: Shown, qtbot: QtBot) -> None:
    link = shown.view.hotspot("other")
    assert link is not None
    with qtbot.waitSignal(shown.view.link_clicked) as clicked:
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert clicked.args == ["other"]


def test_tab_walks_through_what_can_be_opened_and_enter_opens_it(shown: Shown, qtbot: QtBot) -> None:
    stops = [hotspot for hotspot in shown.view.hotspots if hotspot.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert [stop.item.opens for stop in stops] == ["P1", "TK", "other"]
    with qtbot.waitActive(shown.view):
        shown.view.activateWindow()
    stops[0].setFocus()
    qtbot.keyClick(stops[0], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is stops[1]
    with qtbot.waitSignal(shown.view.equipment_clicked) as clicked:
        qtbot.keyClick(stops[1], Qt.Key.Key_Return)
    assert clicked.args == ["TK"]


def test_a_screen_reader_hears_name_state_and_mode(shown: Shown) -> None:
    hotspot = shown.view.hotspot("P1")
    assert hotspot is not None
    assert hotspot.accessibleName() == "Pump one, Running, Auto, duty 1"
    shown.station.put({"P1.FLT": 1.0})
    shown.frame()
    assert hotspot.accessibleName() == "Pump one, Tripped, Auto, duty 1"
    assert shown.view.accessibleName() == "Page"


def test_equipment_without_a_symbol_is_reached_through_the_first_item_that_shows_it(qtbot: QtBot) -> None:
    station = drawn_station()
    page = station.plant.displays["page"]
    bare = tuple(item for item in page.layout.items if item.id != "tank")
    ticker = Ticker()
    ticker.stop()
    view = DisplayView(replace(page, layout=replace(page.layout, items=bare)), station, ticker)
    qtbot.addWidget(view)
    hotspot = view.hotspot("TK")
    assert hotspot is not None
    assert hotspot.item.item.id == "level-bar"
    assert hotspot.focusPolicy() == Qt.FocusPolicy.StrongFocus
    assert hotspot.accessibleName() == "North tank, 60.0 %"


def test_the_compact_layout_serves_windows_too_small_for_the_full_one(shown: Shown) -> None:
    shown.view.resize(300, 200)
    shown.settle()
    assert [item.item.id for item in shown.view.scene.items] == ["pump"]
    hotspot = shown.view.hotspot("P1")
    assert hotspot is not None
    assert hotspot.width() == pytest.approx(60 * 200 / 150, abs=8)  # scaled up evenly to the height
    shown.view.resize(400, 300)
    shown.settle()
    assert len(shown.view.scene.items) == 11


def test_the_full_layout_shrinks_a_little_before_the_compact_one_is_taken(shown: Shown) -> None:
    shown.view.resize(380, 275)
    shown.settle()
    assert len(shown.view.scene.items) == 11
    shown.view.resize(350, 260)
    shown.settle()
    assert len(shown.view.scene.items) == 1


def test_a_larger_window_scales_the_layout_evenly(shown: Shown) -> None:
    before = shown.view.hotspot("P1")
    assert before is not None
    shown.view.resize(1200, 600)
    shown.settle()
    after = shown.view.hotspot("P1")
    assert after is not None
    assert after.height() == pytest.approx(80 * 2, abs=10)
    assert after.x() > 220 * 2  # centred


def test_selected_equipment_is_marked_until_it_is_not(shown: Shown) -> None:
    before = shown.view.grab().toImage()
    shown.view.set_selected("P1")
    assert shown.view.grab().toImage() != before
    shown.view.set_selected(None)
    assert shown.view.grab().toImage() == before


def test_the_pointer_is_told_what_opens(shown: Shown) -> None:
    hotspot = shown.view.hotspot("P1")
    assert hotspot is not None
    assert hotspot.cursor().shape() == Qt.CursorShape.PointingHandCursor


def _moved() -> QMouseEvent:
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(2, 2), QPointF(2, 2), buttons, buttons, keys)


def test_a_display_that_appears_under_a_resting_pointer_shows_no_card(shown: Shown) -> None:
    value = shown.view.hotspots[0]
    QApplication.sendEvent(value, QEnterEvent(QPointF(2, 2), QPointF(2, 2), QPointF(2, 2)))
    for _ in range(6):
        shown.frame()
    assert not shown.view.hover_card.isVisible()


def test_every_line_of_a_hover_card_has_the_height_it_needs(shown: Shown) -> None:
    for name in ("flow", "state"):
        hotspot = next(each for each in shown.view.hotspots if each.item.item.id == name)
        QApplication.sendEvent(hotspot, _moved())
        for _ in range(4):
            shown.frame()
        labels = [each for each in shown.view.hover_card.findChildren(QLabel) if each.isVisible()]
        assert len(labels) >= 6
        for label in labels:
            needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            assert label.height() >= needed, label.text()


def test_a_hover_card_appears_after_four_ticks_and_goes_with_the_pointer(shown: Shown) -> None:
    value = next(hotspot for hotspot in shown.view.hotspots if hotspot.item.item.id == "flow")
    QApplication.sendEvent(value, _moved())
    for _ in range(3):
        shown.frame()
    assert not shown.view.hover_card.isVisible()
    shown.frame()
    assert shown.view.hover_card.isVisible()
    assert shown.view.rect().contains(shown.view.hover_card.geometry())
    assert "318" in shown.view.hover_card.text()
    shown.station.put({"P1.FLOW": 100.0})
    shown.frame()
    assert "100" in shown.view.hover_card.text()
    QApplication.sendEvent(value, QEvent(QEvent.Type.Leave))
    assert not shown.view.hover_card.isVisible()
