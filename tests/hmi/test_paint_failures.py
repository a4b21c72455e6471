"""What fails while a widget is painted is said and logged; the painter is ended and the program goes on."""

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter
from structlog.testing import capture_logs

import hmi
from hmi.displays.items.symbol import SymbolItem
from hmi.shadow import Shadow
from hmi.widgets import IconLabel
from tests.fakes.desk import PUMP, Desk

SOURCES = sorted(Path(hmi.__path__[0]).rglob("*.py"))


def _is_painter(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QPainter"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
def test_every_painter_is_ended_by_a_with_statement(file: Path) -> None:
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    begun = [node for node in nodes if isinstance(node, ast.expr) and _is_painter(node)]
    ended = [item.context_expr for node in nodes if isinstance(node, ast.With) for item in node.items]
    assert [node.lineno for node in begun if node not in ended] == []


def _fail(*_: object) -> None:
    raise FileNotFoundError("gone.svg")


def test_a_symbol_that_can_not_be_drawn_is_a_message_and_not_a_crash(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.is_problem_expected = True
    with capture_logs() as logs:
        monkeypatch.setattr(SymbolItem, "draw", _fail)
        desk.station.put({f"{PUMP}.RUN": 0.0})
        desk.tick(3)
        monkeypatch.undo()
    assert "gone.svg" in desk.window.problem
    assert {entry["event"] for entry in logs} == {"a slot failed"}
    desk.tick()
    assert not desk.window.grab().isNull()


@pytest.mark.parametrize(("kind", "name"), [(IconLabel, "draw_icon"), (Shadow, "_picture")])
def test_any_widget_may_fail_to_paint(desk: Desk, kind: type, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.is_problem_expected = True
    desk.window.area.open_faceplate(PUMP)
    monkeypatch.setattr(f"{kind.__module__}.{name}", _fail)
    with capture_logs():
        desk.window.update()
        for widget in desk.window.findChildren(kind):
            widget.update()
        desk.tick(2)
    monkeypatch.undo()
    assert "gone.svg" in desk.window.problem


def test_a_painter_left_by_an_exception_is_ended(desk: Desk) -> None:
    picture = desk.window.grab()

    def paint() -> None:
        with QPainter(picture):
            _fail()

    with pytest.raises(FileNotFoundError):
        paint()
    assert not picture.paintingActive()
