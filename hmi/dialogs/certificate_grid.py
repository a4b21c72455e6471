"""What stands in a certificate, line by line; texts to be compared with another screen can be copied. GUI thread."""

from datetime import tzinfo
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from drivers.certificate_facts import CertificateFacts
from hmi.devices.certificate_words import date_text, thumbprint_text
from hmi.i18n import tr
from hmi.numbers import DASH
from hmi.widgets import label, wrapped

_TITLE: Final = 128


class CertificateGrid(QWidget):
    """Titles at the left, texts beside them; `more` are lines below those of the certificate."""

    def __init__(self, facts: CertificateFacts, zone: tzinfo, more: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, _TITLE)
        grid.setColumnStretch(1, 1)
        for at, (title, text) in enumerate((*_lines(facts, zone), *more)):
            shown = wrapped(text or DASH, "strong" if text == thumbprint_text(facts.sha1) else "")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label(title, "text2"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, at, 1)


def _lines(facts: CertificateFacts, zone: tzinfo) -> tuple[tuple[str, str], ...]:
    span = tr("{begin} to {end}").format(begin=date_text(facts.begins_us, zone), end=date_text(facts.ends_us, zone))
    return (
        (tr("Subject"), facts.subject),
        (tr("Issued by"), tr("itself") if facts.is_self_signed else facts.issuer),
        (tr("Valid"), span),
        (tr("SHA-1"), thumbprint_text(facts.sha1)),
        (tr("SHA-256"), thumbprint_text(facts.sha256)),
        (tr("Host names"), ", ".join(facts.hosts)),
        (tr("Application"), facts.application_uri),
    )
