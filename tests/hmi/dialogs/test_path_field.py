"""A path as it is typed: where it leads, and whether it names a file at all."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hmi.dialogs.path_field import PathField


@pytest.mark.parametrize("text", ["", "  ", "..", "~", "../.."])
def test_what_names_no_file_is_told(qtbot: QtBot, text: str) -> None:
    field = PathField("list.csv")
    qtbot.addWidget(field)
    told: list[bool] = []
    field.named.connect(told.append)
    field.setText(text)
    assert told == [False]
    field.setText("other")
    assert told == [False, True]


def test_a_path_is_whole_whatever_was_typed(qtbot: QtBot) -> None:
    field = PathField("list.csv")
    qtbot.addWidget(field)
    folder = field.path().parent
    assert field.path().name == "list.csv"
    for text, path in (
        ("x", folder / "x.csv"),
        ("x.txt", folder / "x.txt"),
        ("~/x", Path.home() / "x.csv"),
        ("/tmp/a/x", Path("/tmp/a/x.csv")),
    ):
        field.setText(text)
        assert field.path() == path
