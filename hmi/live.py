"""What the screens say about a tag or a piece of equipment at this moment. GUI thread.

The only place where samples become text: NaN is a dash, whatever isn't good carries a mark, and while the station
doesn't evaluate, nothing at all is shown as good. Texts are in the unit that the person has chosen, values never.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hmi.i18n import tr
from hmi.numbers import DASH, number_text
from hmi.units.choice import shown_as
from hmi.units.shown import Shown
from plant_models.equipment import Equipment, EquipmentType, StateRule
from plant_models.expression import Expression, parse_expression
from plant_models.quality import Quality, describe, is_good
from plant_models.tag import Tag
from plant_models.tag_table import Sample
from station.protocol import Station

MARK_BAD: Final = "?"
MARK_NONE: Final = "*"
MARK_MANUAL: Final = "M"
_BAD: Final = "bad"
_UNKNOWN: Final = "unknown"
MAX_TEXT: Final = 200
"""Longer texts of a device are cut: a screen is no place for them."""
_NO_SAMPLE: Final = Sample(math.nan, Quality.BAD_CONFIGURATION_ERROR, 0, 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """One tag, ready to be drawn.

    `mark` stands before the text: "" good, "?" not to be trusted, "*" no value at all, "M" entered by hand. `word` is
    the reason in words. Only a usable value may be drawn as good; `value` is NaN where there is none. `text` is in
    `unit`, but `value` in the plant's unit, for comparisons, positions and commands. `is_measured` tells a measured
    number from a word and from what people enter.
    """

    text: str
    unit: str
    value: float
    quality: int
    mark: str
    word: str
    is_usable: bool
    is_measured: bool = True

    @property
    def is_manual(self) -> bool:
        """Whether somebody entered it, or what it follows from."""
        return self.mark == MARK_MANUAL

    @property
    def spoken(self) -> str:
        """Mark, text and unit in one line; whatever isn't usable says why."""
        parts = (self.mark, self.text, self.unit, "" if self.is_usable else f"({self.word})")
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Condition:
    """One piece of equipment, ready to be drawn: a state word, a look, and what to add below the word.

    The look is one of LOOKS, "bad" (not to be trusted) or "unknown". `is_manual`: it follows from a value that somebody
    entered, which the word says too.
    """

    word: str
    look: str
    detail: str
    is_manual: bool = False


class Live:
    """Reads a station's mirrors; never blocks."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self._plant = station.plant
        self._table = station.table

    @property
    def is_evaluated(self) -> bool:
        """Whether the station follows the plant at all."""
        return self.station.is_evaluated

    def row(self, tag: str) -> int | None:
        """Return the row of a tag, None if the plant has no such tag."""
        return self._table.index.get(tag)

    def reading(self, tag: int | str) -> Reading:
        """Return the reading of a tag by row or name; a tag that doesn't exist reads as a configuration error."""
        row = self._table.index.get(tag) if isinstance(tag, str) else tag
        if row is None:
            return make_reading(Tag(name=str(tag)), _NO_SAMPLE, is_evaluated=True)
        return make_reading(self._table.tags[row], self._table.sample(row), self.is_evaluated)

    def plant_reading(self, tag: str) -> Reading:
        """Return the reading of a tag in the plant's unit, for where a display names that unit beside the number."""
        row = self._table.index.get(tag)
        if row is None:
            return self.reading(tag)
        found = self._table.tags[row]
        shown = Shown(found.unit, found.decimals)
        return make_reading(found, self._table.sample(row), self.is_evaluated, shown)

    def condition(self, name: str) -> Condition:
        """Return the condition of equipment: its state by the rules of its type, or that it can't be known."""
        equipment = self._plant.equipment[name]
        kind = self._plant.types[equipment.type]
        if not self.is_evaluated:
            return Condition(tr("Not evaluated"), _UNKNOWN, "")
        is_manual = False
        for rule in kind.states:
            condition = self._try(equipment, rule)
            is_manual |= condition.is_manual
            if condition.look:
                is_manual &= condition.look not in (_BAD, _UNKNOWN)
                word = f"{MARK_MANUAL} {condition.word}" if is_manual else condition.word
                return Condition(word, condition.look, self._detail(equipment, kind), is_manual)
        if kind.states:
            return Condition(DASH, _UNKNOWN, self._detail(equipment, kind))
        return self._measuring(equipment, kind)

    def rows(self, name: str) -> tuple[int, ...]:
        """Return the rows that the condition of equipment depends on."""
        equipment = self._plant.equipment[name]
        kind = self._plant.types[equipment.type]
        tags = [tag for rule in kind.states for tag in parsed(equipment.expand(rule.expression)).inputs]
        members = (*_detail_members(kind), *_measured_members(kind))
        tags += [equipment.tag_name(member) for member in members]
        rows = (self.row(tag) for tag in dict.fromkeys(tags))
        return tuple(row for row in rows if row is not None)

    def _try(self, equipment: Equipment, rule: StateRule) -> Condition:
        """Return what a rule says, without a look if it doesn't hold; inputs that aren't good end the search."""
        expression = parsed(equipment.expand(rule.expression))
        readings = [self.reading(tag) for tag in expression.inputs]
        worst = next((reading for reading in readings if not reading.is_usable), None)
        if worst is not None:
            look = _UNKNOWN if worst.mark == MARK_NONE else _BAD
            return Condition(capitalised(worst.word), look, "")
        result = expression.evaluate([reading.value for reading in readings])
        holds = bool(result) and not math.isnan(result)
        return Condition(tr(rule.word), rule.look if holds else "", "", any(reading.is_manual for reading in readings))

    def _measuring(self, equipment: Equipment, kind: EquipmentType) -> Condition:
        """Return the condition of equipment that has no states: it works as long as its first measurement is good."""
        tags = [equipment.tag_name(member) for member in _measured_members(kind)]
        tag = next((tag for tag in tags if self.row(tag) is not None), None)
        if tag is None:
            return Condition("", _UNKNOWN, "")
        reading = self.reading(tag)
        if reading.is_usable:
            return Condition(reading.mark, "running", "", reading.is_manual)
        return Condition(capitalised(reading.word), _UNKNOWN if reading.mark == MARK_NONE else _BAD, "")

    def _detail(self, equipment: Equipment, kind: EquipmentType) -> str:
        """Return mode and duty, "Auto, duty 1"; what can't be known is left out."""
        parts = []
        for name in _detail_members(kind):
            member, row = kind.member(name), self.row(equipment.tag_name(name))
            if member is None or row is None:
                continue
            reading = self.reading(row)
            if not reading.is_usable:
                parts.append(f"{tr(member.title)} {reading.mark}")
            else:
                text = f"{reading.mark} {reading.text}".lstrip()
                parts.append(text if member.states else f"{tr(member.title)} {text}")
        return ", ".join((*parts[:1], *map(_continued, parts[1:])))


