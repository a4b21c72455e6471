"""The data bytes of blocks to a batch of samples: numbers by groups of equal type, then scaling and quality.

Made once for a block, or for blocks that come one after another, and run at every read, on the worker's thread.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drivers.modbus.codec import Registers, bits_of, decode, decode_bits, decode_text, registers_of
from drivers.modbus.points import Point
from drivers.modbus.wire import Reply
from plant_models.batch import Batch, text_code
from plant_models.device import Device
from plant_models.quality import Quality
from plant_models.scaling import Scaling
from plant_models.tag import INTEGER_LIMITS, DataType

_WIDE = (DataType.U64, DataType.I64)
_Items = NDArray[Any]
_Numbers = Callable[[_Items], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """A block and the points in it: `count` registers or bits from `offset` on."""

    points: Sequence[Point]
    offset: int
    count: int


class Placed(NamedTuple):
    """A point with the number of its reply, and where it begins among the items of all replies."""

    point: Point
    reply: int
    start: int


class Decoder:
    """Decodes the replies to some blocks of one device, all of registers or all of bits, in one step."""

    def __init__(self, parts: Sequence[Part], device: Device) -> None:
        ordered = sorted(_placed(parts), key=lambda placed: _group_key(placed.point))
        self._device = device
        self._is_bits = ordered[0].point.address.table.is_bits
        self._rows = np.array([placed.point.row for placed in ordered], np.intp)
        self._reply = np.array([placed.reply for placed in ordered], np.intp)
        self._scaling = Scaling([placed.point.tag for placed in ordered])
        groups = [list(group) for _, group in groupby(ordered, key=lambda placed: _group_key(placed.point))]
        self._groups = [_numbers(group, device.byte_order) for group in groups]
        self._texts = [(place, placed) for place, placed in enumerate(ordered) if placed.point.tag.is_text]

    def decode(self, *replies: Reply) -> Batch:
        """Return the samples of a reply to each block, in their order; the lengths are already checked."""
        payload = replies[0].payload if len(replies) == 1 else b"".join([reply.payload for reply in replies])
        items = bits_of(payload) if self._is_bits else registers_of(payload)
        columns = [numbers(items) for numbers in self._groups]
        values, qualities = self._scaling.to_units(columns[0] if len(columns) == 1 else _joined(columns))
        texts = self._write_texts(items, columns, values, qualities) if self._texts else None
        source_us, received_ns = self._times(replies)
        return Batch(self._rows, values, qualities, source_us, received_ns, texts)

    def _times(self, replies: Sequence[Reply]) -> NDArray[np.int64]:
        times = np.array([[reply.source_us for reply in replies], [reply.received_ns for reply in replies]], np.int64)
        return times.repeat(len(self._rows), axis=1) if len(replies) == 1 else times[:, self._reply]

    def _write_texts(
        self,
        items: _Items,
        columns: Sequence[NDArray[Any]],
        values: NDArray[np.float64],
        qualities: NDArray[np.uint16],
    ) -> tuple[str | None, ...]:
        """Give text rows their text, and its code as the value; no float stands between an integer and its digits.

        What is no text, or no number, is Bad and has none.
        """
        exact = [number for column in columns for number in column.tolist()]
        texts: list[str | None] = [None] * len(exact)
        for place, placed in self._texts:
            kind = placed.point.tag.type
            text = self._text_at(placed, items) if kind is DataType.TEXT else _digits(exact[place], kind)
            texts[place] = text
            values[place] = np.nan if text is None else text_code(text)
            qualities[place] = Quality.BAD_DECODING_ERROR if text is None else Quality.GOOD
        return tuple(texts)

    def _text_at(self, placed: Placed, registers: Registers) -> str | None:
        end = placed.start + placed.point.address.count
        try:
            return decode_text(registers[placed.start : end], self._device.byte_order, self._device.text_encoding)
        except ValueError:
            return None


def _placed(parts: Sequence[Part]) -> Iterator[Placed]:
    begin = 0
    for number, part in enumerate(parts):
        for point in part.points:
            yield Placed(point, number, begin + point.address.offset - part.offset)
        is_bits = part.points[0].address.table.is_bits
        begin += -(-part.count // 8) * 8 if is_bits else part.count  # bits come in whole bytes


def _joined(columns: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        return np.concatenate(columns, dtype=np.float64)


def _digits(number: float, data_type: DataType) -> str | None:
    if not math.isfinite(number):
        return None
    return str(int(number)) if data_type in INTEGER_LIMITS else str(number)


def _group_key(point: Point) -> tuple[str, bool, float]:
    return point.tag.type.value, point.address.bit is not None, point.tag.modulus or 0.0


def _numbers(placed: Sequence[Placed], byte_order: str) -> _Numbers:
    """Return the function from all items to the raw numbers of points of one type and modulus."""
    starts = np.array([each.start for each in placed], np.intp)
    first = placed[0].point
    if first.tag.type is DataType.TEXT:
        return lambda _items: np.zeros(len(starts))
    if first.address.table.is_bits:
        return lambda items: items[starts]
    if first.address.bit is not None:
        bits = np.array([each.point.address.bit for each in placed], np.uint16)
        return lambda items: decode_bits(items[starts], bits, byte_order)
    places = _places(starts, first.address.count)
    data_type, modulus = first.tag.type, first.tag.modulus
    if modulus is None:
        return lambda items: decode(places(items), data_type, byte_order)
    return lambda items: _rest(decode(places(items), data_type, byte_order), modulus, data_type in _WIDE)


def _places(starts: NDArray[np.intp], count: int) -> Callable[[_Items], _Items]:
    """Return the function that takes values of `count` registers out of all items, shape (n, count)."""
    first, n = int(starts[0]), len(starts)
    if np.array_equal(starts, first + count * np.arange(n)):
        return lambda items: items[first : first + count * n].reshape(n, count)  # neighbours, as nearly always
    chosen = starts[:, None] + np.arange(count)
    return lambda items: items[chosen]


def _rest(numbers: NDArray[Any], modulus: float, is_wide: bool) -> NDArray[Any]:
    """Return the numbers modulo `modulus`, exactly for 64-bit integers."""
    divisor = numbers.dtype.type(modulus) if is_wide else np.float64(modulus)
    with np.errstate(invalid="ignore"):
        rest: NDArray[Any] = np.mod(numbers, divisor)
    return rest
