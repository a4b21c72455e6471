"""Writing samples of a file into history while no station runs. Main thread; the caller holds the lock of the folder.

They go in as frames, in batches, as late samples do: of equal times of a tag the one that was written last counts, so
whatever was cut short can simply be done again. The station packs them into their hours when it runs next.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from history.columns import Columns
from history.exchange.pieces import Mistake, Pieces, ReadPiece
from history.store.frames import FrameStore
from plant_models.message import message

MISTAKES: Final = 100
"""Mistakes that are told."""
Progress = Callable[[int, int], None]
"""Is told how many rows are done, of how many."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds: samples that can be imported, rows that can't, the first mistakes, and all tags."""

    n: int
    n_bad: int
    mistakes: tuple[Mistake, ...]
    tags: tuple[str, ...]


def check(pieces: Pieces, known: Iterable[str], *, accepts_new: bool) -> Checked:
    """Read a whole file and return what it holds; a tag that isn't known is a mistake unless new ones are accepted.

    Raises:
        ExchangeError: it isn't such a file.
        OSError: it can't be read.
    """
    names, n, n_bad = set(known), 0, 0
    mistakes, tags, unknown = list[Mistake](), dict[str, None](), set[str]()
    for piece in pieces:
        fresh = [(tag, line) for tag, line in zip(piece.tags, piece.lines, strict=True) if tag not in names]
        is_known = np.array([accepts_new or tag in names for tag in piece.tags], np.bool_)[piece.codes]
        if not accepts_new:
            mistakes += [_unknown(tag, line) for tag, line in fresh if tag not in unknown]
            unknown.update(tag for tag, _ in fresh)
        mistakes += piece.mistakes
        mistakes = sorted(mistakes)[:MISTAKES]
        n, n_bad = n + int(is_known.sum()), n_bad + int((~is_known).sum()) + len(piece.mistakes)
        tags.update(dict.fromkeys(tag for tag in piece.tags if tag not in unknown))
    return Checked(n, n_bad, tuple(mistakes), tuple(tags))


def write(pieces: Pieces, checked: Checked, folder: Path, now_us: int, progress: Progress) -> int:
    """Write what can be imported of a file; return how many samples that were. `KeyboardInterrupt` may end it between
    two batches: what was told to `progress` is on the disk then.

    Raises:
        DatabaseError: it can't be written; what was told to `progress` is on the disk.
    """
    store, done = FrameStore(folder, checked.tags), 0
    rows = {tag: row for row, tag in enumerate(checked.tags)}
    try:
        end = store.open(now_us)
        at_us = now_us if end.at_us is None else end.at_us  # the newest frame says when the last run ended
        for piece in pieces:
            columns = _columns(piece, rows)
            if len(columns):
                store.append(columns, at_us)
            done += len(columns)
            progress(done, checked.n)
    finally:
        store.close()
    return done


def _unknown(tag: str, line: int) -> Mistake:
    remedy = message("--new-tags takes it, --map {tag}=NAME gives it another name", tag=tag)
    return Mistake(line, 1, message("there is no tag {tag}", tag=tag), remedy)


def _columns(piece: ReadPiece, rows: dict[str, int]) -> Columns:
    of_code = np.array([rows.get(tag, -1) for tag in piece.tags], np.int64)
    ids = of_code[piece.codes]
    is_known = ids >= 0
    times = piece.times_us[is_known]
    return Columns(ids[is_known], piece.values[is_known], piece.qualities[is_known], times, times, times)
