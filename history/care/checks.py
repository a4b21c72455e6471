"""Whether one row of history is what was written: its checksum, its content, and the numbers beside it. Any thread.

Every function returns in words what is wrong, "" if nothing is. A whole blob of a later version isn't damage.
"""

import math
from typing import Any

import numpy as np

from history.chunks.cells import HOUR_US
from history.chunks.chunk import read_chunk, read_header
from history.chunks.errors import CorruptBlobError, NewerBlobError
from history.chunks.rollup import read_rollup
from history.chunks.segment import TAGS, read_segment
from history.codec import CODEC, CodecError, Picker, checksum
from history.store.packed import header_columns


def frame_fault(row: Any) -> str:
    """Check a row of `hist_frame`."""
    header = (row.src, row.seq, row.t0_us, row.t1_us, row.at_us, row.n, row.codec)
    if checksum(header, row.body) != row.crc:
        return "its checksum doesn't fit"
    if row.codec > CODEC:
        return ""
    picker = Picker()
    try:
        picker.add(row.codec, row.body, row.n, row.t0_us)
    except CodecError as error:
        return str(error)
    times = picker.columns().time_us
    return "" if (times.min(), times.max()) == (row.t0_us, row.t1_us) else "its samples are of another time"


def segment_fault(row: Any) -> str:
    """Check a row of `hist_segment`."""
    try:
        block = read_segment(row.body)
    except CorruptBlobError as error:
        return str(error)
    except NewerBlobError:
        return ""
    times = block.samples.times_us
    if (len(block), int(times.min()), int(times.max())) != (row.n, row.t0_us, row.t1_us):
        return "its samples aren't those that its row names"
    is_mine = (times // HOUR_US * HOUR_US == row.hour_us).all() and (block.tags // TAGS == row.grp).all()
    return "" if is_mine else "it holds another hour, or other tags"


def chunk_fault(row: Any) -> str:
    """Check a row of `hist_chunk`; of an hour that is whole, `numbers_fault` knows the rest."""
    try:
        chunk = read_chunk(row.body, row.tag)
    except CorruptBlobError as error:
        return str(error)
    except NewerBlobError:
        return ""
    t0_us = int(chunk.header["t0_us"][0])
    return "" if t0_us == row.t0_us else f"it holds the hour from {t0_us} µs"


def numbers_fault(row: Any) -> str:
    """Check the numbers beside the samples of an hour that is whole against those within its blob."""
    try:
        columns = header_columns(read_header(row.body, row.tag))
    except NewerBlobError:
        return ""
    wrong = [name for name, value in columns.items() if not _is_same(getattr(row, name), value)]
    return f"the numbers beside it differ: {', '.join(wrong)}" if wrong else ""


def rollup_fault(row: Any) -> str:
    """Check a row of `hist_rollup`."""
    try:
        rollup = read_rollup(row.body, row.tag)
    except CorruptBlobError as error:
        return str(error)
    except NewerBlobError:
        return ""
    t0_us = rollup.cells["t0_us"]
    if rollup.level_us != row.level_us:
        return f"its cells are {rollup.level_us} µs wide"
    is_inside = row.t0_us <= t0_us[0] and t0_us[-1] < row.t1_us
    return "" if is_inside and (np.diff(t0_us) > 0).all() else "its cells are of another time"


def _is_same(found: object, wanted: object) -> bool:
    if isinstance(found, float) and isinstance(wanted, float):
        return found == wanted or (math.isnan(found) and math.isnan(wanted))
    return found == wanted
