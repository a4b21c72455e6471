"""One frame as bytes: columns of samples, lossless to the bit. No I/O, any thread.

Codec 1: the rows sorted by tag (equal tags keep their order), then these columns, little endian, their bytes transposed
so that all first bytes stand together, then all second bytes ..., and the whole in one zlib stream:

    4 bytes  tag id, as difference to the row before
    8 bytes  value, the bits of a float64 (NaN payloads, infinities, -0.0 and denormals are kept)
    2 bytes  quality
    8 bytes  time, as difference to the earliest of the frame
    8 bytes  source time, as difference to the time
    8 bytes  received time, as difference to the time

The number of a codec never changes its meaning: what is stored is read for ever, and never rewritten by a migration.
"""

import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.columns import Columns, Ids

CODEC: Final = 1
"""What `encode` writes."""
_ROW: Final = 38
_ID: Final = 4
_PARTS: Final = (slice(0, 8), slice(8, 10), slice(10, 18), slice(18, 26), slice(26, 34))
"""Where the planes of each column after the id stand."""
_LEVEL: Final = 1


class CodecError(ValueError):
    """Bytes that no frame of a known codec can be; says what is wrong with them."""


def encode(columns: Columns) -> bytes:
    """Return n >= 1 samples in codec 1.

    Raises:
        ValueError: there is no sample, or a tag id is not from 0 to 2³² - 1.
    """
    if not len(columns):
        raise ValueError("a frame without samples")
    is_sorted = bool((columns.ids[1:] >= columns.ids[:-1]).all())
    sorted_columns = columns if is_sorted else columns.take(np.argsort(columns.ids, kind="stable"))
    ids = sorted_columns.ids
    if ids[0] < 0 or ids[-1] >= 2**32:
        raise ValueError(f"a tag id outside 0 to {2**32 - 1}")
    time_us = sorted_columns.time_us
    parts: tuple[NDArray[np.generic], ...] = (
        np.diff(ids, prepend=0).astype("<u4"),
        sorted_columns.values.astype("<f8"),
        sorted_columns.qualities.astype("<u2"),
        (time_us - time_us.min()).astype("<i8"),
        (sorted_columns.source_us - time_us).astype("<i8"),
        (sorted_columns.received_us - time_us).astype("<i8"),
    )
    packer = zlib.compressobj(
        _LEVEL, strategy=zlib.Z_RLE
    )  # planes are runs or noise; looking for more costs half the time
    return packer.compress(b"".join(_transposed(part) for part in parts)) + packer.flush()


def checksum(header: tuple[int, ...], body: bytes) -> int:
    """Return the CRC-32 over the numbers of a frame's row and its body, so that swapped rows are noticed as well."""
    return zlib.crc32(body, zlib.crc32(np.array(header, "<i8").tobytes()))


def _transposed(column: NDArray[np.generic]) -> bytes:
    return column.view(np.uint8).reshape(len(column), -1).T.tobytes()


def _straight(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(planes.T).reshape(-1)


class Picker:
    """Takes the samples of some tags (ids, sorted; all if None) out of one frame after another.

    Bytes are put in order for all frames at once, since a query may need a hundred thousand frames and a row of each.
    """

    def __init__(self, wanted: Ids | None = None) -> None:
        self._wanted = wanted
        self._ids: list[Ids] = []
        self._planes: list[NDArray[np.uint8]] = []
        self._t0_us: list[int] = []
        self._last_ids = b""
        self._found: tuple[Ids, NDArray[np.intp]] = (np.empty(0, np.int64), np.empty(0, np.intp))

    def add(self, codec: int, body: bytes, n: int, t0_us: int) -> None:
        """Take from a frame of n samples whose earliest time is `t0_us`.

        Raises:
            CodecError: the codec is unknown or the body isn't n samples in it; nothing was taken.
        """
        if codec != CODEC:
            raise CodecError(f"codec {codec} is unknown; a newer Clearwell wrote this frame")
        try:
            plain = zlib.decompress(body)
        except zlib.error as error:
            raise CodecError(f"the body can't be unpacked: {error}") from error
        if len(plain) != n * _ROW:
            raise CodecError(f"{len(plain)} bytes instead of {n * _ROW} for {n} samples")
        ids, rows = self._rows(plain[: _ID * n], n)
        if len(rows):
            self._ids.append(ids)
            self._planes.append(np.frombuffer(plain, np.uint8, offset=_ID * n).reshape(-1, n)[:, rows])
            self._t0_us.append(t0_us)

    def columns(self) -> Columns:
        """Return what was taken: frame after frame, each sorted by tag id."""
        ids = np.concatenate([np.empty(0, np.int64), *self._ids])
        planes = np.concatenate([np.empty((_ROW - _ID, 0), np.uint8), *self._planes], axis=1)
        t0_us = np.repeat(np.array(self._t0_us, np.int64), [len(each) for each in self._ids])
        values, qualities, time_us, source_us, received_us = (_straight(planes[part]) for part in _PARTS)
        times = time_us.view("<i8").astype(np.int64) + t0_us
        return Columns(
            ids,
            values.view("<f8").astype(np.float64),
            qualities.view("<u2").astype(np.uint16),
            times,
            source_us.view("<i8").astype(np.int64) + times,
            received_us.view("<i8").astype(np.int64) + times,
        )

    def _rows(self, id_bytes: bytes, n: int) -> tuple[Ids, NDArray[np.intp]]:
        """Return the ids and rows to take; neighbouring frames often have the same tags."""
        if id_bytes != self._last_ids:
            steps = _straight(np.frombuffer(id_bytes, np.uint8).reshape(_ID, n)).view("<u4")
            ids = np.cumsum(steps, dtype=np.int64)
            rows = np.arange(n) if self._wanted is None else np.flatnonzero(np.isin(ids, self._wanted))
            self._last_ids, self._found = id_bytes, (ids[rows], rows)
        return self._found
