"""Looking round in a server from its page, and making tags of what is marked there."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drivers.address_space import ROOT, SpaceLevel
from hmi.browse.model import NAME, RANGE, TYPE, VALUE
from hmi.browse.sheet import BrowseSheet
from hmi.i18n import PSEUDO
from plant_models.message import message
from plant_models.tag import DataType
from tests.fakes.desk import Desk
from tests.fakes.opcua_desk import ENGINEER, SERVER, encrypted_plant, folder, open_opcua_desk, variable
from tests.fakes.screen_texts import texts, untranslated, without

CHECKED = Qt.CheckState.Checked.value
ROLE = Qt.ItemDataRole.CheckStateRole


@pytest.fixture
def engineer(qtbot: QtBot) -> Iterator[Desk]:
    with open_opcua_desk() as desk:
        yield desk


def _open(desk: Desk) -> BrowseSheet:
    page = desk.window.area.devices_page
    assert page is not None
    page.details.browse.button.click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, BrowseSheet)
    desk.settle()
    return sheet


def _at(sheet: BrowseSheet, *path: str) -> QModelIndex:
    """Return where a line is shown, after opening the way to it."""
    index = QModelIndex()
    for name in path:
        rows = range(sheet.shown.rowCount(index))
        index = next(each for row in rows if (each := sheet.shown.index(row, NAME, index)).data() == name)
    return index


def _expand(desk: Desk, sheet: BrowseSheet, *path: str) -> None:
    sheet.tree.expand(_at(sheet, *path))
    desk.settle()


def _names(sheet: BrowseSheet) -> list[str]:
    return [each.name for each in sheet.names.rows]


def test_only_what_is_opened_is_asked_for(engineer: Desk) -> None:
    sheet = _open(engineer)
    assert engineer.station.browsed == [(ROOT,)]
    _expand(engineer, sheet, "Works")
    _expand(engineer, sheet, "Works", "Inlet")
    assert engineer.station.browsed == [(ROOT,), ("ns=2;s=Works",), ("ns=2;s=Inlet",)]
    flow = _at(sheet, "Works", "Inlet", "Flow")
    shown = [flow.siblingAtColumn(at).data() for at in (NAME, TYPE, VALUE, RANGE)]
    assert shown == ["Flow", "f64", "412.6", "m³/h, 0 to 600"]
    curve = _at(sheet, "Works", "Inlet", "Curve")
    assert curve.siblingAtColumn(RANGE).data() == "It is an array"
    assert curve.data(ROLE) is None
    assert "Raw water" in flow.data(Qt.ItemDataRole.ToolTipRole)


def test_tags_are_named_added_and_shown_as_such(engineer: Desk) -> None:
    sheet = _open(engineer)
    assert not sheet.add_button.isEnabled()
    for path in (("Works",), ("Works", "Inlet")):
        _expand(engineer, sheet, *path)
    sheet.shown.setData(_at(sheet, "Works", "Inlet", "Flow"), CHECKED, ROLE)
    sheet.shown.setData(_at(sheet, "Mode"), CHECKED, ROLE)
    assert _names(sheet) == ["Works.Inlet.Flow", "Mode"]
    sheet.names.setData(sheet.names.index(1, 0), "WTW.MODE")
    sheet.reason.enter("new PLC")
    assert sheet.add_button.text() == "Add 2 tags"
    sheet.add_button.setFocus()
    QTest.keyClick(sheet.add_button, Qt.Key.Key_Space)
    sheet.add()
    assert not sheet.may_close
    engineer.settle()
    (wanted,) = engineer.station.added
    assert (wanted.device, wanted.reason) == (SERVER, "new PLC")
    flow, mode = wanted.tags
    assert (flow.name, flow.address, flow.type, flow.unit, flow.low, flow.high, flow.description) == (
        "Works.Inlet.Flow", "ns=2;s=Flow", DataType.F64, "m³/h", 0.0, 600.0, "Raw water",
    )  # fmt: skip
    assert (mode.name, mode.type) == ("WTW.MODE", DataType.U16)
    assert sheet.progress.text() == (
        "2 tags were added to tags.csv They become live when the station is started again."
    )
    assert _at(sheet, "Mode").siblingAtColumn(RANGE).data() == "Tag WTW.MODE"
    assert _at(sheet, "Mode").data(ROLE) is None
    assert (_names(sheet), sheet.add_button.isEnabled()) == ([], False)
    sheet.close_sheet()
    again = _open(engineer)
    assert _at(again, "Mode").siblingAtColumn(RANGE).data() == "Tag WTW.MODE"


def test_a_name_that_cannot_be_is_told_before_anything_is_added(engineer: Desk) -> None:
    sheet = _open(engineer)
    for path in (("Works",), ("Works", "Inlet")):
        _expand(engineer, sheet, *path)
    for path in (("Works", "Inlet", "Flow"), ("Mode",)):
        sheet.shown.setData(_at(sheet, *path), CHECKED, ROLE)
    for name, words in (
        ("RPS.P1.FLOW", "RPS.P1.FLOW: There is a tag of this name already."),
        ("Mode", "Mode: Two have this name."),
        ("Flow 1", "Flow 1: A name has letters, digits, _ and -, in parts joined by dots, 80 in all"),
        ("", "A tag needs a name"),
    ):
        sheet.names.setData(sheet.names.index(0, 0), name)
        assert sheet.problem.text() == words
        sheet.add()
        engineer.settle()
        assert engineer.station.added == []
    sheet.names.setData(sheet.names.index(0, 0), "WTW.FLOW")
    assert (sheet.problem.isVisible(), sheet.add_button.isEnabled()) == (False, True)


def test_a_whole_folder_is_marked_each_node_once_and_unmarked(engineer: Desk) -> None:
    sheet = _open(engineer)
    sheet.shown.setData(_at(sheet, "Works"), CHECKED, ROLE)
    assert sheet.stop_button.isVisible()
    engineer.settle()
    assert engineer.station.browsed == [(ROOT,), ("ns=2;s=Works",), ("ns=2;s=Inlet", "ns=2;s=Filters")]
    assert _names(sheet) == ["Works.Inlet.Flow", "Works.Filters.DP_1", "Works.Filters.DP_1_2"]
    assert not sheet.stop_button.isVisible()
    assert Qt.CheckState(_at(sheet, "Works").data(ROLE)) is Qt.CheckState.Checked
    sheet.list.selectRow(0)
    QTest.keyClick(sheet.list, Qt.Key.Key_Delete)
    assert Qt.CheckState(_at(sheet, "Works").data(ROLE)) is Qt.CheckState.PartiallyChecked
    sheet.shown.setData(_at(sheet, "Works"), 0, ROLE)
    assert _names(sheet) == []
    sheet.shown.setData(_at(sheet, "Works"), CHECKED, ROLE)
    engineer.settle()
    sheet.clear.click()
    assert _names(sheet) == []


def test_reading_a_folder_is_stopped_and_what_was_not_read_stays_unmarked(engineer: Desk) -> None:
    sheet = _open(engineer)
    engineer.station.delay_s = 30.0
    sheet.shown.setData(_at(sheet, "Works"), CHECKED, ROLE)
    assert "Reading: 0 folders, 0 variables" in sheet.progress.text()
    sheet.stop_button.click()
    engineer.settle()
    assert (_names(sheet), sheet.stop_button.isVisible(), sheet.progress.text()) == ([], False, "")
    _at(sheet, "Works")
    sheet.tree.expand(_at(sheet, "Works"))
    sheet.close_sheet()
    engineer.settle()
    assert engineer.window.area.dialogs.sheet is None


def test_words_find_what_has_been_opened(engineer: Desk) -> None:
    sheet = _open(engineer)
    for path in (("Works",), ("Works", "Inlet"), ("Works", "Filters")):
        _expand(engineer, sheet, *path)
    asked = len(engineer.station.browsed)
    sheet.field.setText("RAW water")
    sheet._pause.timeout.emit()
    assert _at(sheet, "Works", "Inlet", "Flow").isValid()
    assert sheet.shown.rowCount(_at(sheet, "Works")) == 1
    assert sheet.shown.rowCount(QModelIndex()) == 1
    assert len(engineer.station.browsed) == asked


def test_faults_are_told_in_words_and_read_again(engineer: Desk) -> None:
    sheet = _open(engineer)
    engineer.station.space_problem = message("The server does not answer")
    _expand(engineer, sheet, "Works")
    assert sheet.progress.text() == "It can't be read The server does not answer"
    assert _at(sheet, "Works", "The server does not answer").isValid()
    sheet.shown.setData(_at(sheet, "Works"), CHECKED, ROLE)
    engineer.settle()
    assert sheet.progress.text() == "The folder was not read to its end The server does not answer"
    engineer.station.space_problem = ""
    sheet.tree.collapse(_at(sheet, "Works"))
    _expand(engineer, sheet, "Works")
    assert _at(sheet, "Works", "Inlet").isValid()
    engineer.station.space_problem = message("The server does not answer")
    sheet.again.click()
    engineer.settle()
    assert _at(sheet, "The server does not answer").isValid()
    engineer.station.space_problem = ""
    sheet.again.click()
    engineer.settle()
    assert _at(sheet, "Works").isValid()


def test_a_folder_that_cannot_be_written_and_a_refusal_add_nothing(engineer: Desk) -> None:
    engineer.station.add_problem = message("The plant folder {folder} can't be written", folder="/plant")
    sheet = _open(engineer)
    sheet.shown.setData(_at(sheet, "Mode"), CHECKED, ROLE)
    assert sheet.problem.text() == "The plant folder /plant can't be written"
    assert not sheet.add_button.isEnabled()
    sheet.close_sheet()
    engineer.station.add_problem = ""
    engineer.station.act_refusal = message("It can't be recorded: {why}", why="disk")
    sheet = _open(engineer)
    sheet.shown.setData(_at(sheet, "Mode"), CHECKED, ROLE)
    assert sheet.add_button.text() == "Add one tag"
    sheet.add()
    engineer.settle()
    assert sheet.progress.text() == "Nothing was added It can't be recorded: disk"
    assert _names(sheet) == ["Mode"]


def test_a_window_that_fails_does_not_claim_to_know_the_end(engineer: Desk) -> None:
    async def broken(*_: object) -> None:
        raise OSError("the wire is cut")

    engineer.is_problem_expected = True
    engineer.station.add_tags = broken  # type: ignore[method-assign,assignment]
    sheet = _open(engineer)
    sheet.shown.setData(_at(sheet, "Mode"), CHECKED, ROLE)
    sheet.add()
    engineer.settle()
    assert "The outcome is unknown" in sheet.progress.text()
    assert sheet.may_close


def test_large_folders_say_what_was_left_out(engineer: Desk) -> None:
    many = tuple(variable(f"V{number}") for number in range(1_100))
    engineer.station.space = {
        ROOT: SpaceLevel((folder("Many"), folder("Empty"))), "ns=2;s=Many": SpaceLevel(many, is_cut=True)
    }  # fmt: skip
    sheet = _open(engineer)
    _expand(engineer, sheet, "Empty")
    assert _at(sheet, "Empty", "Nothing lies below.").isValid()
    sheet.shown.setData(_at(sheet, "Many"), CHECKED, ROLE)
    engineer.settle()
    assert len(_names(sheet)) == 1_000
    assert "It has more variables than 1000; the first ones are marked" in sheet.progress.text()
    assert _at(sheet, "Many", "There is more than is shown.").isValid()


@pytest.mark.parametrize("size", [(1280, 720), (1024, 640)])
def test_every_text_is_translatable_and_everything_has_room(qtbot: QtBot, size: tuple[int, int]) -> None:
    with open_opcua_desk(language=PSEUDO, size=size) as desk:
        sheet = _open(desk)
        _expand(desk, sheet, "Works")
        sheet.shown.setData(_at(sheet, "Mode"), CHECKED, ROLE)
        shown = without(texts(sheet), ("Mode", "ns=2;s="))
        assert untranslated(shown, encrypted_plant(), ENGINEER) == []
        assert desk.window.area.rect().contains(sheet.parentWidget().geometry())
        assert sheet.height() <= desk.window.area.height()
