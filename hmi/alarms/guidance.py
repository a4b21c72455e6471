"""How texts about an alarm become lines on its card: guidance with who says it, and steps. Pure, any thread."""

import re
from typing import Final

from alarms.definitions import Alarm
from hmi.i18n import tr

_NUMBERED: Final = re.compile(r"(?:^|\s)\d{1,2}[.)]\s+")
_BULLET: Final = re.compile(r"^(?:[-•*]|\d{1,2}[.)])\s+")


def guidance_lines(alarm: Alarm) -> tuple[str, ...]:
    """Return what the alarm, its type and its areas say, each with who says it; the alarm's own words stand alone."""
    own = alarm.definition.guidance
    return tuple(
        tr(words) if words == own else tr("{who}: {words}").format(who=tr(who), words=tr(words))
        for who, words in alarm.guidance
    )


def steps(text: str) -> tuple[str, ...]:
    """Return the steps of a text that has several, one a line or numbered; one step is the text itself."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and len(_NUMBERED.findall(lines[0])) > 1:
        lines = [part.strip() for part in _NUMBERED.split(lines[0]) if part.strip()]
    return tuple(_BULLET.sub("", line) for line in lines)
