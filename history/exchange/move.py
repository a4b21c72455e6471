"""A plant's history moves from its files to a server: packed hours and their cells, minutes, frames. Main thread.

The caller holds the lock of the data folder. Each transaction is whole by itself and leaves alone what the server has,
so a move that was cut short is simply done again. Files aren't changed before `remove`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import delete

from database.errors import DatabaseError
from history.care.state import load_state, save_state
from history.chunks.samples import Samples
from history.exchange.ends import Ends
from history.exchange.moved_frames import lacking_frames, move_frames
from history.exchange.moved_hours import Step, differing, move_hours, rows_of, steps_of
from history.exchange.moved_minutes import add_minutes, add_stale, file_hours, file_minutes, lacks
from history.exchange.times import utc_text
from history.store.months import Months
from history.store.tables import CHUNK, ROLLUP, SEGMENT, STALE
from plant_models.message import message

EVER: tuple[int, int] = 0, 2**62
Progress = Callable[[int, int], None]
"""Is told how many steps are done, of how many; each is some tags of a month, or an hour of minutes."""


@dataclass(slots=True)
class Moved:
    """What the files have and the server has now: packed hours, samples in them, frames that were sent; and what it
    can't have or hasn't."""

    hours: int = 0
    samples: int = 0
    frames: int = 0
    troubles: list[str] = field(default_factory=list)


def move(ends: Ends, progress: Progress) -> Moved:
    """Move all, read it again, and return what came of it.

    Raises:
        DatabaseError: it can't go on; what was moved is whole.
    """
    moved, steps = Moved(), list[Step]()
    for part in ends.months.between(*EVER):
        try:
            steps += steps_of(ends, part)
        except DatabaseError as error:
            moved.troubles.append(str(error))
    minutes = file_hours(ends)
    total = len(steps) + len(minutes)
    for number, step in enumerate(steps, 1):
        _move_step(ends, step, moved)
        progress(number, total)
    for number, (hour_us, group) in enumerate(minutes, len(steps) + 1):
        samples, troubles = file_minutes(ends, hour_us, group)
        add_minutes(ends, hour_us, samples, is_newer=True)
        moved.troubles += troubles
        progress(number, total)
    add_stale(ends)
    moved.frames, troubles = move_frames(ends, lambda _: progress(total, total))
    moved.troubles += troubles
    _verify(ends, steps, minutes, moved)
    return moved


def remove(ends: Ends) -> None:
    """Remove the months and the minutes from the files. Only after a `move` without troubles.

    Frames stay: the station lets go of them itself.

    Raises:
        DatabaseError: some of it is still there.
        OSError: the folder can't be written.
    """
    months = Months(ends.folder)
    for part in ends.months.between(*EVER):
        months.drop(part)
    months.close()
    _forget_months(ends)
    with ends.file.writing() as connection:
        connection.execute(delete(SEGMENT))
        connection.execute(delete(STALE))


def _forget_months(ends: Ends) -> None:
    """Let nobody miss what was removed."""
    state = load_state(ends.folder)
    state.known = [name for name in state.known if (ends.folder / name).exists()]
    save_state(ends.folder, state)


def _move_step(ends: Ends, step: Step, moved: Moved) -> None:
    hours, troubles = rows_of(ends, step, CHUNK)
    cells, more = rows_of(ends, step, ROLLUP)
    moved.troubles += [*troubles, *more]
    move_hours(ends, step, hours, cells)
    for hour_us, samples in differing(ends, step, hours, []):
        add_minutes(ends, hour_us, samples, is_newer=False)
    moved.hours += len(hours)
    moved.samples += sum(row["n"] for row in hours)


def _verify(ends: Ends, steps: list[Step], minutes: list[tuple[int, int]], moved: Moved) -> None:
    """Look whether the server has every hour as it is here, or every sample of it at least."""
    for step in steps:
        for hour_us, samples in differing(ends, step, rows_of(ends, step, CHUNK)[0], moved.troubles):
            _note(moved, hour_us, lacks(ends, hour_us, samples, is_newer=False))
    for hour_us, group in minutes:
        _note(moved, hour_us, lacks(ends, hour_us, file_minutes(ends, hour_us, group)[0], is_newer=True))
    if lacking_frames(ends):
        moved.troubles.append(message("the server lacks {n} frames", n=lacking_frames(ends)))


def _note(moved: Moved, hour_us: int, lacking: dict[int, Samples]) -> None:
    for tag, samples in lacking.items():
        where = utc_text(hour_us)
        words = message("the server lacks {n} samples of tag {tag} in the hour {at}", n=len(samples), tag=tag, at=where)
        moved.troubles.append(words)
