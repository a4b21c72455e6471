"""Typed equipment: what a pump is (a type, data in TOML), and which pumps there are (instances). Immutable.

Expressions in a type name members in braces, `{RUN} == 1`; for an instance `LPS.P1` they become tags,
`{LPS.P1.RUN} == 1`.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from plant_models.alarm_definition import AlarmSettings
from plant_models.tag import DataType

_REFERENCE: Final = re.compile(r"\{([^{}]+)\}")
LOOKS: Final = ("running", "stopped", "fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One tag that every instance of the type has.

    `offset` (registers after the instance's base address) and `bit` say where it lies in a Modbus block; over
    OPC UA it is the node BASE.NAME. An `optional` member exists only where `tags.csv` gives it an address.
    """

    name: str
    """The tag is EQUIPMENT.NAME."""
    title: str
    """What people read."""
    type: DataType = DataType.F32
    """The type in the device."""
    unit: str = ""
    """As in tags.csv; none leaves it open."""
    low: float | None = None
    """Lower end of the range."""
    high: float | None = None
    """Upper end of the range."""
    decimals: int = 1
    """As shown."""
    offset: int | None = None
    """Registers after the base address of the equipment."""
    bit: int | None = None
    """Bit of that register, 0 the least significant; type `bool`."""
    scan: str = "normal"
    """A scan class of plant.toml."""
    writable: bool = False
    """Whether people may write it."""
    write_low: float | None = None
    """Least that may be written; the range if left out."""
    write_high: float | None = None
    """Most that may be written; the range if left out."""
    deadband: float = 0.0
    """Smallest change worth recording."""
    deviation: float = 0.0
    """How far stored history may lie from what was measured."""
    modulus: float | None = None
    """Where a counter begins again."""
    states: tuple[str, ...] = ()
    """Words of the values 0, 1, 2 …."""
    pulse: bool = False
    """The device takes a written value as an order and sets it back to 0 itself."""
    expression: str = ""
    """Formula of a calculated member, over members in braces: `{POWER} / {FLOW}`."""
    optional: bool = False
    """Exists only where tags.csv gives it an address or an expression."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition that must hold before a command is allowed, and what to tell the operator when it doesn't."""

    expression: str
    """What must be true, with good values."""
    reason: str
    """What the operator is told when it isn't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentCommand:
    """A button: writes `value` to `member` when every requirement holds with good values."""

    name: str
    """What the faceplate names it by."""
    title: str
    """What stands on the button."""
    member: str
    """The writable member it writes."""
    value: float
    """What it writes."""
    requires: tuple[Requirement, ...] = ()
    """What must hold before it is allowed."""
    effect: str = ""
    """What else it does in the device, said before anybody confirms it."""


@dataclass(frozen=True, slots=True)
class StateRule:
    """The first rule whose expression is true names the state: a word, and how the symbol looks (one of LOOKS)."""

    expression: str
    """The first rule that is true holds."""
    word: str
    """The state as people read it."""
    look: str
    """`running`, `stopped` or `fault`: how symbols are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmTemplate(AlarmSettings):
    """A default alarm of one member."""

    member: str
    """The member it watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faceplate:
    """What the faceplate shows, by member or command name; empty parts are absent."""

    mode: str = ""
    """The member that holds the mode."""
    commands: tuple[str, ...] = ()
    """Commands, as buttons."""
    setpoints: tuple[str, ...] = ()
    """Writable members, each with a dialog."""
    indicators: tuple[str, ...] = ()
    """Members, as bars."""
    maintenance: tuple[str, ...] = ()
    """Members further down: hours, starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What `check` demands of every instance: filled columns of equipment.csv, and the types its parent may have."""

    columns: tuple[str, ...] = ()
    """Columns of equipment.csv that must be filled."""
    parent_types: tuple[str, ...] = ()
    """Types that its parent may have; any if empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentType:
    """A kind of equipment.

    `symbol` names a file of resources/symbols, `level` the member that fills a vessel (0-100 %). `guidance` is what
    operators must know in any alarm of such equipment.
    """

    name: str
    title: str
    symbol: str
    members: tuple[Member, ...]
    level: str = ""
    guidance: str = ""
    commands: tuple[EquipmentCommand, ...] = ()
    states: tuple[StateRule, ...] = ()
    alarms: tuple[AlarmTemplate, ...] = ()
    faceplate: Faceplate = field(default_factory=Faceplate)
    checks: Checks = field(default_factory=Checks)

    def member(self, name: str) -> Member | None:
        return next((member for member in self.members if member.name == name), None)

    def command(self, name: str) -> EquipmentCommand | None:
        return next((command for command in self.commands if command.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """One instance: a row of equipment.csv. `x`, `y` are plan coordinates and `elevation` is height, all in m."""

    name: str
    """Its members' tags begin with it."""
    type: str
    """An [equipment type](#equipment-types)."""
    description: str = ""
    """For people."""
    area: str = ""
    """An area of plant.toml."""
    parent: str = ""
    """The equipment that it is part of."""
    connects_to: tuple[str, ...] = ()
    """Where its water goes."""
    fed_by: tuple[str, ...] = ()
    """Where its water comes from."""
    powered_by: str = ""
    """The equipment that gives it power."""
    zone: str = ""
    """The equipment, a zone, that it supplies."""
    elevation: float | None = None
    """Height in m."""
    x: float | None = None
    """Plan coordinate in m."""
    y: float | None = None
    """Plan coordinate in m."""
    device: str = ""
    """Where its members are read."""
    address: str = ""
    """Base from which each member's own [place](#from-types-to-tags) follows."""

    def tag_name(self, member: str) -> str:
        """Return the name of the tag that is `member` of this instance."""
        return f"{self.name}.{member}"

    def expand(self, expression: str) -> str:
        """Return an expression of the type with its member names turned into tag names."""
        return _REFERENCE.sub(lambda match: "{" + self.tag_name(match[1].strip()) + "}", expression)
