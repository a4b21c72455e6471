"""The alarm list as a CSV file, a PDF file or on paper, written beside the GUI thread. GUI thread."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtPrintSupport import QPrinterInfo

from hmi.alarm_list.card import ListCard
from hmi.alarm_list.csv_file import write_list
from hmi.alarm_list.print_sheet import PrintSheet
from hmi.alarm_list.printing import pdf_file, print_list, printer
from hmi.alarm_list.sheet import ListSheet, sheet_of
from hmi.context import Context
from hmi.dialogs.file_sheet import FileSheet
from hmi.i18n import tr
from hmi.numbers import local_time, number_text


class ListOutput(QObject):
    """What became of it is told where acknowledgements are: by `warned` of the alarms."""

    sheet_wanted = Signal(object)

    def __init__(self, context: Context, card: ListCard, heading: Callable[[], Sequence[str]]) -> None:
        super().__init__(card)
        self._context, self._card, self._heading = context, card, heading
        self._asking: PrintSheet | None = None

    def ask_for_csv(self) -> None:
        """Ask where the CSV file goes, and write it there."""
        name = f"alarms-{self._now():%Y%m%d-%H%M}.csv"
        sheet = FileSheet(tr("Export as CSV"), tr("The list as it is shown"), name, tr("Export"))
        sheet.chosen.connect(lambda path: self._context.tasks.start(self.export(path)))
        self.sheet_wanted.emit(sheet)

    def ask_for_print(self) -> None:
        """Ask where the printed list goes, and print it there."""
        sheet = PrintSheet(f"alarms-{self._now():%Y%m%d-%H%M}.pdf")
        sheet.chosen.connect(lambda path: self._context.tasks.start(self.print_to(lambda: pdf_file(path), str(path))))
        sheet.printer_chosen.connect(lambda name: self._context.tasks.start(self.print_to(lambda: printer(name), name)))
        sheet.closed.connect(self._forget)
        self._asking = sheet
        self.sheet_wanted.emit(sheet)
        self._context.tasks.start(self._offer_printers(sheet))

    async def export(self, path: Path) -> None:
        """Write what is shown as CSV."""
        sheet = await self._sheet()
        try:
            rows = await asyncio.to_thread(write_list, path, sheet)
        except OSError as error:
            self._tell(tr("Nothing was exported: {reason}").format(reason=f"{path}: {error.strerror or error}"))
            return
        self._tell(tr("{rows} alarms in {file}").format(rows=number_text(rows, 0), file=path.name))

    async def print_to(self, make: Callable[[], QPagedPaintDevice], where: str) -> None:
        """Print what is shown on the device that `make` returns; `where` is what people know it by."""
        sheet = await self._sheet()
        try:
            pages = await asyncio.to_thread(lambda: print_list(make(), sheet))
        except OSError as error:
            self._tell(tr("Nothing was printed: {reason}").format(reason=f"{where}: {error.strerror or error}"))
            return
        self._tell(tr("{pages} pages to {printer}").format(pages=number_text(pages, 0), printer=where))

    async def _offer_printers(self, sheet: PrintSheet) -> None:
        names = await asyncio.to_thread(QPrinterInfo.availablePrinterNames)
        if self._asking is sheet:
            sheet.show_printers(names)

    def _forget(self) -> None:
        self._asking = None

    async def _sheet(self) -> ListSheet:
        context, view = self._context, self._card.view
        tab, filter_words, count = self._heading()
        stamp = f"{self._now():%Y-%m-%d %H:%M:%S %Z}, {context.session.user}"
        head = [
            f"{context.plant.name}: {tr('Alarms')}, {tab}",
            stamp,
            *(each for each in (filter_words, count) if each),
        ]
        return await sheet_of(self._card.tables, view.told_widths(), head)

    def _now(self) -> datetime:
        return local_time(self._context.clock.wall_us(), self._context.zone)

    def _tell(self, words: str) -> None:
        self._context.alarms.warned.emit(words)
