"""One frame as bytes: columns of samples, lossless to the bit. No I/O, any thread.

Codec 1: the rows sorted by tag (equal tags keep their order), then these columns, little endian, their bytes transposed
so that all first bytes stand together, then all second bytes ..., and the whole in one zlib stream:

    4 bytes  tag id, as difference to the row before
    8 bytes  value, the bits of a float64 (NaN payloads, infinities, -0.0 and denormals are kept)
    2 bytes  quality
    8 bytes  time, as difference to the earliest of the frame
    8 bytes  source time, as difference to the time
    8 bytes  received time, as difference to the time

Codec 2: the same stream, and after these columns, for frames that have texts:

    4 bytes  number of the text, from 1; 0 is none: transposed like the columns before
    then     how many different texts there are (4 bytes), and each of them: its length in bytes (4 bytes), and its
             UTF-8 (lone surrogates as three bytes)

The number of a codec never changes its meaning: what is stored is read for ever, and never rewritten by a migration.
"""

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.texts import Texts, concatenate_texts
from history.codec_error import CodecError as CodecError
from history.columns import Columns, Ids

CODEC: Final = 1
"""What `encode` writes for numbers."""
TEXT_CODEC: Final = 2
"""What it writes if there are texts."""
_ROW: Final = 38
_ID: Final = 4
_PARTS: Final = (slice(0, 8), slice(8, 10), slice(10, 18), slice(18, 26), slice(26, 34))
"""Where the planes of each column after the id stand."""
_LEVEL: Final = 1
_COUNT: Final = struct.Struct("<I")


def encode(columns: Columns) -> bytes:
    """Return n >= 1 samples in the codec of `codec_of`.

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
    plain = b"".join(_transposed(part) for part in parts)
    if sorted_columns.texts is not None:
        plain += _text_column(sorted_columns.texts)
    return packer.compress(plain) + packer.flush()


def codec_of(columns: Columns) -> int:
    """Return the codec that these samples are written in."""
    return CODEC if columns.texts is None else TEXT_CODEC


def _text_column(texts: Texts) -> bytes:
    words = [word.encode("utf-8", "surrogatepass") for word in texts.words]
    parts = [_transposed((texts.codes + 1).astype("<u4")), _COUNT.pack(len(words))]
    return b"".join([*parts, *(_COUNT.pack(len(word)) + word for word in words)])


def _read_text_column(column: memoryview, n: int) -> Texts:
    """Return the texts of n samples.

    Raises:
        CodecError: there is no such column.
    """
    try:
        codes = _straight(np.frombuffer(column[: 4 * n], np.uint8).reshape(4, n)).view("<u4").astype(np.int64) - 1
        (count,), at, words = _COUNT.unpack_from(column, 4 * n), 4 * n + 4, list[str]()
        for _ in range(count):
            (length,) = _COUNT.unpack_from(column, at)
            words.append(bytes(column[at + 4 : at + 4 + length]).decode("utf-8", "surrogatepass"))
            at += 4 + length
    except (ValueError, struct.error) as error:
        raise CodecError(f"its texts can't be read: {error}") from error
    if at != len(column) or codes.max() >= count:
        raise CodecError(f"{len(column)} bytes of texts that don't fit {n} samples")
    return Texts(tuple(words), codes)


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
        self._texts: list[Texts | None] = []
        self._last_ids = b""
        self._found: tuple[Ids, NDArray[np.intp]] = (np.empty(0, np.int64), np.empty(0, np.intp))

    def add(self, codec: int, body: bytes, n: int, t0_us: int) -> None:
        """Take from a frame of n samples whose earliest time is `t0_us`.

        Raises:
            CodecError: the codec is unknown or the body isn't n samples in it; nothing was taken.
        """
        if codec not in (CODEC, TEXT_CODEC):
            raise CodecError(f"codec {codec} is unknown; a newer Clearwell wrote this frame")
        try:
            plain = zlib.decompress(body)
        except zlib.error as error:
            raise CodecError(f"the body can't be unpacked: {error}") from error
        texts = None
        if codec == TEXT_CODEC:
            texts = _read_text_column(memoryview(plain)[n * _ROW :], n)
            plain = plain[: n * _ROW]
        if len(plain) != n * _ROW:
            raise CodecError(f"{len(plain)} bytes instead of {n * _ROW} for {n} samples")
        ids, rows = self._rows(plain[: _ID * n], n)
        if len(rows):
            self._ids.append(ids)
            self._planes.append(np.frombuffer(plain, np.uint8, offset=_ID * n).reshape(-1, n)[:, rows])
            self._t0_us.append(t0_us)
            self._texts.append(None if texts is None else texts.take(rows).fitting())

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
            self._all_texts(),
        )

    def _all_texts(self) -> Texts | None:
        if not any(self._texts):
            return None
        pairs = zip(self._texts, self._ids, strict=True)
        return concatenate_texts([texts or Texts.none(len(ids)) for texts, ids in pairs])

    def _rows(self, id_bytes: bytes, n: int) -> tuple[Ids, NDArray[np.intp]]:
        """Return the ids and rows to take; neighbouring frames often have the same tags."""
        if id_bytes != self._last_ids:
            steps = _straight(np.frombuffer(id_bytes, np.uint8).reshape(_ID, n)).view("<u4")
            ids = np.cumsum(steps, dtype=np.int64)
            rows = np.arange(n) if self._wanted is None else np.flatnonzero(np.isin(ids, self._wanted))
            self._last_ids, self._found = id_bytes, (ids[rows], rows)
        return self._found
