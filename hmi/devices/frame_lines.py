"""A trace as lines of sixteen bytes each: the first line of a frame has its time and direction. GUI thread."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from drivers.frames import FRAMES_KEPT, Frame
from hmi.i18n import tr
from hmi.numbers import local_time
from hmi.table_column import Column
from plant_models.message import message

BYTES: Final = 16
TIME: Final = 0
WAY: Final = 1
HEX: Final = 2
ASCII: Final = 3
COLUMNS: Final = (
    Column(message("Time"), 106),
    Column(message("Way"), 52),
    Column(message("Bytes"), 342),
    Column(message("Text"), 0),
)
LINE_ROLE: Final = Qt.ItemDataRole.UserRole
"""The FrameLine of a row."""
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_PRINTABLE: Final = range(0x20, 0x7F)


@dataclass(frozen=True, slots=True)
class FrameLine:
    """Up to sixteen bytes of a frame from `offset` on."""

    frame: Frame
    offset: int

    @property
    def data(self) -> bytes:
        return self.frame.data[self.offset : self.offset + BYTES]

    @property
    def is_first(self) -> bool:
        return self.offset == 0


class FrameLines(QAbstractTableModel):
    """The last 200 frames; `add` appends and lets the oldest go."""

    def __init__(self) -> None:
        super().__init__()
        self._frames: list[Frame] = []
        self._lines: list[FrameLine] = []
        self.zone: tzinfo | None = None

    @property
    def frames(self) -> Sequence[Frame]:
        return self._frames

    @property
    def newest(self) -> int:
        """The number of the newest frame, 0 if there is none."""
        return self._frames[-1].number if self._frames else 0

    def clear(self) -> None:
        """Show nothing."""
        self._replace([])

    def add(self, frames: Iterable[Frame]) -> None:
        """Append frames, each once."""
        fresh = [frame for frame in frames if frame.number > self.newest]
        if fresh:
            self._replace([*self._frames, *fresh][-FRAMES_KEPT:])

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == WAY:
            return way_word(line.frame)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return COLUMNS[section].heading(role) if orientation is Qt.Orientation.Horizontal else None

    def _replace(self, frames: list[Frame]) -> None:
        self.beginResetModel()
        self._frames = frames
        self._lines = [line for frame in frames for line in _lines_of(frame)]
        self.endResetModel()

    def _text(self, line: FrameLine, column: int) -> str:
        if column == HEX:
            return hex_text(line.data)
        if column == ASCII:
            return ascii_text(line.data)
        if not line.is_first:
            return ""
        return time_text(line.frame.at_us, self.zone) if column == TIME else way_word(line.frame)


def time_text(at_us: int, zone: tzinfo | None) -> str:
    """Return a time of day with milliseconds, "14:41:09.115"."""
    assert zone is not None
    return f"{local_time(at_us, zone):%H:%M:%S.%f}"[:-3]


def way_word(frame: Frame) -> str:
    """Return which way a frame went."""
    return tr("sent") if frame.is_sent else tr("received")


def hex_text(data: bytes) -> str:
    return data.hex(" ")


def ascii_text(data: bytes) -> str:
    """Return bytes as characters, a dot for what is none."""
    return "".join(chr(byte) if byte in _PRINTABLE else "·" for byte in data)


def trace_text(frames: Iterable[Frame], zone: tzinfo) -> str:
    """Return a trace for the clipboard, a frame a line: time, way, number of bytes, bytes, what it is."""
    lines = (
        (time_text(frame.at_us, zone), way_word(frame), str(len(frame.data)), hex_text(frame.data), tr(frame.text))
        for frame in frames
    )
    return "\n".join("\t".join(line) for line in lines)


def _lines_of(frame: Frame) -> Iterator[FrameLine]:
    return (FrameLine(frame, offset) for offset in range(0, max(1, len(frame.data)), BYTES))
