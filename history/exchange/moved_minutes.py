"""Samples that a server lacks are added there as minutes, for the packer to merge into their hour. Main thread.

What the server has already, packed or not, is left out: a move that is done again adds nothing.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, select

from history.chunks.cells import HOUR_US
from history.chunks.samples import MEASURED, Block, Samples, concatenate_samples, merge_blocks
from history.chunks.segment import TAGS, write_segment
from history.exchange.ends import Ends
from history.store.minutes import read_blocks
from history.store.packed import read_hour_of, upsert
from history.store.tables import SEGMENT, STALE


def file_hours(ends: Ends) -> list[tuple[int, int]]:
    """Return the hours and groups of 64 tags of which the file has minutes."""
    with ends.file.reading() as connection:
        query = select(SEGMENT.c.hour_us, SEGMENT.c.grp).distinct().order_by(SEGMENT.c.hour_us, SEGMENT.c.grp)
        return [(hour, group) for hour, group in connection.execute(query)]


def file_minutes(ends: Ends, hour_us: int, group: int) -> tuple[dict[int, Samples], list[str]]:
    """Return the merged minutes of an hour in the file by id on the server, and what of them can't be moved."""
    with ends.file.reading() as connection:
        blocks, broken = read_blocks(connection, hour_us, group)
    merged = merge_blocks(blocks)
    troubles = [f"{each.what}: {each.reason}" for each in broken]
    troubles += [f"id {tag} means no tag" for tag in merged if tag not in ends.ids]
    return {ends.ids[tag]: samples for tag, samples in merged.items() if tag in ends.ids}, troubles


def add_minutes(ends: Ends, hour_us: int, samples: Mapping[int, Samples], *, is_newer: bool) -> int:
    """Add what the server lacks of an hour, by id there; return how many samples that are.

    Where it has another value at the same time, ours counts if it `is_newer` than what is packed, else its own.
    """
    lacking = lacks(ends, hour_us, samples, is_newer=is_newer)
    groups: dict[int, list[Block]] = {}
    for tag, rows in lacking.items():
        groups.setdefault(tag // TAGS, []).append(Block(np.full(len(rows), tag, np.int64), rows))
    if groups:
        with ends.server.place().writing() as connection:
            for group, blocks in sorted(groups.items()):
                _add(connection, hour_us, group, blocks)
    return sum(map(len, lacking.values()))


def lacks(ends: Ends, hour_us: int, samples: Mapping[int, Samples], *, is_newer: bool) -> dict[int, Samples]:
    """Return the samples of an hour that were measured and that `add_minutes` would add."""
    there, found = _there(ends, hour_us, sorted(samples)), dict[int, Samples]()
    for tag, mine in samples.items():
        rows = mine if mine.filled is None else mine.take(mine.filled == MEASURED)
        theirs = there.get(tag)
        if theirs is not None:
            rows = rows.take(~_is_in(rows, theirs, is_newer))
        if len(rows):
            found[tag] = rows
    return found


def add_stale(ends: Ends) -> None:
    """Let the packer work out anew there what it would have here."""
    with ends.file.reading() as connection:
        stale = connection.execute(select(STALE.c.hour_us, STALE.c.grp)).all()
    groups = {(hour, ends.ids[tag] // TAGS) for hour, group in stale for tag in ends.ids if tag // TAGS == group}
    with ends.server.place().writing() as connection:
        upsert(connection, STALE, [{"hour_us": hour, "grp": group} for hour, group in sorted(groups)])


def _is_in(mine: Samples, theirs: Samples, is_newer: bool) -> NDArray[np.bool_]:
    """Return of which of my samples there is one at the same time, and the same one if mine are newer."""
    at = np.minimum(np.searchsorted(theirs.times_us, mine.times_us), len(theirs) - 1)
    is_there: NDArray[np.bool_] = theirs.times_us[at] == mine.times_us
    if is_newer:
        is_there &= theirs.values.view(np.uint64)[at] == mine.values.view(np.uint64)
        is_there &= theirs.qualities[at] == mine.qualities
    return is_there


def _there(ends: Ends, hour_us: int, tags: list[int]) -> dict[int, Samples]:
    """Return what the server has of an hour, packed and in minutes."""
    blocks = list[Block]()
    for part in ends.parts.between(hour_us, hour_us + HOUR_US):
        with ends.parts.reading(part) as connection:
            found = read_hour_of(connection, hour_us, tags)
            blocks += [Block(np.full(len(samples), tag, np.int64), samples) for tag, samples in found]
    with ends.server.place().reading() as connection:
        for group in sorted({tag // TAGS for tag in tags}):
            blocks += read_blocks(connection, hour_us, group, tags)[0]
    return merge_blocks(blocks)


def _add(connection: Connection, hour_us: int, group: int, blocks: list[Block]) -> None:
    tags = np.concatenate([block.tags for block in blocks])
    block = Block(tags, concatenate_samples([block.samples for block in blocks]))
    times = block.samples.times_us
    row = {"hour_us": hour_us, "grp": group, "t0_us": int(times.min()), "t1_us": int(times.max()), "n": len(block)}
    connection.execute(insert(SEGMENT).values(**row, body=write_segment(block)))
