"""The data bytes of one block to a batch of samples: numbers by groups of equal type, then scaling and quality.

Made once per block and run at every read, on the worker's thread.
"""

import math
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.modbus.codec import Registers, bits_of, decode, decode_bits, decode_text, registers_of
from drivers.modbus.points import Point
from drivers.modbus.wire import Reply
from plant_models.address import ModbusAddress
from plant_models.batch import Batch, text_code
from plant_models.device import Device
from plant_models.quality import Quality
from plant_models.scaling import Scaling
from plant_models.tag import INTEGER_LIMITS, DataType

_WIDE = (DataType.U64, DataType.I64)
_Items = NDArray[Any]
_Numbers = Callable[[_Items], NDArray[Any]]


class Decoder:
    """Decodes the points of a block that starts at `offset`. All points lie in one table."""

    def __init__(self, points: Sequence[Point], offset: int, device: Device) -> None:
        ordered = sorted(points, key=_group_key)
        self._device = device
        self._offset = offset
        self._is_bits = ordered[0].address.table.is_bits
        self._rows = np.array([point.row for point in ordered], np.intp)
        self._scaling = Scaling([point.tag for point in ordered])
        groups = [list(group) for _, group in groupby(ordered, key=_group_key)]
        self._groups = [_numbers(group, offset, device.byte_order) for group in groups]
        self._texts = [(place, point) for place, point in enumerate(ordered) if point.tag.is_text]

    def decode(self, reply: Reply) -> Batch:
        """Return the samples of a reply; its length is already checked."""
        items = bits_of(reply.payload) if self._is_bits else registers_of(reply.payload)
        columns = [numbers(items) for numbers in self._groups]
        with np.errstate(invalid="ignore"):
            floats = [column.astype(np.float64) for column in columns]
        raw = floats[0] if len(floats) == 1 else np.concatenate(floats)
        values, qualities = self._scaling.to_units(raw)
        texts = self._write_texts(items, columns, values, qualities) if self._texts else None
        times = np.empty((2, len(raw)), np.int64)
        times[0], times[1] = reply.source_us, reply.received_ns
        return Batch(self._rows, values, qualities, times[0], times[1], texts)

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
        for place, point in self._texts:
            is_read = point.tag.type is DataType.TEXT
            text = self._text_at(point.address, items) if is_read else _digits(exact[place], point.tag.type)
            texts[place] = text
            values[place] = np.nan if text is None else text_code(text)
            qualities[place] = Quality.BAD_DECODING_ERROR if text is None else Quality.GOOD
        return tuple(texts)

    def _text_at(self, address: ModbusAddress, registers: Registers) -> str | None:
        start = address.offset - self._offset
        try:
            return decode_text(
                registers[start : start + address.count], self._device.byte_order, self._device.text_encoding
            )
        except ValueError:
            return None


def _digits(number: float, data_type: DataType) -> str | None:
    if not math.isfinite(number):
        return None
    return str(int(number)) if data_type in INTEGER_LIMITS else str(number)


def _group_key(point: Point) -> tuple[str, bool, float]:
    return point.tag.type.value, point.address.bit is not None, point.tag.modulus or 0.0


def _numbers(points: Sequence[Point], offset: int, byte_order: str) -> _Numbers:
    """Return the function from a block's items to the raw numbers of points of one type and modulus."""
    starts = np.array([point.address.offset - offset for point in points], np.intp)
    first = points[0]
    if first.tag.type is DataType.TEXT:
        return lambda _items: np.zeros(len(starts))
    if first.address.table.is_bits:
        return lambda items: items[starts]
    if first.address.bit is not None:
        bits = np.array([point.address.bit for point in points], np.uint16)
        return lambda items: decode_bits(items[starts], bits, byte_order)
    places = _places(starts, first.address.count)
    data_type, modulus = first.tag.type, first.tag.modulus
    if modulus is None:
        return lambda items: decode(places(items), data_type, byte_order)
    return lambda items: _rest(decode(places(items), data_type, byte_order), modulus, data_type in _WIDE)


def _places(starts: NDArray[np.intp], count: int) -> Callable[[_Items], _Items]:
    """Return the function that takes values of `count` registers out of a block, shape (n, count)."""
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
