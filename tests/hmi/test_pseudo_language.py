"""Every text on screen is translatable: in the pseudo-language no plain letter is left outside the plant's own data."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from drivers.health import LinkState
from hmi.faceplate.header import equipment_title
from hmi.i18n import PSEUDO, install_language, pseudo, tr
from hmi.preferences.page import PreferencesPage
from plant_models.quality import all_words
from station.protocol import CommandState
from tests.fakes.desk import OPERATOR, PUMP, Desk, demo_plant, open_desk, visible
from tests.fakes.screen_texts import painted, texts, untranslated
from tests.fakes.station import Answer


@pytest.fixture(params=[(1920, 1080), (1280, 720)])
def pseudo_desk(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Desk]:
    with open_desk(size=request.param, language=PSEUDO) as desk:
        yield desk


def _plain(desk: Desk) -> list[str]:
    return untranslated(texts(desk.window), desk.station.plant, OPERATOR)


def test_pseudo_accents_brackets_and_lengthens() -> None:
    text = pseudo("Start is not allowed")
    assert text == "[Šţářţ íš ñöţ áĺĺöŵéď ~~~]"
    assert len(text) >= 1.3 * len("Start is not allowed")


def test_placeholders_survive_so_that_values_can_be_put_in() -> None:
    assert pseudo("{good} of {wanted} devices").format(good=4, wanted=5).startswith("[4 öƒ 5 ďéνíçéš")


def test_no_plain_letter_is_left() -> None:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert not set(pseudo(letters)) & set(letters)


def test_without_a_language_texts_stay_as_they_are(qapp: QApplication) -> None:
    assert install_language(qapp, "en") is None
    assert tr("Start") == "Start"


def test_an_unknown_language_is_refused_with_those_there_are(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match='"tlh" is unknown; there are "en" and "pseudo"'):
        install_language(qapp, "tlh")


def test_the_shell_and_the_page_of_devices_are_translated(pseudo_desk: Desk) -> None:
    assert _plain(pseudo_desk) == []
    pseudo_desk.station.put_link("RPS_PLC", LinkState.DOWN)
    pseudo_desk.station.put_link("LPS_PLC", LinkState.CONNECTING)
    pseudo_desk.station.put_link("WTW_UA", LinkState.DISABLED)
    pseudo_desk.window.show_devices()
    pseudo_desk.tick()
    assert _plain(pseudo_desk) == []


def test_the_page_of_preferences_is_translated_and_nothing_of_it_is_cut_off(pseudo_desk: Desk) -> None:
    pseudo_desk.window.show_preferences()
    pseudo_desk.tick()
    assert _plain(pseudo_desk) == []
    (page,) = visible(pseudo_desk.window, PreferencesPage)
    for made in visible(page, QPushButton):
        assert made.width() >= made.sizeHint().width(), made.text()
    assert page.horizontalScrollBar().maximum() == 0


def test_what_is_painted_on_the_display_is_translated(pseudo_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo_desk.station.put({"RPS.P2.RUN": 1.0}, 0x8031)
    pseudo_desk.station.put({"RPS.P2.FLOW": float("nan")})
    pseudo_desk.tick()
    found = list(painted(pseudo_desk.window, monkeypatch))
    assert any(text == pseudo("Running") for _, text in found)
    assert untranslated(found, pseudo_desk.station.plant, OPERATOR) == []


def test_what_is_painted_in_a_dialog_is_translated(pseudo_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo_desk.window.area.open_faceplate(PUMP)
    next(iter(visible(pseudo_desk.open_setpoint(), QLineEdit))).setText("40.5")
    pseudo_desk.tick()
    found = list(painted(pseudo_desk.window, monkeypatch))
    assert any(text.startswith("[Ñéŵ 40.5") for _, text in found)
    assert untranslated(found, pseudo_desk.station.plant, OPERATOR) == []


def test_the_bars_are_translated(pseudo_desk: Desk) -> None:
    pseudo_desk.is_problem_expected = True
    pseudo_desk.station.health = replace(pseudo_desk.station.health, is_evaluated=False, audit_error="full")
    pseudo_desk.window.say_problem("7")
    pseudo_desk.tick(5)
    assert _plain(pseudo_desk) == []


@pytest.mark.parametrize("name", sorted({each.type: each.name for each in demo_plant().equipment.values()}.values()))
def test_the_faceplate_of_every_type_is_translated(qtbot: QtBot, name: str) -> None:
    with open_desk(language=PSEUDO) as desk:
        desk.window.area.open_faceplate(name)
        desk.tick()
        assert _plain(desk) == []


def test_a_faceplate_with_reasons_and_bad_values_is_translated(pseudo_desk: Desk) -> None:
    station = pseudo_desk.station
    station.reasons = {f"{PUMP}.{member}": ("The pump is tripped: reset it first",) for member in ("CMD", "MODE")}
    station.put({f"{PUMP}.VIB": 2.0}, 0x808C)
    station.put({f"{PUMP}.RUN": 1.0}, 0x8031)
    pseudo_desk.window.area.open_faceplate(PUMP)
    pseudo_desk.tick(6)
    assert _plain(pseudo_desk) == []


@pytest.mark.parametrize("state", [state for state in CommandState if state.is_end])
def test_a_dialog_is_translated_from_question_to_end(pseudo_desk: Desk, state: CommandState) -> None:
    pseudo_desk.station.answers[f"{PUMP}.SPEED_SP"] = Answer(state, 33.0, "Words of the station")
    pseudo_desk.window.area.open_faceplate(PUMP)
    dialog = pseudo_desk.open_setpoint()
    field = next(iter(visible(dialog, QLineEdit)))
    for text in ("60", "6.66", "4-", "40.5"):
        field.setText(text)
        pseudo_desk.tick()
        assert _plain(pseudo_desk) == []
    dialog.confirm_button.click()
    assert _plain(pseudo_desk) == []
    pseudo_desk.settle()
    pseudo_desk.tick(5)
    assert _plain(pseudo_desk) == []


def test_a_question_about_a_command_is_translated(pseudo_desk: Desk) -> None:
    pseudo_desk.open_command("Stop")
    pseudo_desk.tick()
    assert _plain(pseudo_desk) == []


def test_the_search_for_plain_texts_finds_one(pseudo_desk: Desk) -> None:
    forgotten = QLabel("Forgotten", pseudo_desk.window)
    forgotten.show()
    assert any("Forgotten" in each for each in _plain(pseudo_desk))


def test_no_button_of_a_faceplate_is_cut_off_in_longer_words(pseudo_desk: Desk) -> None:
    faceplate = pseudo_desk.window.area.open_faceplate(PUMP)
    pseudo_desk.tick()
    for button in visible(faceplate, QPushButton):
        needed = button.fontMetrics().horizontalAdvance(button.text())
        assert needed <= button.width(), button.text()


def test_equipment_without_description_is_called_by_its_type_in_the_language(pseudo_desk: Desk) -> None:
    nameless = replace(demo_plant().equipment[PUMP], description="")
    assert equipment_title(pseudo_desk.window.context, nameless) == f"{pseudo('Pump')} {PUMP}"


def test_every_quality_word_passes_through_the_translation(pseudo_desk: Desk) -> None:
    assert all(tr(word).startswith("[") for word in all_words())
