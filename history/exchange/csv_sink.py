"""A CSV file that an export writes, row after row, for people and spreadsheets. Main thread."""

import csv
import math
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final, Protocol, TextIO

from history.exchange.intervals import IntervalPiece
from history.exchange.raw import RawPiece
from history.exchange.times import local_text, utc_text
from plant_models.quality import describe
from plant_models.spreadsheet import neutral

RAW: Final = ("tag", "time_utc", "time_local", "value", "text", "quality", "quality_text")
INTERVALS: Final = (
    "tag", "start_utc", "start_local", "n", "min", "max", "first", "last", "average", "integral", "good_share",
    "quality", "quality_text",
)  # fmt: skip
Piece = RawPiece | IntervalPiece


class Sink(Protocol):
    """A file that takes pieces of one kind."""

    def write(self, piece: Piece) -> int:
        """Add a piece; return the number of its rows."""

    def close(self) -> None:
        """Finish the file."""


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """Local times are in `zone`. For a spreadsheet: semicolons, decimal commas and a byte order mark."""

    zone: tzinfo
    for_excel: bool = False


class CsvSink:
    """A CSV file. Numbers have all their digits; texts can't be taken for formulas."""

    def __init__(self, path: Path, columns: tuple[str, ...], style: CsvStyle) -> None:
        self._style = style
        encoding = "utf-8-sig" if style.for_excel else "utf-8"
        self._file: TextIO = path.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._file, delimiter=";" if style.for_excel else ",")
        self._writer.writerow(columns)

    def write(self, piece: Piece) -> int:
        """Add a piece."""
        rows = self._raw(piece) if isinstance(piece, RawPiece) else self._intervals(piece)
        self._writer.writerows(rows)
        return len(rows)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _raw(self, piece: RawPiece) -> list[list[str]]:
        columns = piece.times_us.tolist(), self._cells(piece), piece.qualities.tolist()
        tag, zone = neutral(piece.tag), self._style.zone
        return [
            [tag, utc_text(at), local_text(at, zone), *cells, str(quality), neutral(describe(quality))]
            for at, cells, quality in zip(*columns, strict=True)
        ]

    def _cells(self, piece: RawPiece) -> list[tuple[str, str]]:
        """Return value and text of each row; the number that stands for a text tells nobody anything."""
        if piece.texts is None:
            return [(self._number(value), "") for value in piece.values.tolist()]
        return [("", neutral(text)) for text in piece.texts]

    def _intervals(self, piece: IntervalPiece) -> list[list[str]]:
        cells, tag, zone = piece.cells, neutral(piece.tag), self._style.zone
        numbers = [cells[name].tolist() for name in ("min", "max", "first", "last")]
        numbers += [piece.average().tolist(), cells["integral"].tolist(), piece.good_share().tolist()]
        rows = []
        for at, n, quality, *values in zip(
            piece.edges_us[:-1].tolist(), cells["n"].tolist(), piece.qualities().tolist(), *numbers, strict=True
        ):
            times = [utc_text(at), local_text(at, zone)]
            shown = ["" if math.isnan(value) else self._number(value) for value in values]
            rows.append([tag, *times, str(n), *shown, str(quality), neutral(describe(quality))])
        return rows

    def _number(self, value: float) -> str:
        text = repr(value)
        return text.replace(".", ",") if self._style.for_excel else text
