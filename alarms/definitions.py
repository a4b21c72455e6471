"""Every alarm of a plant with what surrounds it: its row in the tag table, its device, its place, its guidance. Pure.

Each device has exactly one communication alarm: the first one that the plant declares on a tag of it, or else one made
here. While a device does not answer, that alarm stands for all others of its tags.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from alarms.family import ancestors
from alarms.named_tags import rows_named
from alarms.places import AlarmPlaces
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.device import Device
from plant_models.plant import Plant
from plant_models.tag import Tag
from plant_models.tag_table import STALE_SCANS

NO_ROW: Final = -1
LINK_DELAY_S: Final = 5.0
"""How long a device must be silent, and then answer again, before its own alarm says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm. `row` is that of its tag in the tag table, NO_ROW without a tag; `device` is the one it depends on.

    `is_of_device` says that it tells of the silence of the whole device. `family` is the equipment that stands above
    its own, the nearest first: what it is part of, and what gives it power. `guidance` has who says it (the alarm, its
    equipment type, then areas from the nearest up) and what. `unit` is that of its value and limit, for a rate
    per minute. `display` is "" if there is none to go to.
    """

    name: str
    definition: AlarmDefinition
    row: int = NO_ROW
    others: Mapping[str, int] = field(default_factory=dict, hash=False)
    """The rows of the tags that its definition names beside its own, by name; see `rows_named`."""
    calculated: frozenset[int] = frozenset()
    """Which of all these rows the tag table works out itself."""
    device: str = ""
    patience_s: float = 0.0
    """How long its tag may take to say something when its device can be read: the time-out, and three scans."""
    is_of_device: bool = False
    unit: str = ""
    description: str = ""
    area: str = ""
    equipment: str = ""
    family: tuple[str, ...] = ()
    display: str = ""
    guidance: tuple[tuple[str, str], ...] = ()

    @property
    def is_enabled(self) -> bool:
        """Whether it is evaluated."""
        return self.definition.enabled

    def row_of(self, name: str) -> int:
        """Return the row of a tag that the definition names beside its own; NO_ROW for an empty name."""
        return self.others[name] if name else NO_ROW


def alarms_of(plant: Plant) -> tuple[Alarm, ...]:
    """Return the alarms that the plant declares, in its order, then those made for devices that have none.

    Raises:
        ValueError: a definition names a tag that doesn't exist, or a formula can't be read.
    """
    rows = {tag.name: row for row, tag in enumerate(plant.tags)}
    places, above = AlarmPlaces(plant), ancestors(plant.equipment)
    alarms = []
    watched: set[str] = set()
    for definition in plant.alarms:
        row = rows[definition.tag]
        tag, others = plant.tags[row], rows_named(definition, rows)
        is_link = definition.kind is AlarmKind.COMMUNICATION and definition.enabled
        is_of_device = is_link and bool(tag.device) and tag.device not in watched
        if is_of_device:
            watched.add(tag.device)
        area = places.area(definition, tag)
        alarms.append(
            Alarm(
                name=definition.name,
                definition=definition,
                row=row,
                others=others,
                calculated=frozenset(each for each in (row, *others.values()) if plant.tags[each].is_calculated),
                device=tag.device,
                patience_s=_patience_s(plant, tag),
                is_of_device=is_of_device,
                unit=unit_of(definition.kind, tag),
                description=tag.description,
                area=area,
                equipment=tag.equipment,
                family=above.get(tag.equipment, ()),
                display=places.display(definition, tag, area),
                guidance=places.guidance(definition, tag, area),
            )
        )
    made = (device for name, device in plant.devices.items() if name not in watched)
    return (*alarms, *_made(made))


def unit_of(kind: AlarmKind, tag: Tag) -> str:
    """Return the unit of value and limit of an alarm of a kind: that of its tag, of a rate per minute."""
    return f"{tag.unit}/min" if kind is AlarmKind.RATE else tag.unit


def version_of(alarms: Sequence[Alarm]) -> str:
    """Return a mark of the definitions: the first 12 digits of SHA-256 over them."""
    content = orjson.dumps([alarm.definition for alarm in alarms])
    return hashlib.sha256(content).hexdigest()[:12]


def _patience_s(plant: Plant, tag: Tag) -> float:
    device = plant.devices.get(tag.device)
    return 0.0 if device is None else device.timeout_s + STALE_SCANS * plant.longest_scan_s[tag.scan]


def _made(devices: Iterator[Device]) -> Iterator[Alarm]:
    for device in devices:
        definition = AlarmDefinition(
            tag="",
            kind=AlarmKind.COMMUNICATION,
            on_delay_s=LINK_DELAY_S,
            off_delay_s=LINK_DELAY_S,
            priority=2,
            text="No communication",
            consequence="Nothing of this device can be seen or commanded; it goes on by itself",
            action="Check the network and the power of the device",
            respond_min=30.0,
        )
        yield Alarm(
            name=f"{device.name}.{AlarmKind.COMMUNICATION.value}",
            definition=definition,
            device=device.name,
            is_of_device=True,
            description=device.description,
        )
