"""Asks where an exported file goes. GUI thread."""

from hmi.dialogs.file_sheet import FileSheet
from hmi.i18n import tr


class ExportSheet(FileSheet):
    """`chosen` carries the path."""

    def __init__(self, name: str, what: str, title: str = "") -> None:
        super().__init__(title or tr("Export as CSV"), what, name, tr("Export"))
