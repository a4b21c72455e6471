"""Translation files are found by themselves; what Qt can't read is no language."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import PySide6
import pytest
from PySide6.QtWidgets import QApplication

from hmi.i18n import ENGLISH, PSEUDO, install_language, languages, tr
from hmi.preferences.language_list import language_name

_SOURCE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS><TS version="2.1" language="de"><context><name>Clearwell</name>
<message><source>Close</source><translation>Schliessen</translation></message></context></TS>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "de.ts"
    source.write_text(_SOURCE, "utf-8")
    compiler = next(Path(PySide6.__file__).parent.glob("lrelease*"))
    subprocess.run([compiler, "-silent", source, "-qm", tmp_path / "de.qm"], check=True, capture_output=True)
    return tmp_path


@pytest.fixture
def german(qapp: QApplication, folder: Path) -> Iterator[None]:
    translator = install_language(qapp, "de", folder)
    yield
    assert translator is not None
    qapp.removeTranslator(translator)


def test_a_translation_file_makes_a_language(qapp: QApplication, folder: Path) -> None:
    assert languages(folder) == (ENGLISH, PSEUDO, "de")


def test_the_window_speaks_the_language_of_the_file(german: None) -> None:
    assert tr("Close") == "Schliessen"
    assert tr("A text that nobody has translated") == "A text that nobody has translated"


@pytest.mark.parametrize("content", [b"", b"rubbish", b"<?xml version='1.0'?>"])
def test_a_file_that_can_not_be_read_is_no_language(qapp: QApplication, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "fr.qm").write_bytes(content)
    assert languages(tmp_path) == (ENGLISH, PSEUDO)
    with pytest.raises(ValueError, match='"fr" is unknown'):
        install_language(qapp, "fr", tmp_path)


def test_without_translations_there_are_english_and_the_pseudo_language(qapp: QApplication, tmp_path: Path) -> None:
    assert languages(tmp_path / "none") == (ENGLISH, PSEUDO)


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "English"), ("pseudo", "Pseudo-language, for translators"), ("de", "Deutsch"), ("xyzzy", "xyzzy")],
)
def test_a_language_is_called_by_its_own_name(qapp: QApplication, language: str, name: str) -> None:
    assert language_name(language) == name
