"""The certificate by which servers know this station, for whoever makes them trust it; and a copy to take there.

GUI thread; the file is written beside it.
"""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QLineEdit, QPushButton

from drivers.certificate_facts import CertificateFacts
from hmi.context import Context
from hmi.dialogs.certificate_grid import CertificateGrid
from hmi.dialogs.outcome import Outcome
from hmi.dialogs.progress import Progress
from hmi.dialogs.sheet import Sheet
from hmi.dialogs.titled import titled
from hmi.i18n import tr
from hmi.widgets import button, column, wrapped
from station.protocol import OwnCertificate

_WIDTH: Final = 940
_LEAST_WIDTH: Final = 104
_NAME: Final = "clearwell.der"


class OwnCertificateDialog(Sheet):
    """Filled once the station has answered: a key that is made first takes a moment."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Certificate of this station"), tr("By it servers know who asks"), _WIDTH)
        self._context = context
        self._facts: CertificateFacts | None = None
        self._content = column(spacing=16)
        self.body.addLayout(self._content)
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.field = QLineEdit(str(Path(folder) / _NAME))
        self.progress = Progress()
        self.leave = button(tr("Close"), "command")
        self.leave.clicked.connect(self.close_sheet)
        self.export = button(tr("Export"), "command")
        self.export.clicked.connect(self._on_export)
        self.export.setEnabled(False)
        self.footer.addWidget(self.progress, 1)
        for each in (self.leave, self.export):
            each.setMinimumWidth(_LEAST_WIDTH)
            self.footer.addWidget(each)
        self.progress.show_writing(tr("Asking the station…"))
        self._run(self._ask())

    def first_focus(self) -> QPushButton:
        return self.leave

    def _run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine that ends with the dialog."""
        self.closed.connect(self._context.tasks.start(coroutine).cancel)

    async def _ask(self) -> None:
        own = await self._context.station.own_certificate()
        if own.facts is None:
            self.progress.show_outcome(Outcome(False, tr("There is no certificate"), tr(own.problem)))
            return
        self._show(own, own.facts)

    def _show(self, own: OwnCertificate, facts: CertificateFacts) -> None:
        self._facts = facts
        words = tr("Accept it at each server that wants encryption; most list it among those that they refused.")
        self._content.addWidget(wrapped(words))
        self._content.addWidget(CertificateGrid(facts, self._context.zone, ((tr("Its file"), own.path),)))
        self._content.addLayout(titled(tr("A copy to take to a server (DER)"), self.field))
        self.export.setEnabled(True)
        self.progress.show_nothing()

    def _on_export(self) -> None:
        path = Path(self.field.text().strip()).expanduser()
        if self._facts is not None and path.name:
            self.export.setEnabled(False)
            self._run(self._write(path, self._facts.der))

    async def _write(self, path: Path, data: bytes) -> None:
        try:
            await asyncio.to_thread(_write_new, path, data)
        except FileExistsError:
            end = Outcome(False, tr("Nothing was written"), tr("There is a file {path} already.").format(path=path))
        except OSError as error:
            end = Outcome(False, tr("Nothing was written"), f"{path}: {error.strerror}")
        else:
            end = Outcome(True, tr("Written"), str(path))
        self.progress.show_outcome(end)
        self.export.setEnabled(True)


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
