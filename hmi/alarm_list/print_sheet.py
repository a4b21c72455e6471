"""Asks where the printed list goes: to a PDF file, or to a printer of this computer. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from hmi.dialogs.file_sheet import FileSheet
from hmi.dialogs.titled import titled
from hmi.drop_list import DropList
from hmi.i18n import tr


class PrintSheet(FileSheet):
    """`chosen` carries the path of a PDF file, `printer_chosen` the name of a printer.

    Which printers there are is told later, by `show_printers`: to ask for them may take its time.
    """

    printer_chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__(tr("Print"), tr("The list as it is shown"), name, tr("Print"))
        self.printers = DropList()
        self.printers.addItem(tr("PDF file"), "")
        self.printers.currentIndexChanged.connect(self._on_printer)
        self.body.insertLayout(0, titled(tr("To"), self.printers))

    def show_printers(self, names: Sequence[str]) -> None:
        """Offer printers beside the PDF file."""
        for name in names:
            self.printers.addItem(name, name)

    def _on_printer(self) -> None:
        self.field.setEnabled(not self.printers.currentData())
        self.export_button.setEnabled(bool(self.printers.currentData() or self.field.text().strip()))

    def _choose(self) -> None:
        if not self.printers.currentData():
            super()._choose()
            return
        self.printer_chosen.emit(self.printers.currentData())
        self.close_sheet()
