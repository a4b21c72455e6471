"""What one measured or written point is. Immutable; its live value stands in the tag table, not here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DataType(StrEnum):
    """The type in the device; live values are float64 whatever it is (texts stand beside)."""

    BOOL = "bool"
    U16 = "u16"
    I16 = "i16"
    U32 = "u32"
    I32 = "i32"
    U64 = "u64"
    I64 = "i64"
    F32 = "f32"
    F64 = "f64"
    BCD16 = "bcd16"
    BCD32 = "bcd32"
    TEXT = "text"


BCD: Final = (DataType.BCD16, DataType.BCD32)
"""Four bits a decimal digit, as some PLCs and meters keep numbers."""

REGISTERS: Final[dict[DataType, int]] = {
    DataType.BOOL: 1,
    DataType.U16: 1,
    DataType.I16: 1,
    DataType.BCD16: 1,
    DataType.U32: 2,
    DataType.I32: 2,
    DataType.F32: 2,
    DataType.BCD32: 2,
    DataType.U64: 4,
    DataType.I64: 4,
    DataType.F64: 4,
}
"""How many 16-bit registers a value of each type fills; a text says it in its address."""

INTEGER_LIMITS: Final[dict[DataType, tuple[int, int]]] = {
    DataType.BOOL: (0, 1),
    DataType.U16: (0, 2**16 - 1),
    DataType.I16: (-(2**15), 2**15 - 1),
    DataType.U32: (0, 2**32 - 1),
    DataType.I32: (-(2**31), 2**31 - 1),
    DataType.U64: (0, 2**64 - 1),
    DataType.I64: (-(2**63), 2**63 - 1),
    DataType.BCD16: (0, 9_999),
    DataType.BCD32: (0, 99_999_999),
}
"""Smallest and largest raw value of the integer types, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One point of the plant.

    A tag with a `device` is read from `address`; one with an `expression` is calculated; one with neither is a
    memory tag. `low`/`high` is the range in `unit`; `raw_low`/`raw_high`, if given, are the raw values at its ends
    (linear scaling). `states[i]` names the value i of a boolean or enumeration. `write_low`/`write_high` bound what
    may be commanded; they default to the range. `equipment` and `member` say which part of which instance it is.
    """

    name: str
    """What everything else names it by."""
    description: str = ""
    """For people."""
    type: DataType = DataType.F64
    """The type in the device; needed with a device. `bcd16` and `bcd32` are four and eight decimal digits."""
    unit: str = ""
    """As engineers write it: `m³/h`, `mg/l`, `°C`, `%`, `µS/cm`, `NTU`; none is a plain number."""
    low: float | None = None
    """Lower end of the range, in `unit`."""
    high: float | None = None
    """Upper end of the range, in `unit`."""
    decimals: int = 1
    """As shown."""
    device: str = ""
    """Where it is read; none is not read."""
    address: str = ""
    """Its [address](#addresses) there."""
    scan: str = "normal"
    """A scan class of plant.toml."""
    writable: bool = False
    """Whether people may write it."""
    write_low: float | None = None
    """Least that may be written, within the range; the range if empty."""
    write_high: float | None = None
    """Most that may be written, within the range; the range if empty."""
    raw_low: float | None = None
    """Raw value at `low` (linear scaling); without both, raw value = value."""
    raw_high: float | None = None
    """Raw value at `high`."""
    deadband: float = 0.0
    """Smallest change worth keeping in history, in `unit`; with a `deviation`, that counts instead."""
    deviation: float = 0.0
    """How far, in `unit`, stored history may lie from what was measured: samples on a line within it are left out."""
    history: str = ""
    """A keeping class of plant.toml; none is the standard one."""
    modulus: float | None = None
    """Where a counter begins again."""
    as_text: bool = False
    """Keep an integer as text, digit by digit."""
    states: tuple[str, ...] = ()
    """Words of the values of a boolean or enumeration."""
    expression: str = ""
    """Formula of a calculated tag: `{LPS.P1.FLOW} + {LPS.P2.FLOW}`."""
    area: str = ""
    """An area of plant.toml."""
    pulse: bool = False
    """The device takes a written value as an order and sets it back to 0 itself."""
    equipment: str = ""
    member: str = ""

    @property
    def is_calculated(self) -> bool:
        return bool(self.expression)

    @property
    def is_memory(self) -> bool:
        """Whether it belongs to no device and holds what is written to it."""
        return not self.device and not self.expression

    @property
    def is_text(self) -> bool:
        return self.type is DataType.TEXT or self.as_text

    @property
    def is_sloped(self) -> bool:
        """Whether it goes from value to value; a state, an order, a count and a text hold theirs until the next."""
        is_measure = self.type in (DataType.F32, DataType.F64) or self.raw_low is not None
        return is_measure and not (self.is_text or self.states or self.pulse or self.modulus is not None)

    @property
    def range(self) -> tuple[float | None, float | None]:
        """The lower and upper end of the range, in `unit`; None is no bound."""
        return self.low, self.high

    @property
    def is_setpoint(self) -> bool:
        """Whether only the newest of several values written to it matters: a speed or a level, no order or state."""
        is_measure = self.type in (DataType.F32, DataType.F64) or self.raw_low is not None
        return is_measure and not self.states and not self.pulse

    @property
    def write_range(self) -> tuple[float | None, float | None]:
        """The lowest and highest value a command may give, in `unit`; None is no bound."""
        low = self.low if self.write_low is None else self.write_low
        high = self.high if self.write_high is None else self.write_high
        return low, high
