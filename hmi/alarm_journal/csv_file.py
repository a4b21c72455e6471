"""Rows of the journal as a CSV file: every column, both times in UTC and local time. Pure; beside the GUI thread.

Numbers are as they were recorded, in the unit beside them; texts can't be taken for formulas by a spreadsheet.
"""

import csv
import os
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, TextIO

from alarms.journal_query import JournalRow
from hmi.alarm_journal.cells import event_word, row_text
from hmi.numbers import local_time
from plant_models.spreadsheet import neutral

_TEXTS: Final = ("event", "category", "source")
_PLAIN: Final = (
    "priority", "area", "tag", "alarm", "kind", "text", "value", "limit", "unit", "from_state", "to_state", "count",
    "user", "seat", "roles", "comment", "alarm_class", "aside_by", "aside_why", "rule", "note", "first_out",
    "is_time_suspect", "title", "state", "value_old", "readback", "config", "epoch", "seq", "hash",
)  # fmt: skip
_TIMES: Final = ("until_us", "aside_us")
COLUMNS: Final = (
    "time_utc", "time_local", "recorded_utc", "recorded_local", *_TEXTS, "words", *_PLAIN, "until_utc", "aside_utc",
)  # fmt: skip


class JournalFile:
    """A file that appears whole or not at all, and replaces none. UTF-8 with a byte order mark.

    Raises:
        OSError: it can't be written, or there is one already.
    """

    def __init__(self, path: Path, zone: tzinfo) -> None:
        self._path, self._zone = path, zone
        self._beside = path.with_name(f".{path.name}.part")
        with path.open("x"):
            pass  # taken from here on: nobody else's file of this name can be replaced
        try:
            self._file: TextIO = self._beside.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(COLUMNS)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def write(self, rows: Sequence[JournalRow]) -> None:
        """Add rows."""
        self._writer.writerows(cells(row, self._zone) for row in rows)

    def finish(self) -> None:
        """Put the file into its place."""
        self._file.close()
        os.replace(self._beside, self._path)

    def discard(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._beside.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)


def cells(row: JournalRow, zone: tzinfo) -> list[str]:
    """Return the cells of a row, in the order of `COLUMNS`."""
    return [
        _utc(row.at_us),
        local_time(row.at_us, zone).isoformat(timespec="milliseconds"),
        _utc(row.recorded_us),
        local_time(row.recorded_us, zone).isoformat(timespec="milliseconds"),
        *(neutral(str(getattr(row, name))) for name in _TEXTS),
        neutral(" · ".join(filter(None, (event_word(row.event), row_text(row))))),
        *(_cell(getattr(row, name)) for name in _PLAIN),
        *("" if at is None else _utc(at) for at in (getattr(row, name) for name in _TIMES)),
    ]


def _utc(at_us: int) -> str:
    return f"{datetime.fromtimestamp(at_us / 1e6, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return neutral(value) if isinstance(value, str) else repr(value)
