"""What an alarm should say of itself before anybody is called for it, and what had better be no alarm. Any thread.

ISA-18.2 calls it the rationalisation record: without a consequence, an action and a time there is nothing to do for a
person. It is advice: a plant runs without it.
"""

from collections.abc import Iterator
from typing import Final

from plant_models.alarm_definition import DIAGNOSTIC, AlarmSettings, Severity
from plant_models.project.alarm_rules import AlarmMistake

_WORDS: Final = {"consequence": "consequence", "action": "action", "respond_min": "time to respond"}
_LONG_MIN: Final = 30.0
"""With a minor consequence and more time than this, it can wait for a report."""


def record_advice(alarm: AlarmSettings) -> Iterator[AlarmMistake]:
    """Yield what is missing, or speaks against the alarm; nothing of one that is diagnostic or not enabled."""
    if alarm.priority == DIAGNOSTIC or not alarm.enabled:
        return
    missing = [key for key in _WORDS if not getattr(alarm, key)]
    if missing:
        words = " and ".join(f"no {_WORDS[key]}" for key in missing)
        yield AlarmMistake(missing[0], f"the {alarm.kind} alarm has {words}", "add it, or make the alarm diagnostic")
    if alarm.severity is Severity.MINOR and alarm.respond_min and alarm.respond_min > _LONG_MIN:
        problem = f"a minor consequence with {alarm.respond_min:g} min to respond is not an alarm"
        yield AlarmMistake("severity", problem, "make it diagnostic or a report")
