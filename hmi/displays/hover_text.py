"""What the hover card says about a tag or a piece of equipment. Pure, GUI thread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from hmi.alarms.words import age_text
from hmi.i18n import tr
from hmi.live import Live, Reading, capitalised
from hmi.numbers import DASH, figure_text, local_time, number_text
from plant_models.alarm_definition import LIMIT_KINDS
from plant_models.equipment import Equipment, EquipmentType
from plant_models.quality import describe
from plant_models.scaling import to_raw
from plant_models.tag import Tag

Rows = tuple[tuple[str, str], ...]
_MOST_MEASURED: Final = 3


@dataclass(frozen=True, slots=True)
class HoverText:
    """A title (the tag name), what it is, and rows of (name, value)."""

    title: str
    text: str
    rows: Rows


def tag_text(live: Live, name: str, zone: tzinfo) -> HoverText:
    """Return what is known of a tag now."""
    row = live.row(name)
    if row is None:
        return HoverText(name, tr("There is no such tag in the plant."), ())
    tag, reading = live.station.table.tags[row], live.reading(row)
    sample = live.station.table.sample(row)
    return HoverText(
        name,
        tag.description,
        _filled(
            (tr("Value"), " ".join(part for part in (reading.mark, reading.text, reading.unit) if part)),
            (tr("Raw"), _raw(tag, reading)),
            (tr("Time"), _time(sample.source_us, zone)),
            (tr("Source"), _source(tag)),
            (tr("Quality"), capitalised(reading.word)),
            (tr("Age"), "" if reading.is_usable else _age(live, row)),
            (tr("Range"), _range(tag)),
            *_limits(live, tag),
        ),
    )


def equipment_text(live: Live, name: str, zone: tzinfo) -> HoverText:
    """Return what is known of a piece of equipment now."""
    equipment = live.station.plant.equipment.get(name)
    if equipment is None:
        return HoverText(name, tr("There is no such equipment in the plant."), ())
    condition = live.condition(name)
    kind = live.station.plant.types[equipment.type]
    samples = [live.station.table.sample(row) for row in live.rows(name)]
    newest = max((sample.source_us for sample in samples), default=0)
    worst = tr(describe(max((sample.quality for sample in samples), default=0)))
    return HoverText(
        name,
        equipment.description,
        _filled(
            (tr("State"), condition.word),
            (tr("Mode"), condition.detail),
            *_measured(live, equipment, kind),
            (tr("Time"), _time(newest, zone)),
            (tr("Source"), equipment.device),
            (tr("Quality"), capitalised(worst) if live.is_evaluated else tr("Not evaluated")),
        ),
    )


def _measured(live: Live, equipment: Equipment, kind: EquipmentType) -> Iterable[tuple[str, str]]:
    """Yield the first measurements of the faceplate by their titles."""
    for name in kind.faceplate.indicators[:_MOST_MEASURED]:
        member, row = kind.member(name), live.row(equipment.tag_name(name))
        if member is not None and row is not None:
            reading = live.reading(row)
            yield tr(member.title), " ".join(part for part in (reading.mark, reading.text, reading.unit) if part)


def _filled(*rows: tuple[str, str]) -> Rows:
    return tuple(row for row in rows if row[1])


def _raw(tag: Tag, reading: Reading) -> str:
    """Return the number in the device, where it differs from the one shown."""
    if tag.raw_low is None or reading.text == DASH or tag.is_text:
        return ""
    return number_text(to_raw(tag, reading.value), 0)


def _time(at_us: int, zone: tzinfo) -> str:
    return f"{local_time(at_us, zone):%Y-%m-%d %H:%M:%S}" if at_us else ""


def _age(live: Live, row: int) -> str:
    """Return how old a value is that nothing confirms any more."""
    age_s = live.station.table.age_s(row)
    return "" if age_s is None else age_text(0, round(age_s * 1e6))


def _source(tag: Tag) -> str:
    if tag.is_calculated:
        return tr("Calculated")
    return " ".join(part for part in (tag.device, tag.address) if part)


def _range(tag: Tag) -> str:
    if tag.low is None or tag.high is None or tag.states:
        return ""
    low, high = figure_text(tag.low, tag), figure_text(tag.high, tag)
    return tr("{low} to {high}").format(low=low, high=high)


def _limits(live: Live, tag: Tag) -> Iterable[tuple[str, str]]:
    limits = {alarm.kind: alarm.limit for alarm in live.station.plant.alarms if alarm.tag == tag.name}
    for kind in reversed(LIMIT_KINDS):
        limit = limits.get(kind)
        if limit is not None:
            yield tr("Limit {kind}").format(kind=kind.value), figure_text(limit, tag)
