"""Asks where the CSV file of a trend goes. GUI thread."""

from hmi.dialogs.file_sheet import FileSheet
from hmi.i18n import tr


class ExportSheet(FileSheet):
    """`chosen` carries the path."""

    def __init__(self, name: str) -> None:
        super().__init__(tr("Export as CSV"), tr("The visible pens over the time that is shown"), name, tr("Export"))
