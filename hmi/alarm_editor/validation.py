"""What is wrong with the settings of an alarm, in words, while somebody types. The station checks again. Pure.

`problem` keeps it from being saved, `advice` doesn't.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from hmi.alarm_editor.field_specs import SPECS, Editor
from hmi.alarm_editor.words import missing_parts
from hmi.alarms.spans import span_text
from hmi.context import Context
from hmi.dialogs.date_field import day_of
from hmi.i18n import tr
from hmi.numbers import amount_text
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind
from plant_models.expression import parse_expression
from plant_models.tag import Tag

_HIGH: Final = (AlarmKind.HIGH, AlarmKind.HIGH_HIGH)
_WINDOWED: Final = (AlarmKind.RATE, AlarmKind.STUCK, AlarmKind.NO_UPDATE)
_DASHED: Final = "…"
_POSITIVE: Final = (AlarmKind.DEVIATION, AlarmKind.STUCK)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said about a field."""

    field: str
    words: str
    is_problem: bool = True


def remarks(context: Context, definition: AlarmDefinition) -> tuple[Remark, ...]:
    """Return everything that is to be said, the problems first."""
    tag = context.tag(definition.tag)
    checks: tuple[Callable[[], Iterator[Remark]], ...] = (
        lambda: _limit(definition, tag),
        lambda: _needed(definition),
        lambda: _order(context, definition, tag),
        lambda: _tags(context, definition),
        lambda: _formulas(context, definition),
        lambda: _times(context, definition, tag),
        lambda: _record(definition),
    )
    found = [remark for check in checks for remark in check()]
    return tuple(sorted(found, key=lambda each: not each.is_problem))


def _limit(definition: AlarmDefinition, tag: Tag | None) -> Iterator[Remark]:
    limit, kind = definition.limit, definition.kind
    if not SPECS["limit"].is_for(kind):
        return
    if limit is None and not definition.limit_tag:
        words = tr("Choose the abnormal state.") if kind is AlarmKind.STATE else tr("Type a limit.")
        yield Remark("limit", words)
    if limit is None:
        return
    if definition.limit_tag:
        yield Remark("limit_tag", tr("There is a limit and a tag for it; keep one of them."))
    if kind is AlarmKind.RATE and limit == 0:
        yield Remark("limit", tr("A rate is above 0 for rising and below 0 for falling."))
    if kind in _POSITIVE and limit <= 0:
        yield Remark("limit", tr("This limit must be above 0."))
    if kind in LIMIT_KINDS and tag is not None and not _is_within(limit, tag):
        low, high = (_DASHED if end is None else f"{end:g}" for end in (tag.low, tag.high))
        words = tr("The tag ranges from {low} to {high} {unit}; a limit outside never holds.")
        yield Remark("limit", words.format(low=low, high=high, unit=tag.unit).replace("  ", " "))
    end = definition.consequence_at
    if end is not None and kind in LIMIT_KINDS and (end <= limit if kind in _HIGH else end >= limit):
        above, below = tr("The consequence must lie above the limit."), tr("The consequence must lie below the limit.")
        yield Remark("consequence_at", above if kind in _HIGH else below)


def _is_within(limit: float, tag: Tag) -> bool:
    return (tag.low is None or limit >= tag.low) and (tag.high is None or limit <= tag.high)


def _needed(definition: AlarmDefinition) -> Iterator[Remark]:
    kind = definition.kind
    wanted = {
        "reference": tr("Name the tag that it is compared with."),
        "expression": tr("Write the formula that raises it."),
        "window_s": tr("Say over how many seconds."),
    }
    for field, words in wanted.items():
        if SPECS[field].is_for(kind) and not getattr(definition, field):
            yield Remark(field, words)
    if definition.count == 1:
        yield Remark("count", tr("Once is what the delay says; type 2 or more, or 0 for never."))
    if definition.count > 1 and not definition.count_s:
        yield Remark("count_s", tr("Say within how many seconds."))
    if definition.count_s and not definition.count:
        yield Remark("count", tr("Say how often, 2 or more."))


