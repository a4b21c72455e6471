"""Whether the alarms of a plant agree with their tags, with each other and with the philosophy. Any thread.

What a type says of its own members is checked there (`type_checks`), once and not for each instance.
"""

from collections import Counter
from typing import Final

from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.project.alarm_list import AlarmList, key_of
from plant_models.project.alarm_record import record_advice
from plant_models.project.alarm_references import reference_mistakes
from plant_models.project.alarm_rules import AlarmMistake, alarm_mistakes
from plant_models.project.finding import Finding, suggest
from plant_models.project.frame import Frame, Pace
from plant_models.project.limits import Limit, check_limits
from plant_models.tag import Tag

_WINDOWED: Final = (AlarmKind.RATE, AlarmKind.STUCK, AlarmKind.NO_UPDATE)


def check_alarms(found: AlarmList, frame: Frame, findings: list[Finding]) -> None:
    """Add findings for what is wrong with the alarms, and advice for what is missing."""
    watched = {alarm.tag: found.tags.tags[found.tags.index[alarm.tag]] for alarm in found.alarms}
    limits = [Limit(alarm.tag, alarm.kind, alarm.limit, alarm.id, alarm.limit_tag) for alarm in found.alarms]
    for mistake in check_limits(limits, watched):
        found.report(mistake.position, "limit", mistake.problem, mistake.remedy, findings)
    for position, alarm in enumerate(found.alarms):
        is_of_row, tag = found.origins[position] is not None, watched[alarm.tag]
        if is_of_row:
            for key, problem, remedy in alarm_mistakes(alarm, tag):
                found.report(position, key, problem, remedy, findings)
        for key, problem, remedy in reference_mistakes(alarm, tag, found):
            found.report(position, key, problem, remedy, findings)
        for key, problem, remedy in _places(alarm, frame) + _delays(alarm, tag, frame.pace):
            found.report(position, key, problem, remedy, findings)
        if is_of_row:
            _advise(found, position, findings)
    _check_names(found, findings)


def _places(alarm: AlarmDefinition, frame: Frame) -> list[AlarmMistake]:
    mistakes = []
    for key, known in (("area", frame.areas), ("display", frame.displays)):
        name = getattr(alarm, key)
        if name and known is not None and name not in known:
            mistakes.append(AlarmMistake(key, f"unknown {key} {name!r}", suggest(name, known)))
    return mistakes


def _delays(alarm: AlarmDefinition, tag: Tag, pace: Pace | None) -> list[AlarmMistake]:
    """Find delays that leave too little of the time to respond, and windows in which nothing can be read."""
    if pace is None:
        return []
    scan_s = pace.scan_s.get(tag.scan, 0.0)
    window_s = alarm.window_s if alarm.kind in _WINDOWED else 0.0
    if window_s and window_s <= scan_s:
        problem = f"window_s {window_s:g} is not longer than the scan of {scan_s:g} s"
        return [AlarmMistake("window_s", problem, "use several scans")]
    taken_s, most_s = alarm.on_delay_s + window_s + scan_s, pace.delay_share * 60 * (alarm.respond_min or 0.0)
    if not alarm.respond_min or taken_s <= most_s:
        return []
    parts = f"on_delay_s {alarm.on_delay_s:g}" + (f", window_s {window_s:g}" if window_s else "")
    share = f"{pace.delay_share:.0%} of the {alarm.respond_min:g} min to respond"
    problem = f"{parts} and a scan of {scan_s:g} s are more than {share} ({most_s:g} s)"
    key = "window_s" if window_s > alarm.on_delay_s else "on_delay_s"
    return [AlarmMistake(key, problem, "shorten it, or correct the time to respond")]


def _advise(found: AlarmList, position: int, findings: list[Finding]) -> None:
    alarm = found.alarms[position]
    default = found.defaults.get(key_of(alarm))
    told = {advice.key for advice in record_advice(AlarmDefinition(**default))} if default else set()
    for key, problem, remedy in record_advice(alarm):
        if key not in told:
            found.advise(position, key, problem, remedy, findings)


def _check_names(found: AlarmList, findings: list[Finding]) -> None:
    """An id, or a tag whose name ends like a kind, must not give two alarms one name."""
    names = Counter(alarm.name for alarm in found.alarms)
    if len(names) == len(found.alarms):
        return
    for position, alarm in enumerate(found.alarms):
        if alarm.id and names[alarm.name] > 1:
            problem = f"another alarm has the name {alarm.name} too"
            found.report(position, "id", problem, "use another id", findings)
