"""What size the window had, and that rubbish is never obeyed."""

from pathlib import Path

import pytest

from hmi.preferences.window_size import WindowSize, load_window_size, save_window_size


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    saved, path = WindowSize(width=1280, height=720, is_full_screen=True), tmp_path / "new" / "window.json"
    save_window_size(path, saved)
    assert load_window_size(path) == saved
    assert [each.name for each in path.parent.iterdir()] == ["window.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"width": -1, "height": 1e9, "is_full_screen": "yes"}'])
def test_a_broken_file_gives_the_defaults(tmp_path: Path, text: str) -> None:
    path = tmp_path / "window.json"
    path.write_text(text, "utf-8")
    assert load_window_size(path) == WindowSize()


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_window_size(tmp_path / "none.json") == WindowSize()


def test_a_folder_that_can_not_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    save_window_size(tmp_path / "file" / "window.json", WindowSize(width=1280))
    assert load_window_size(tmp_path / "file" / "window.json") == WindowSize()
