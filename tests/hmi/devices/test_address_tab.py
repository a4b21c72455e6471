"""The test tool of a device: any address read once, or written once after a question."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from drivers.once import OnceAnswer, OnceState
from hmi.devices.address_tab import AddressTab
from hmi.devices.answer_words import typed_number, typed_numbers, write_outcome
from hmi.dialogs.address_write import AddressWriteDialog
from hmi.numbers import DASH
from plant_models.message import message
from plant_models.tag import DataType
from station.protocol import AddressRequest
from tests.fakes.desk import OPERATOR, Desk, open_desk

NAME = "RPS_PLC"
ENGINEER = replace(OPERATOR, roles=frozenset({"engineer", "operator"}))


@pytest.fixture
def bench(qtbot: object) -> Iterator[Desk]:
    """A desk at which an engineer sits."""
    with open_desk(size=(1280, 720), session=ENGINEER) as desk:
        yield desk


def _tab(desk: Desk, device: str = NAME) -> AddressTab:
    desk.window.open_device(device)
    page = desk.window.area.devices_page
    assert page is not None
    page.details.tabs.setCurrentIndex(2)
    desk.tick()
    return page.details.address_tab


def _read(desk: Desk, tab: AddressTab, address: str) -> None:
    tab.address.setText(address)
    tab.read.click()
    desk.settle()


def _dialog(desk: Desk, tab: AddressTab, value: str) -> AddressWriteDialog:
    tab.value.setText(value)
    tab.write.click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, AddressWriteDialog)
    return sheet


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("7", (7.0,)),
        ("1; 2;3", (1.0, 2.0, 3.0)),
        ("1 000", ()),
        ("1,5 ; −2", (1.5, -2.0)),
        ("1;;2", ()),
        ("1; x", ()),
        ("", ()),
    ],
)
def test_several_numbers_are_typed_with_semicolons(text: str, numbers: tuple[float, ...]) -> None:
    assert typed_numbers(text) == numbers


def test_several_values_are_written_in_one_frame_after_a_question(bench: Desk) -> None:
    tab = _tab(bench)
    tab.address.setText("hr:100")
    tab.way.setCurrentIndex(1)
    dialog = _dialog(bench, tab, "7; 8; 9")
    assert {"Write 7; 8; 9 to hr:100?", "7; 8; 9"} <= set(bench.texts())
    dialog.reason.enter("loop test")
    bench.station.address_answer = OnceAnswer(OnceState.DONE, (7, 8, 9), 7.0, more=(8.0, 9.0))
    dialog.confirm_button.click()
    bench.settle()
    (request,) = bench.station.address_requests
    assert (request.value, request.more, request.reads_along) == (7.0, (8.0, 9.0), True)
    assert tab.found.text() == "7; 8; 9"
    assert dialog.progress.text() == "Written and read back 7; 8; 9"
    dialog.close_sheet()


def test_a_node_takes_one_value(bench: Desk) -> None:
    tab = _tab(bench, "WTW_UA")
    tab.address.setText("ns=2;s=X")
    assert not tab.way.isVisible()
    for text, may in (("7", True), ("7; 8", False)):
        tab.value.setText(text)
        assert tab.write.isEnabled() is may


def test_an_address_is_read_once_in_the_chosen_type_and_order(bench: Desk) -> None:
    tab = _tab(bench)
    assert not tab.read.isEnabled()
    bench.station.address_answer = OnceAnswer(OnceState.DONE, (0x4148, 0xF5C3), -12.5)
    tab.type.setCurrentIndex(tab.type.findData(DataType.F32))
    tab.order.setCurrentIndex(tab.order.findData("CDAB"))
    _read(bench, tab, " hr:100 ")
    assert bench.station.address_requests == [
        AddressRequest(device=NAME, address="hr:100", type=DataType.F32, byte_order="CDAB")
    ]
    assert isinstance(bench.station.address_requests[0].type, DataType)
    assert (tab.found.text(), tab.raw.text()) == ("−12.5", "4148 f5c3 (hex), 16712 62915 (decimal)")
    assert not tab.problem.isVisible()


def test_what_was_not_read_says_why_and_shows_no_old_value(bench: Desk) -> None:
    tab = _tab(bench)
    bench.station.address_answer = OnceAnswer(OnceState.DONE, (7,), 7.0)
    _read(bench, tab, "hr:100")
    bench.station.address_answer = OnceAnswer(OnceState.REFUSED, message=message("The device is busy (exception 6)"))
    _read(bench, tab, "hr:101")
    assert (tab.found.text(), tab.problem.text()) == (DASH, "The device is busy (exception 6)")


def test_a_node_has_its_own_type_and_its_text_is_shown(bench: Desk) -> None:
    tab = _tab(bench, "WTW_UA")
    assert not tab.type.isVisible()
    assert not tab.order.isVisible()
    bench.station.address_answer = OnceAnswer(OnceState.DONE, text="WTW 2.1")
    _read(bench, tab, "ns=2;s=PROGRAM")
    assert (tab.found.text(), tab.raw.text()) == ("WTW 2.1", DASH)


def test_another_device_starts_with_nothing(bench: Desk) -> None:
    tab = _tab(bench)
    _read(bench, tab, "hr:100")
    _tab(bench, "TNK_PLC")
    assert (tab.address.text(), tab.found.text(), tab.read.isEnabled()) == ("", DASH, False)


def test_a_write_asks_first_needs_a_reason_and_is_sent_once(bench: Desk) -> None:
    tab = _tab(bench)
    bench.station.registers["hr:500"] = 3.0
    _read(bench, tab, "hr:500")
    dialog = _dialog(bench, tab, "13,5")
    assert {"Write 13.5 to hr:500?", "3", "13.5"} <= set(bench.texts())
    assert not dialog.confirm_button.isEnabled()
    dialog.confirm()
    dialog.reason.enter("loop test")
    dialog.confirm_button.click()
    dialog.confirm()
    bench.settle()
    writes = [request for request in bench.station.address_requests if request.value is not None]
    assert [(request.address, request.value, request.reason) for request in writes] == [("hr:500", 13.5, "loop test")]
    assert dialog.progress.text() == "Written and read back 13.5"
    assert tab.found.text() == "13.5"
    dialog.close_sheet()


def test_a_value_that_was_read_elsewhere_is_not_shown_as_the_present_one(bench: Desk) -> None:
    tab = _tab(bench)
    bench.station.registers["hr:500"] = 3.0
    _read(bench, tab, "hr:500")
    tab.address.setText("hr:501")
    dialog = _dialog(bench, tab, "1")
    assert DASH in bench.texts()
    dialog.close_sheet()
    assert not any(request.value is not None for request in bench.station.address_requests)


@pytest.mark.parametrize("text", ["", "abc", "1e5", "1.2.3", "nan"])
def test_what_is_no_number_can_not_be_written(bench: Desk, text: str) -> None:
    tab = _tab(bench)
    tab.address.setText("hr:500")
    tab.value.setText(text)
    assert not tab.write.isEnabled()


def test_an_operator_reads_but_never_writes(desk: Desk) -> None:
    tab = _tab(desk)
    _read(desk, tab, "hr:500")
    assert tab.found.text() == "0"
    tab.value.setText("7")
    assert not tab.write.isEnabled()
    assert tab.rule.text() == "Only an engineer or an administrator may write to an address."


def test_numbers_are_typed_with_comma_or_point_and_either_minus() -> None:
    assert [typed_number(text) for text in ("7", "-1.5", "−1,5", " +2 ", "7 8")] == [7.0, -1.5, -1.5, 2.0, None]


@pytest.mark.parametrize(
    ("state", "headline", "is_success"),
    [
        (OnceState.DONE, "Written and read back 7", True),
        (OnceState.MISMATCH, "The device holds 7", False),
        (OnceState.UNKNOWN, "The outcome is unknown", False),
        (OnceState.REFUSED, "The device refused it", False),
        (OnceState.NOT_SENT, "Nothing was sent", False),
    ],
)
def test_every_end_of_a_write_is_told(state: OnceState, headline: str, is_success: bool) -> None:
    end = write_outcome(OnceAnswer(state, (7,), 7.0))
    assert (end.headline, end.is_success) == (headline, is_success)
