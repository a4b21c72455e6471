"""Commands and modes ask first: what it is now, what is wanted."""

from PySide6.QtWidgets import QLabel

from plant_models.quality import Quality
from station.protocol import CommandState
from tests.fakes.desk import PUMP, Desk, visible
from tests.fakes.station import Answer


def _texts(desk: Desk) -> list[str]:
    assert desk.dialog is not None
    return [label.text() for label in visible(desk.dialog, QLabel)]


def test_a_command_shows_the_present_state_and_the_act(desk: Desk) -> None:
    dialog = desk.open_command("Stop")
    assert {"Stop River pump 1?", f"River pump station · {PUMP}.CMD", "Running"} <= set(_texts(desk))
    assert dialog.confirm_button.text() == "Stop"
    assert dialog.window().focusWidget() is dialog.cancel_button


def test_a_confirmed_command_is_sent_once_with_its_title(desk: Desk) -> None:
    dialog = desk.open_command("Stop")
    dialog.confirm_button.click()
    dialog.confirm_button.click()
    desk.settle()
    assert [(each.tag, each.value, each.title) for each, _ in desk.station.requests] == [(f"{PUMP}.CMD", 2.0, "Stop")]
    assert dialog.progress.text() == "Written and read back Stop"


def test_a_command_that_the_plc_refused_is_no_success(desk: Desk) -> None:
    desk.station.answers[f"{PUMP}.CMD"] = Answer(CommandState.MISMATCH, 0.0, "The PLC refused it.")
    desk.open_command("Start").confirm_button.click()
    desk.settle()
    assert desk.dialog is not None
    assert desk.dialog.progress.text() == "The device did not accept Start The PLC refused it."


def test_a_command_that_becomes_impossible_while_asked_can_not_be_confirmed(desk: Desk) -> None:
    dialog = desk.open_command("Stop")
    desk.station.value_reasons = {(f"{PUMP}.CMD", 2.0): ("The pump is already stopped",)}
    desk.tick()
    assert not dialog.confirm_button.isEnabled()
    assert "The pump is already stopped" in _texts(desk)


def test_a_second_dialog_does_not_replace_the_first(desk: Desk) -> None:
    first = desk.open_command("Stop")
    desk.window.area.ask_setpoint(desk.station.plant.equipment[PUMP], desk.tag(f"{PUMP}.SPEED_SP"))
    assert desk.dialog is first


def test_going_to_another_page_takes_an_unconfirmed_dialog_away(desk: Desk) -> None:
    desk.open_command("Stop")
    desk.window.show_devices()
    desk.settle()
    assert desk.dialog is None
    assert desk.station.requests == []


def test_the_present_state_goes_on_after_the_command_is_sent(desk: Desk) -> None:
    dialog = desk.open_command("Stop")
    dialog.confirm_button.click()
    desk.settle()
    desk.station.put({f"{PUMP}.RUN": 0.0})
    desk.tick(2)
    assert "Running" not in _texts(desk)
    assert "Stopped" in _texts(desk)
    desk.station.put({f"{PUMP}.RUN": 0.0}, quality=int(Quality.BAD_NO_COMMUNICATION))
    desk.tick(2)
    assert "Stopped" not in _texts(desk)


def test_what_a_command_does_besides_is_said_before_it_is_confirmed(desk: Desk) -> None:
    desk.open_command("Stop")
    assert "In Auto it also switches to Manual, and stays stopped" in _texts(desk)
