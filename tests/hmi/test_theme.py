"""The theme of the application: palette, style sheet, fonts, icons, focus ring; all of it follows a change."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QIcon, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from hmi.theme.fonts import CONDENSED, FAMILY, font, load_fonts
from hmi.theme.icons import icon
from hmi.theme.style_sheet import make_style_sheet
from hmi.theme.theme import install_theme, theme
from plant_models.paths import RESOURCES
from tests.fakes.desk import take_focus

ICONS = sorted(path.stem for path in (RESOURCES / "icons").glob("*.svg"))


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    undo = install_theme(qapp, "light")
    yield
    undo()
    theme().set_name("light")


def test_a_change_reaches_palette_and_style_sheet_and_is_told_once(qapp: QApplication, qtbot: QtBot) -> None:
    told = []
    theme().changed.connect(lambda: told.append(theme().name))
    theme().set_name("dark")
    theme().set_name("dark")
    assert told == ["dark"]
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme().color("panel")
    assert theme().color("raised").name() in qapp.styleSheet()


def test_an_unknown_theme_or_role_is_refused() -> None:
    with pytest.raises(KeyError):
        theme().set_name("pink")
    with pytest.raises(KeyError):
        theme().color("brand")


def test_the_style_sheet_names_only_roles_that_exist() -> None:
    sheet = make_style_sheet(theme().color)
    assert "@" not in sheet
    with pytest.raises(KeyError):
        make_style_sheet(lambda role: {}[role])


def test_the_style_sheet_brings_no_colour_of_its_own() -> None:
    template = (RESOURCES / "themes" / "clearwell.qss").read_text(encoding="utf-8")
    assert "#" not in template
    assert "rgb" not in template


def test_disabled_text_has_its_own_colour(qapp: QApplication) -> None:
    palette = qapp.palette()
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText) == theme().color("disabled")


def test_the_bundled_fonts_are_used_with_digits_of_one_width(qapp: QApplication) -> None:
    assert load_fonts() >= {FAMILY, CONDENSED}
    assert QFontInfo(font(15)).family() == FAMILY
    assert QFontInfo(font(15, 500, condensed=True)).family() == CONDENSED
    for weight in (400, 600):
        metrics = QFontMetricsF(font(20, weight))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_fonts_come_with_their_licence() -> None:
    licence = (RESOURCES / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence.upper()


@pytest.mark.parametrize("name", ICONS)
def test_icons_take_the_colour_of_the_theme(name: str) -> None:
    made = icon(name)
    assert _strongest(made) == theme().color("text2").rgb()
    theme().set_name("dark")
    assert _strongest(made) == theme().color("text2").rgb()
    assert _strongest(made, QIcon.Mode.Disabled) == theme().color("disabled").rgb()


def _strongest(made: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> int:
    """Return the commonest opaque colour of an icon, drawn large."""
    image = made.pixmap(QSize(80, 80), mode).toImage()
    colours = [image.pixel(x, y) for x in range(image.width()) for y in range(image.height())]
    opaque = [colour for colour in colours if QColor.fromRgba(colour).alpha() == 255]
    return max(set(opaque), key=opaque.count)


def test_an_icon_that_does_not_exist_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_icon"):
        icon("no_such_icon")


class _Form(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.button, self.field = QPushButton("Write"), QLineEdit()
        box = QVBoxLayout(self)
        for widget in (QLabel("Value"), self.button, self.field):
            box.addWidget(widget)
        self.resize(200, 160)


@pytest.fixture
def form(qtbot: QtBot) -> _Form:
    form = _Form()
    qtbot.addWidget(form)
    # A click that ended with its widget leaves the simulated button down; no real mouse does.
    qtbot.mouseRelease(form, Qt.MouseButton.LeftButton)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    form.field.setFocus()
    return form


def _ring_is_around(form: _Form, widget: QWidget) -> bool:
    """Tell whether there is focus colour just outside the left edge of `widget`."""
    QApplication.processEvents()
    image = form.grab().toImage()
    y = widget.geometry().center().y()
    return image.pixelColor(widget.x() - 3, y) == theme().color("focus")


def test_the_ring_follows_the_keyboard(form: _Form, qtbot: QtBot) -> None:
    assert _ring_is_around(form, form.field)
    qtbot.keyClick(form.field, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert form.button.hasFocus()
    assert _ring_is_around(form, form.button)
    assert not _ring_is_around(form, form.field)


def test_the_ring_moves_with_its_widget_and_goes_with_it(form: _Form) -> None:
    form.field.move(form.field.x() + 12, form.field.y() - 4)
    assert _ring_is_around(form, form.field)
    form.field.hide()
    assert not _ring_is_around(form, form.field)


def test_the_ring_survives_the_end_of_what_it_followed(form: _Form) -> None:
    form.field.deleteLater()
    QApplication.processEvents()
    form.button.setFocus()
    assert form.button.hasFocus()


def test_the_ring_takes_the_colour_of_the_new_theme(form: _Form) -> None:
    theme().set_name("dark")
    assert _ring_is_around(form, form.field)


@pytest.mark.parametrize("kind", [QPushButton, QToolButton, QComboBox, QTabBar])
def test_the_focus_is_shown_by_the_ring_alone(kind: type[QWidget], qtbot: QtBot) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    watched, other = kind(), QPushButton("Other")
    if isinstance(watched, QTabBar):
        watched.addTab("Tab")
    elif isinstance(watched, QAbstractButton):
        watched.setText("Words")
    watched.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout.addWidget(watched)
    layout.addWidget(other)
    qtbot.addWidget(window)
    window.show()
    take_focus(window)
    other.setFocus(Qt.FocusReason.TabFocusReason)
    before = watched.grab().toImage()
    QTest.keyClick(other, Qt.Key.Key_Tab)
    assert watched.hasFocus()
    assert watched.grab().toImage() == before