def make_reading(tag: Tag, sample: Sample, is_evaluated: bool, shown: Shown | None = None) -> Reading:
    """Return the reading of one sample of `tag`, in the unit that the person has chosen if `shown` is left out."""
    shown = shown or shown_as(tag)
    text, is_known = _text(tag, sample, shown)
    mark, word = _mark(text, sample.quality, is_known), tr(describe(sample.quality))
    if not is_evaluated:
        mark, word = MARK_BAD, tr("not evaluated")
    elif not is_known:
        word = tr("unknown state")
    return Reading(
        text=text,
        unit=shown.unit,
        value=math.nan if text == DASH else sample.value,
        quality=sample.quality,
        mark=mark,
        word=word,
        is_usable=mark in ("", MARK_MANUAL),
        is_measured=not (tag.writable or tag.states or tag.is_text),
    )


def _mark(text: str, quality: int, is_known: bool) -> str:
    if text == DASH:
        return MARK_NONE
    if not is_known or not is_good(quality):
        return MARK_BAD
    return MARK_MANUAL if quality == Quality.GOOD_LOCAL_OVERRIDE else ""


def _continued(part: str) -> str:
    """Return a part of a sentence that goes on; a mark stays as it is."""
    return part if part.startswith(f"{MARK_MANUAL} ") else part[:1].lower() + part[1:]


def capitalised(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _text(tag: Tag, sample: Sample, shown: Shown) -> tuple[str, bool]:
    """Return the text of a sample, and whether the value means anything for this tag."""
    if tag.is_text:
        return (DASH if sample.text is None else " ".join(sample.text[:MAX_TEXT].split())), True
    if not math.isfinite(sample.value):
        return DASH, True
    if not tag.states:
        return number_text(shown.to(sample.value), shown.decimals), True
    if 0 <= sample.value < len(tag.states) and sample.value == int(sample.value):
        return tr(tag.states[int(sample.value)]), True
    return number_text(sample.value, 0), False


def _detail_members(kind: EquipmentType) -> tuple[str, ...]:
    names = (kind.faceplate.mode, "DUTY")
    return tuple(name for name in names if name and kind.member(name) is not None)


def _measured_members(kind: EquipmentType) -> tuple[str, ...]:
    return (kind.level,) if kind.level else kind.faceplate.indicators[:1]


@lru_cache(maxsize=4096)
def parsed(text: str) -> Expression:
    """Return a formula, parsed once."""
    return parse_expression(text)
