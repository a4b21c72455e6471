"""What the screens say about the sound of alarms. Pure, GUI thread."""

import math
from typing import Final

from hmi.i18n import tr
from hmi.sound.sounding import URGENT_MUTE_MIN

_MINUTE_S: Final = 60


def left_text(left_s: float) -> str:
    """Return how long it is still muted: "4 min", in the last minute "35 s"; never less than is left."""
    seconds = math.ceil(left_s)
    if seconds > _MINUTE_S:
        return tr("{minutes} min").format(minutes=math.ceil(seconds / _MINUTE_S))
    return tr("{seconds} s").format(seconds=seconds)


def muted_words(left_s: float, is_urgent_muted: bool) -> str:
    """Return what is muted, and for how long."""
    left = left_text(left_s)
    if is_urgent_muted:
        return tr("Alarm sound is muted for {time}").format(time=left)
    return tr("Alarm sound is muted for {time}, but not for priority 1").format(time=left)


def limit_words() -> str:
    """Return what nobody can mute for longer."""
    return tr("Priority 1 is muted for {minutes} min at most").format(minutes=URGENT_MUTE_MIN)
