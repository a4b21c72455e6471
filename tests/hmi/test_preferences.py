"""What is remembered between runs, and that rubbish is never obeyed."""

from pathlib import Path

import pytest

from hmi.preferences import Preferences, Remembered


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    saved = Remembered(theme="dark", width=1280, height=720, is_full_screen=True)
    preferences = Preferences(tmp_path / "new" / "window.json")
    preferences.save(saved)
    assert preferences.load() == saved
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["window.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"theme": 3, "width": -1, "height": 1e9, "is_full_screen": "yes"}']
)
def test_a_broken_file_gives_the_defaults(tmp_path: Path, text: str) -> None:
    path = tmp_path / "window.json"
    path.write_text(text, "utf-8")
    assert Preferences(path).load() == Remembered()


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert Preferences(tmp_path / "none.json").load() == Remembered()


def test_a_folder_that_can_not_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    preferences = Preferences(tmp_path / "file" / "window.json")
    preferences.save(Remembered(theme="dark"))
    assert preferences.load() == Remembered()
