"""What a person may choose of the sound of alarms. That there is one can't be chosen away. Pure, any thread."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from alarms.snapshot import PRIORITIES

VOLUMES: Final = ("quiet", "normal", "loud")
REPEATS_S: Final = (3.0, 5.0, 10.0, 20.0, 60.0)
"""Seconds that are offered."""
_DEFAULT_S: Final = (3.0, 5.0, 10.0, 20.0)


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """`repeat_s` has the seconds after which the tone of a priority comes again, from priority 1 to 4."""

    volume: str = "normal"
    repeat_s: tuple[float, ...] = _DEFAULT_S

    @property
    def by_priority(self) -> Mapping[int, float]:
        """The seconds by priority."""
        return dict(zip(PRIORITIES, self.repeat_s, strict=True))

    def at_volume(self, volume: str) -> "SoundSettings":
        """Return the same at another of VOLUMES."""
        return SoundSettings(volume, self.repeat_s)

    def repeated(self, priority: int, seconds: float) -> "SoundSettings":
        """Return the same with other seconds for one priority."""
        changed = {**self.by_priority, priority: seconds}
        return SoundSettings(self.volume, tuple(changed[each] for each in PRIORITIES))


def sensible_sound(data: object) -> SoundSettings:
    """Return what `data` says, the default for whatever is missing or makes no sense."""
    wanted: dict[str, Any] = data if isinstance(data, dict) else {}
    default = SoundSettings()
    volume, repeats = wanted.get("volume"), wanted.get("repeat_s")
    if not isinstance(repeats, list | tuple) or len(repeats) != len(default.repeat_s):
        repeats = default.repeat_s
    return SoundSettings(
        volume=volume if volume in VOLUMES else default.volume,
        repeat_s=tuple(_seconds(each, usual) for each, usual in zip(repeats, default.repeat_s, strict=True)),
    )


def _seconds(value: object, usual: float) -> float:
    is_number = isinstance(value, int | float) and math.isfinite(value)
    return float(value) if is_number and value in REPEATS_S else usual  # type: ignore[arg-type]
