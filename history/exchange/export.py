"""Writing what was recorded into a file, beside a running station. Main thread.

The file appears whole or not at all, and nothing is replaced unless that was asked for.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from history.exchange.csv_sink import INTERVALS, RAW, CsvSink, CsvStyle, Piece, Sink
from history.exchange.errors import ExchangeError
from history.exchange.intervals import Every, IntervalPiece, interval_pieces
from history.exchange.kept import Kept
from history.exchange.parquet_sink import ParquetSink
from history.exchange.raw import raw_pieces
from history.store.kinds import NUMBER, TEXT
from plant_models.message import message

Progress = Callable[[int, int], None]
"""Is told how many rows were written, and up to when (µs UTC)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Tags by pattern ("*" and "?" stand for any letters) over [start_us, end_us); without `every` raw samples.

    `hold_us` says for how long a sample of a tag holds.
    """

    tags: str
    start_us: int
    end_us: int
    every: Every | None
    hold_us: Callable[[str], int]


def export(kept: Kept, wanted: Wanted, path: Path, style: CsvStyle, progress: Progress, *, force: bool = False) -> int:
    """Write a file, `.csv` or `.parquet`; return the number of its rows.

    Raises:
        ExchangeError: there is such a file already, no such tag, or no way to write it.
        DatabaseError: history can't be read.
        OSError: the file can't be written.
    """
    kinds = (NUMBER, TEXT) if wanted.every is None else (NUMBER,)
    rows = [row for row, each in enumerate(kept.series) if each.kind in kinds and fnmatchcase(each.name, wanted.tags)]
    if not rows:
        raise ExchangeError(message("nothing was ever recorded of a tag like {tags}", tags=repr(wanted.tags)))
    if wanted.end_us <= wanted.start_us:
        raise ExchangeError(message("the end must be later than the beginning"))
    count = 0
    with _appearing(path, force) as part:
        sink = _sink(path, part, RAW if wanted.every is None else INTERVALS, style)
        try:
            for piece in _pieces(kept, rows, wanted):
                count += sink.write(piece)
                progress(count, _until(piece))
        finally:
            sink.close()
    return count


def _pieces(kept: Kept, rows: list[int], wanted: Wanted) -> Iterator[Piece]:
    if wanted.every is None:
        yield from raw_pieces(kept, rows, wanted.start_us, wanted.end_us)
        return
    start_us, end_us = max(wanted.start_us, kept.start_us), min(wanted.end_us, kept.end_us)
    if start_us < end_us:
        yield from interval_pieces(kept, rows, wanted.every.edges_us(start_us, end_us), wanted.hold_us)


def _until(piece: Piece) -> int:
    times = piece.edges_us if isinstance(piece, IntervalPiece) else piece.times_us
    return int(times[-1])


def _sink(path: Path, part: Path, columns: tuple[str, ...], style: CsvStyle) -> Sink:
    if path.suffix == ".parquet":
        return ParquetSink(part, columns)
    if path.suffix == ".csv":
        return CsvSink(part, columns, style)
    raise ExchangeError(message("{file} must end with .csv or .parquet", file=str(path)))


@contextmanager
def _appearing(path: Path, force: bool) -> Iterator[Path]:
    """Give a file beside the one that is asked for, which it becomes if the block ends without an error."""
    if path.exists() and not force:
        raise ExchangeError(message("{file} is there already; --force replaces it", file=str(path)))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        if not force:
            path.open("x").close()  # it may have appeared meanwhile
        os.replace(part, path)
    except FileExistsError:
        raise ExchangeError(message("{file} is there already; --force replaces it", file=str(path))) from None
    finally:
        part.unlink(missing_ok=True)
