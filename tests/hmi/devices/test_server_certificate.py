"""What the page of a device says of the certificate of its server, and how people decide about it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drivers.certificate_facts import ServerCertificate, Standing
from drivers.health import LinkState
from hmi.devices.details import DeviceDetails
from hmi.dialogs.certificate import CertificateDialog
from hmi.dialogs.own_certificate import OwnCertificateDialog
from hmi.i18n import PSEUDO
from plant_models.message import message
from station.protocol import CertificateDecision, OwnCertificate
from tests.fakes.desk import OPERATOR, Desk
from tests.fakes.opcua_desk import ENGINEER, SERVER, encrypted_plant, facts, open_opcua_desk, put_certificate
from tests.fakes.screen_texts import texts, untranslated, without


def _details(desk: Desk) -> DeviceDetails:
    page = desk.window.area.devices_page
    assert page is not None
    return page.details


def _unknown(desk: Desk, **more: object) -> ServerCertificate:
    return ServerCertificate(facts=facts(desk), standing=Standing.UNKNOWN, **more)  # type: ignore[arg-type]


def _look(desk: Desk) -> CertificateDialog:
    _details(desk).certificate.look.click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, CertificateDialog)
    desk.tick()
    return sheet


BANDS = (
    (Standing.UNKNOWN, 365.0, "It is not trusted. No connection is made", "Certificate not trusted"),
    (Standing.TRUSTED, 365.0, "It is trusted. Valid until ", ""),
    (Standing.BY_AUTHORITY, 365.0, "It is trusted because Works CA issued it.", ""),
    (Standing.TRUSTED, 29.5, "It expires in 29 days, on ", "Certificate expires soon"),
    (Standing.TRUSTED, 6.5, "It expires in 6 days, on ", "Certificate expires soon"),
    (Standing.TRUSTED, 0.5, "It expires within a day, on ", "Certificate expires soon"),
    (Standing.TRUSTED, -1.0, "It expired on ", "Certificate expired"),
)


def test_the_page_says_whose_certificate_it_is_and_marks_what_needs_a_person(qtbot: QtBot) -> None:
    with open_opcua_desk() as desk:
        page = desk.window.area.devices_page
        assert page is not None
        band = page.details.certificate
        for standing, days, words, mark in BANDS:
            shown = ServerCertificate(facts=facts(desk, days), standing=standing, authority="Works CA")
            put_certificate(desk, shown, LinkState.CONNECTED)
            assert "Certificate of PLC 7." in band.words.text()
            assert words in band.words.text()
            assert band.words.property("role") == ("strong" if mark else "text2")
            assert page.rows[SERVER].text().endswith(mark or "Connected")


def test_other_devices_and_connections_without_encryption_have_no_certificate(desk: Desk) -> None:
    desk.window.open_device("RPS_PLC")
    desk.tick()
    assert not _details(desk).certificate.isVisible()
    desk.window.open_device(SERVER)
    desk.tick()
    assert not _details(desk).certificate.isVisible()


def test_an_engineer_trusts_a_certificate_with_a_reason_by_keyboard(qtbot: QtBot) -> None:
    with open_opcua_desk() as desk:
        wrong = message("The certificate of {server} is made out to plc7", server=SERVER)
        put_certificate(desk, _unknown(desk, problems=(wrong,)))
        sheet = _look(desk)
        shown = desk.texts()
        for words in ("CN=PLC 7", "CN=Works CA", "AB12 " * 9 + "AB12", "plc7, 10.1.2.3", "urn:plc7", str(wrong)):
            assert words in shown
        assert desk.window.focusWidget() is sheet.leave
        assert not sheet.trust.isEnabled()
        sheet.reason.enter("compared at the panel")
        assert sheet.refuse.isVisible()
        sheet.trust.setFocus()
        QTest.keyClick(sheet.trust, Qt.Key.Key_Space)
        sheet.decide(True)
        assert not sheet.may_close
        desk.settle()
        decision = CertificateDecision(
            device=SERVER, sha256="CD34" * 16, is_trusted=True, reason="compared at the panel"
        )
        assert desk.station.decisions == [decision]
        assert "The certificate is trusted The next attempt to connect comes within 10 s." in sheet.progress.text()
        assert desk.window.focusWidget() is sheet.leave


def test_trust_is_taken_back_and_a_refusal_of_the_station_is_told(qtbot: QtBot) -> None:
    with open_opcua_desk() as desk:
        put_certificate(desk, ServerCertificate(facts=facts(desk), standing=Standing.TRUSTED), LinkState.CONNECTED)
        sheet = _look(desk)
        assert (sheet.trust.isVisible(), sheet.refuse.isVisible(), sheet.revoke.isVisible()) == (False, False, True)
        desk.station.act_refusal = "The disk is full"
        sheet.reason.enter("stolen laptop")
        sheet.revoke.click()
        desk.settle()
        assert sheet.progress.text() == "Nothing was changed The disk is full"
        sheet.close_sheet()
        desk.station.act_refusal = ""
        sheet = _look(desk)
        sheet.reason.enter("stolen laptop")
        sheet.revoke.click()
        desk.settle()
        assert [decision.is_trusted for decision in desk.station.decisions] == [False, False]
        assert "The certificate is trusted no longer" in sheet.progress.text()


def test_an_operator_looks_but_does_not_decide(qtbot: QtBot) -> None:
    with open_opcua_desk(session=OPERATOR) as desk:
        put_certificate(desk, _unknown(desk))
        sheet = _look(desk)
        assert any("Only a supervisor, an engineer" in text for text in desk.texts())
        assert (sheet.trust.isVisible(), sheet.refuse.isVisible(), sheet.reason.isVisible()) == (False, False, False)
        assert not _details(desk).browse.button.isEnabled()


def test_a_window_that_fails_does_not_claim_to_know_the_end(qtbot: QtBot) -> None:
    async def broken(*_: object) -> None:
        raise OSError("the wire is cut")

    with open_opcua_desk() as desk:
        desk.is_problem_expected = True
        put_certificate(desk, _unknown(desk))
        desk.station.decide_certificate = broken  # type: ignore[method-assign,assignment]
        sheet = _look(desk)
        sheet.reason.enter("seen")
        sheet.refuse.click()
        desk.settle()
        assert sheet.progress.text() == "The outcome is unknown Look at the state of the device."


def test_our_own_certificate_is_shown_and_exported_but_replaces_no_file(qtbot: QtBot, tmp_path: Path) -> None:
    with open_opcua_desk() as desk:
        put_certificate(desk, None)
        desk.station.own = OwnCertificate(facts(desk), "/data/certificates/own.der")
        _details(desk).certificate.own.click()
        sheet = desk.window.area.dialogs.sheet
        assert isinstance(sheet, OwnCertificateDialog)
        assert not sheet.export.isEnabled()
        desk.settle()
        assert {"/data/certificates/own.der", "AB12 " * 9 + "AB12"} <= set(desk.texts())
        sheet.field.setText(str(tmp_path / "copy.der"))
        sheet.export.click()
        desk.settle()
        assert (tmp_path / "copy.der").read_bytes() == b"the certificate"
        sheet.export.click()
        desk.settle()
        assert "There is a file" in sheet.progress.text()
        sheet.field.setText(str(tmp_path / "nowhere" / "copy.der"))
        sheet.export.click()
        desk.settle()
        assert "No such file or directory" in sheet.progress.text()


def test_why_there_is_no_certificate_of_ours_is_said(qtbot: QtBot) -> None:
    with open_opcua_desk() as desk:
        put_certificate(desk, None)
        _details(desk).certificate.own.click()
        sheet = desk.window.area.dialogs.sheet
        assert isinstance(sheet, OwnCertificateDialog)
        desk.settle()
        assert sheet.progress.text() == "There is no certificate The key x can't be read"
        desk.station.delay_s = 5.0
        sheet.close_sheet()
        _details(desk).certificate.own.click()
        leaving = desk.window.area.dialogs.sheet
        assert leaving is not None
        leaving.close_sheet()
        desk.settle()


def test_every_text_about_certificates_is_translatable(qtbot: QtBot) -> None:
    with open_opcua_desk(language=PSEUDO) as desk:
        put_certificate(desk, _unknown(desk, problems=(message("It is wrong"),)))
        data = ("CN=PLC 7", "CN=Works CA", "PLC 7", "AB12", "CD34", "plc7, 10.1.2.3", "urn:plc7")
        _look(desk)
        shown = without(texts(desk.window), data)
        assert untranslated(shown, encrypted_plant(), ENGINEER) == []
