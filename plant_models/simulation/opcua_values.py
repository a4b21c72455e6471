"""Values of a virtual PLC as OPC UA carries them, and the judgement of what clients write. Pure, on the loop thread.

Writes are judged as OPC UA Part 4, 5.11.4 has it: Bad_NotWritable, Bad_TypeMismatch, and Bad_OutOfRange for NaN and
infinities.
"""

import math
from typing import Final

from asyncua import ua
from asyncua.ua.status_codes import StatusCodes

from plant_models.simulation.address_map import MapEntry

_TYPES: Final = {
    "bool": ua.VariantType.Boolean,
    "u16": ua.VariantType.UInt16,
    "i16": ua.VariantType.Int16,
    "u32": ua.VariantType.UInt32,
    "i32": ua.VariantType.Int32,
    "u64": ua.VariantType.UInt64,
    "i64": ua.VariantType.Int64,
    "f32": ua.VariantType.Float,
    "f64": ua.VariantType.Double,
    "text": ua.VariantType.String,
}
_LIMITS: Final = {
    **{f"u{bits}": (0, (1 << bits) - 1) for bits in (16, 32, 64)},
    **{f"i{bits}": (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) for bits in (16, 32, 64)},
}
_FLOATS: Final = ("f32", "f64")
_LARGEST_F32: Final = 3.4028234663852886e38

Value = float | str


def variant(entry: MapEntry, value: Value) -> ua.Variant:
    """Return a value in the type of its node; integers saturate, a double too large for f32 becomes infinite."""
    return ua.Variant(_native(entry.type, value), _TYPES[entry.type])


def is_absent(entry: MapEntry, value: Value) -> bool:
    """Tell whether an integer or bool has no value to show; floats carry NaN as it is, as careless servers do."""
    return not isinstance(value, str) and entry.type not in _FLOATS and math.isnan(value)


def is_same(a: Value | None, b: Value) -> bool:
    """Tell whether two values are equal; NaN equals NaN."""
    return a == b or (isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b))


def judge(entry: MapEntry, data: ua.DataValue) -> int:
    """Return the status code of a client's write to a node of ours."""
    if not entry.is_writable:
        return StatusCodes.BadNotWritable
    wanted = data.Value
    if wanted is None or wanted.VariantType != _TYPES[entry.type] or wanted.is_array:
        return StatusCodes.BadTypeMismatch
    if not math.isfinite(wanted.Value):
        return StatusCodes.BadOutOfRange
    return StatusCodes.Good


def _native(data_type: str, value: Value) -> bool | int | float | str:
    if isinstance(value, str) or data_type == "f64":
        return value
    if data_type == "f32":
        return math.copysign(math.inf, value) if abs(value) > _LARGEST_F32 else value
    if data_type == "bool":
        return value != 0 and not math.isnan(value)
    low, high = _LIMITS[data_type]
    if math.isnan(value) or value <= low:
        return low
    return high if value >= high else round(value)
