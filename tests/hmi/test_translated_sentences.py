"""Sentences of the station and the drivers, with values in them, reach every screen in the chosen language."""

from collections.abc import Iterator
from string import Formatter

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from drivers.health import LinkState
from hmi import i18n
from hmi.i18n import PSEUDO, pseudo, tr
from hmi.texts import all_texts, texts_in
from plant_models.message import Message, joined, message
from plant_models.paths import RESOURCES
from station.protocol import CommandState
from tests.fakes.desk import OPERATOR, PUMP, Desk, open_desk, visible
from tests.fakes.screen_texts import texts, untranslated
from tests.fakes.station import Answer

_ROOMS = ("database", "drivers", "station")
_COMMANDED = [f"{PUMP}.{member}" for member in ("CMD", "MODE", "SPEED_SP")]


class _Asked:
    """Stands in for Qt's translation and remembers what was asked of it."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    def translate(self, context: str, text: str) -> str:
        if context == "Clearwell":
            self.texts.add(text)
        return QCoreApplication.translate(context, text)


@pytest.fixture
def pseudo_desk(qtbot: QtBot) -> Iterator[Desk]:
    with open_desk(language=PSEUDO) as desk:
        yield desk


def _sentences() -> tuple[Message, ...]:
    """Every sentence of the rooms without Qt, with plain numbers for its values."""
    sources = (path for room in _ROOMS for path in sorted((RESOURCES.parent / room).rglob("*.py")))
    templates = dict.fromkeys(text for path in sources for text in texts_in(path.read_text(encoding="utf-8")))
    return tuple(message(template, **dict.fromkeys(_placeholders(template), 7)) for template in templates)


def _placeholders(template: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def _plain(desk: Desk) -> list[str]:
    return untranslated(texts(desk.window), desk.station.plant, OPERATOR)


def _shown(desk: Desk) -> str:
    return "\n".join(text for _, text in texts(desk.window))


def test_a_message_is_translated_by_its_template_and_its_inner_messages(pseudo_desk: Desk) -> None:
    inner = message("time-out")
    sentence = message("{tag} is above {limit:.1f} ({why})", tag="P1", limit=3.14159, why=inner)
    template = pseudo("{tag} is above {limit:.1f} ({why})")
    assert tr(sentence) == template.format(tag="P1", limit=3.14159, why=pseudo("time-out"))


def test_joined_sentences_are_each_translated(pseudo_desk: Desk) -> None:
    both = tr(joined((message("{tag} is off", tag="P1"), "The pump is tripped: reset it first")))
    assert pseudo("{tag} is off").format(tag="P1") in both
    assert pseudo("The pump is tripped: reset it first") in both


def test_in_english_a_message_stays_the_sentence_that_it_is(desk: Desk) -> None:
    assert all(tr(sentence) == sentence for sentence in _sentences())


def test_sentences_begin_with_a_capital_and_end_without_a_full_stop() -> None:
    sentences = _sentences()
    assert len(sentences) > 60
    for sentence in sentences:
        first = sentence.template[0]
        assert first == "{" or first.isupper(), sentence
        assert sentence.endswith("again.") or not sentence.endswith("."), sentence


def test_every_reason_on_a_faceplate_is_translated(pseudo_desk: Desk) -> None:
    pseudo_desk.station.reasons = dict.fromkeys(_COMMANDED, _sentences())
    pseudo_desk.window.area.open_faceplate(PUMP)
    pseudo_desk.tick(6)
    shown = _shown(pseudo_desk)
    assert all(tr(sentence) in shown for sentence in _sentences())
    assert _plain(pseudo_desk) == []


def test_every_last_error_in_the_list_of_devices_is_translated(pseudo_desk: Desk) -> None:
    pseudo_desk.window.show_devices()
    for sentence in _sentences():
        pseudo_desk.station.put_link("RPS_PLC", LinkState.DOWN, sentence)
        pseudo_desk.tick()
        assert tr(sentence) in _shown(pseudo_desk)
    assert _plain(pseudo_desk) == []


@pytest.mark.parametrize("state", [state for state in CommandState if state.is_end and state != CommandState.VERIFIED])
def test_the_words_about_a_commands_end_are_translated(pseudo_desk: Desk, state: CommandState) -> None:
    sentence = joined(_sentences()[:3])
    pseudo_desk.station.answers[f"{PUMP}.SPEED_SP"] = Answer(state, 33.0, sentence)
    pseudo_desk.window.area.open_faceplate(PUMP)
    dialog = pseudo_desk.open_setpoint()
    next(iter(visible(dialog, QLineEdit))).setText("40.5")
    dialog.confirm_button.click()
    pseudo_desk.settle()
    pseudo_desk.tick(5)
    assert tr(sentence) in _shown(pseudo_desk)
    assert _plain(pseudo_desk) == []


def test_a_translation_keeps_what_is_to_be_put_in(pseudo_desk: Desk) -> None:
    for text in all_texts():
        assert _placeholders(tr(text)) == _placeholders(text), text


def test_the_list_of_texts_holds_everything_that_the_screens_ask_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _Asked()
    monkeypatch.setattr(i18n, "QCoreApplication", asked)
    with open_desk() as desk:
        desk.station.reasons = {f"{PUMP}.MODE": _sentences()}
        desk.station.put({f"{PUMP}.VIB": 2.0}, 0x808C)
        names = {each.type: each.name for each in desk.station.plant.equipment.values()}.values()
        for name in (*names, PUMP):
            desk.window.area.open_faceplate(name)
            desk.tick(6)
        desk.open_setpoint().cancel_button.click()
        desk.open_command("Stop").cancel_button.click()
        desk.window.show_devices()
        desk.tick()
    assert len(asked.texts) > 200
    assert asked.texts - set(all_texts()) == set()
