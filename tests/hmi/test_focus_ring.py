"""The focus ring stays around its widget, whatever it lies in moves."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from hmi.theme.focus_ring import FocusRing


def test_the_ring_follows_when_a_part_around_its_field_is_moved(qtbot: QtBot) -> None:
    window, part = QWidget(), QWidget()
    outer, inner = QVBoxLayout(window), QVBoxLayout(part)
    field = QLineEdit()
    inner.addWidget(field)
    outer.addWidget(part)
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    qtbot.waitExposed(window)
    ring = FocusRing(lambda: QColor(Qt.GlobalColor.black))
    ring.follow(None, field)
    overlay = next(each for each in window.findChildren(QWidget) if type(each).__name__ == "_Overlay")
    try:
        for shift in (0, 25, -10):
            part.move(part.pos() + QPoint(0, shift))
            QApplication.processEvents()
            corner = field.mapTo(window, QPoint(0, 0))
            assert overlay.geometry().center() == corner + field.rect().center()
    finally:
        ring.remove()


def test_there_is_no_ring_around_what_something_else_covers(qtbot: QtBot) -> None:
    window = QWidget()
    field, cover = QLineEdit(window), QWidget(window)
    qtbot.addWidget(window)
    window.resize(300, 200)
    field.setGeometry(20, 20, 100, 30)
    cover.setGeometry(0, 0, 300, 60)
    cover.hide()
    window.show()
    qtbot.waitExposed(window)
    before = window.grab().toImage()
    ring = FocusRing(lambda: QColor(Qt.GlobalColor.black))
    ring.follow(None, field)
    try:
        assert window.grab().toImage() != before
        ring.remove()
        cover.show()
        covered = window.grab().toImage()
        ring.follow(None, field)
        assert window.grab().toImage() == covered
        cover.resize(70, 60)
        assert window.grab().toImage() != covered, "half of it can be seen"
    finally:
        ring.remove()
