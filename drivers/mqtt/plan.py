"""Which tags are read from which topic, worked out once when the device starts. Immutable, any thread."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from plant_models.message import joined, message
from plant_models.mqtt_address import MqttAddress, Pointer, parse_mqtt, parse_pointer
from plant_models.mqtt_settings import MqttSettings, TopicRule
from plant_models.tag import DataType, Tag
from plant_models.tag_table import STALE_SCANS

_QUALITIES: Final = {word: word for word in ("good", "uncertain", "bad")}


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A tag: its row in the tag table, its place in the columns of the device, and where it stands in a message.

    `is_plain`: a number of a message is its raw value as it is.
    """

    row: int
    place: int
    tag: Tag
    address: MqttAddress
    pointer: Pointer
    is_plain: bool


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """A topic that is subscribed to; an empty pointer means that its messages have no time, no quality."""

    name: str
    points: tuple[Point, ...]
    max_age_ns: int
    time_pointer: Pointer
    time_format: str
    quality_pointer: Pointer
    qualities: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All topics of a device; `points` in order of their places. `wrong_rows` have an address that is none."""

    topics: Mapping[str, Topic]
    points: tuple[Point, ...]
    wrong_rows: tuple[int, ...]
    problem: str


def plan_of(tags: Sequence[tuple[int, Tag]], settings: MqttSettings, scan_s: Mapping[str, float]) -> Plan:
    """Return the plan of a device's tags (row, tag)."""
    points: list[Point] = []
    wrong: list[int] = []
    problem = ""
    for row, tag in tags:
        try:
            address = parse_mqtt(tag.address)
        except ValueError as error:
            wrong.append(row)
            problem = problem or joined((message("The address of {tag} is wrong", tag=tag.name), error.args[0]))
            continue
        points.append(Point(row, len(points), tag, address, address.read.pointer, _is_plain(tag)))
    by_topic: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        by_topic[point.address.read.topic].append(point)
    topics = {name: _topic(name, members, settings.rule_of(name), scan_s) for name, members in by_topic.items()}
    return Plan(topics, tuple(points), tuple(wrong), problem)


def _topic(name: str, points: list[Point], rule: TopicRule, scan_s: Mapping[str, float]) -> Topic:
    age_s = rule.max_age_s or STALE_SCANS * max(scan_s[point.tag.scan] for point in points)
    return Topic(
        name=name,
        points=tuple(points),
        max_age_ns=round(age_s * 1e9),
        time_pointer=parse_pointer(rule.time_pointer or ""),
        time_format=rule.time_format or "iso",
        quality_pointer=parse_pointer(rule.quality_pointer or ""),
        qualities=rule.qualities or _QUALITIES,
    )


def _is_plain(tag: Tag) -> bool:
    return tag.type in (DataType.F32, DataType.F64) and not tag.is_text and tag.modulus is None
