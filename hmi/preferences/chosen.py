"""What a person has chosen: theme, language, units, the look of the alarm list, its sound. Pure, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hmi.i18n import ENGLISH
from hmi.preferences.list_look import ListLook, sensible_look
from hmi.sound.settings import SoundSettings, sensible_sound
from hmi.units.quantities import QUANTITIES

THEMES: Final = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values; the defaults are those of a first start.

    `units` names a unit by quantity; quantities that aren't in it are shown as in the plant. A `language` may have no
    translation file any more; whoever starts the program looks.
    """

    theme: str = "light"
    language: str = ENGLISH
    units: Mapping[str, str] = field(default_factory=dict)
    sound: SoundSettings = field(default_factory=SoundSettings)
    alarm_list: ListLook = field(default_factory=ListLook)


def sensible(data: dict[str, Any]) -> Chosen:
    """Return what `data` says, the default for whatever is missing or makes no sense."""
    default = Chosen()
    theme, language = data.get("theme"), data.get("language")
    return Chosen(
        theme=theme if theme in THEMES else default.theme,
        language=language if isinstance(language, str) and language else default.language,
        units=_units(data.get("units")),
        sound=sensible_sound(data.get("sound")),
        alarm_list=sensible_look(data.get("alarm_list")),
    )


def _units(data: object) -> dict[str, str]:
    wanted = data if isinstance(data, dict) else {}
    pairs = ((each.name, wanted.get(each.name), each) for each in QUANTITIES)
    return {name: unit for name, unit, each in pairs if isinstance(unit, str) and each.unit(unit) is not None}
