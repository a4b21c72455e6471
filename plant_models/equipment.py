"""Typed equipment: what a pump is (a type, data in TOML), and which pumps there are (instances). Immutable.

Expressions in a type name members in braces, `{RUN} == 1`; for an instance `LPS.P1` they become tags,
`{LPS.P1.RUN} == 1`.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from plant_models.alarm_definition import AlarmKind
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
    title: str
    type: DataType = DataType.F32
    unit: str = ""
    low: float | None = None
    high: float | None = None
    decimals: int = 1
    offset: int | None = None
    bit: int | None = None
    scan: str = "normal"
    writable: bool = False
    write_low: float | None = None
    write_high: float | None = None
    deadband: float = 0.0
    modulus: float | None = None
    states: tuple[str, ...] = ()
    expression: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition that must hold before a command is allowed, and what to tell the operator when it doesn't."""

    expression: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentCommand:
    """A button: writes `value` to `member` when every requirement holds with good values."""

    name: str
    title: str
    member: str
    value: float
    requires: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class StateRule:
    """The first rule whose expression is true names the state: a word, and how the symbol looks (one of LOOKS)."""

    expression: str
    word: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmTemplate:
    """A default alarm of one member; see AlarmDefinition."""

    member: str
    kind: AlarmKind
    limit: float | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    priority: int = 3
    text: str = ""
    consequence: str = ""
    action: str = ""
    respond_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Faceplate:
    """What the faceplate shows, by member or command name; empty parts are absent."""

    mode: str = ""
    commands: tuple[str, ...] = ()
    setpoints: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    maintenance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What `check` demands of every instance: filled columns of equipment.csv, and the types its parent may have."""

    columns: tuple[str, ...] = ()
    parent_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentType:
    """A kind of equipment.

    `symbol` names a file of resources/symbols, `level` the member that fills a vessel (0-100 %).
    """

    name: str
    title: str
    symbol: str
    members: tuple[Member, ...]
    level: str = ""
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
    type: str
    description: str = ""
    area: str = ""
    parent: str = ""
    connects_to: tuple[str, ...] = ()
    fed_by: tuple[str, ...] = ()
    zone: str = ""
    elevation: float | None = None
    x: float | None = None
    y: float | None = None
    device: str = ""
    address: str = ""

    def tag_name(self, member: str) -> str:
        """Return the name of the tag that is `member` of this instance."""
        return f"{self.name}.{member}"

    def expand(self, expression: str) -> str:
        """Return an expression of the type with its member names turned into tag names."""
        return _REFERENCE.sub(lambda match: "{" + self.tag_name(match[1]) + "}", expression)