def _order(context: Context, definition: AlarmDefinition, tag: Tag | None) -> Iterator[Remark]:
    """LL < L < H < HH, as they stand now."""
    if definition.kind not in LIMIT_KINDS or definition.limit is None or tag is None:
        return
    at = LIMIT_KINDS.index(definition.kind)
    for alarm in context.station.alarms.configured.values():
        other = alarm.definition
        if other.tag != definition.tag or other.limit is None or other.kind not in LIMIT_KINDS:
            continue
        beside = LIMIT_KINDS.index(other.kind)
        names = {"kind": other.kind.value, "limit": amount_text(other.limit, tag)}
        if beside < at and other.limit >= definition.limit:
            yield Remark("limit", tr("It must lie above {kind}, {limit}.").format(**names))
        if beside > at and other.limit <= definition.limit:
            yield Remark("limit", tr("It must lie below {kind}, {limit}.").format(**names))


def _tags(context: Context, definition: AlarmDefinition) -> Iterator[Remark]:
    watched = context.tag(definition.tag)
    for field in ("limit_tag", "reference"):
        name = getattr(definition, field)
        if not name:
            continue
        tag = context.tag(name)
        if tag is None:
            yield Remark(field, tr("There is no tag {name}.").format(name=name))
        elif tag.is_text:
            yield Remark(field, tr("{name} is a text.").format(name=name))
        elif watched is not None and field == "limit_tag" and tag.unit != watched.unit:
            words = tr("{name} is in {unit}, not in {wanted}.")
            yield Remark(field, words.format(name=name, unit=tag.unit or _DASHED, wanted=watched.unit or _DASHED))


def _formulas(context: Context, definition: AlarmDefinition) -> Iterator[Remark]:
    for field in ("expression", "suppress_when"):
        text = getattr(definition, field)
        if not text:
            continue
        try:
            inputs = parse_expression(text).inputs
        except ValueError as error:
            yield Remark(field, tr("This is no formula: {problem}").format(problem=error))
            continue
        for name in inputs:
            if context.tag(name) is None:
                yield Remark(field, tr("There is no tag {name}.").format(name=name))


def _times(context: Context, definition: AlarmDefinition, tag: Tag | None) -> Iterator[Remark]:
    """Say where delays take more of the time to respond than the rules of the site allow (ISA-18.2: philosophy)."""
    for name, spec in SPECS.items():
        value = getattr(definition, name)
        is_number = spec.editor in (Editor.AMOUNT, Editor.NUMBER, Editor.COUNT)
        if is_number and name != "consequence_at" and value is not None and (value < 0 or not math.isfinite(value)):
            yield Remark(name, tr("It can't be below 0."))
    if definition.realarm_min == 0:
        yield Remark("realarm_min", tr("Leave it empty for never."))
    scan_s = 0.0 if tag is None else context.plant.scan_s.get(tag.scan, 0.0)
    window_s = definition.window_s if definition.kind in _WINDOWED else 0.0
    if window_s and window_s <= scan_s:
        words = tr("The tag is read every {scan} s; a longer time is needed.")
        yield Remark("window_s", words.format(scan=f"{scan_s:g}"))
    share = context.plant.philosophy.delay_share
    taken_s, most_s = definition.on_delay_s + window_s + scan_s, share * 60 * (definition.respond_min or 0.0)
    if definition.respond_min and taken_s > most_s:
        words = tr(
            "Delay and scan take {taken} s; of {respond} to respond they may take {share} %, {most} s. Shorten the "
            "delay, or correct the time to respond."
        )
        respond = span_text(definition.respond_min)
        texts = {"taken": f"{taken_s:g}", "respond": respond, "share": f"{100 * share:g}", "most": f"{most_s:g}"}
        yield Remark("on_delay_s", words.format(**texts))


def _record(definition: AlarmDefinition) -> Iterator[Remark]:
    for field in ("approved_on", "review_due"):
        if getattr(definition, field) and day_of(getattr(definition, field)) is None:
            yield Remark(field, tr("Write the date like 2026-11-29."))
    if definition.approved_on and definition.review_due and definition.review_due <= definition.approved_on:
        yield Remark("review_due", tr("The review is due before the approval."))
    missing = missing_parts(definition)
    if missing:
        words = tr("Not rationalised yet, it lacks: {parts}.").format(parts=", ".join(missing))
        yield Remark("consequence", words, is_problem=False)
