"""The options of each kind of display item: what `check` accepts and the screens draw by. Immutable, any thread.

Their meaning is told in docs/reference/displays.md. Sizes are logical px.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from plant_models.display import Item
from plant_models.text_limit import MAX_TEXT, too_long

Align = Literal["left", "centre", "right"]


def _rising(ends: tuple[float, float]) -> tuple[float, float]:
    if ends[0] >= ends[1]:
        raise PydanticCustomError("ends", "it must be two numbers, the lower one first")
    return ends


Ends = Annotated[tuple[float, float], AfterValidator(_rising)]
"""The ends of a scale, in the unit of the tag."""


class Options(BaseModel):
    """No unknown key, no guessing."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True, str_max_length=MAX_TEXT)

    @classmethod
    def of(cls, item: Item) -> Self:
        """Return the options of an item of a checked plant."""
        return cls.model_validate(dict(item.options), strict=False)


class CardOptions(Options):
    title: str = ""


class TextOptions(Options):
    text: str
    size: float = Field(default=15, ge=13, le=64)
    weight: Literal[400, 500, 600, 700] = 400
    role: Literal["text", "text2"] = "text"
    align: Align = "left"
    condensed: bool = False


class PipeOptions(Options):
    weight: Literal["main", "branch", "signal", "stem", "line"] = "main"
    arrow: Literal["", "middle", "end"] = ""


class SymbolOptions(Options):
    symbol: str = ""
    rotation: Literal[0, 90, 180, 270] = 0
    label: str = ""


class StateOptions(Options):
    align: Align = "centre"
    size: float = Field(default=17, ge=13, le=64)


class ValueOptions(Options):
    label: str = ""
    size: float = Field(default=20, ge=13, le=64)
    align: Literal["", "left", "right"] = ""
    show_unit: bool = True
    role: Literal["", "text"] = ""
    direction: bool = False


class BarOptions(Options):
    orientation: Literal["h", "v"] = "h"
    label: str = ""
    show_value: bool = False
    size: float = Field(default=20, ge=13, le=64)
    setpoint_tag: str = ""
    target_tags: tuple[str, str] | None = None
    thickness: float | None = Field(default=None, ge=6, le=64)
    scale: Ends | None = None
    limits_tag: str = ""
    role: Literal["", "text"] = ""


class SparklineOptions(Options):
    pass


class ChartOptions(Options):
    title: str = ""
    size: float = Field(default=20, ge=13, le=64)
    label: str = ""
    scale: Ends | None = None
    other_tag: str = ""
    other_label: str = ""
    other_scale: Ends | None = None


class LinkOptions(Options):
    display: str
    text: str = ""
    size: float = Field(default=15, ge=13, le=64)
    weight: Literal[400, 500, 600, 700] = 500
    back: bool = False


class TileOptions(Options):
    text: str
    size: float = Field(default=20, ge=13, le=64)


class NodeOptions(Options):
    pass


class FlowOptions(Options):
    weight: Literal["main", "branch", "stem"] = "branch"


OPTIONS: Final[Mapping[str, type[Options]]] = {
    "card": CardOptions,
    "text": TextOptions,
    "pipe": PipeOptions,
    "symbol": SymbolOptions,
    "state": StateOptions,
    "value": ValueOptions,
    "bar": BarOptions,
    "sparkline": SparklineOptions,
    "chart": ChartOptions,
    "link": LinkOptions,
    "tile": TileOptions,
    "node": NodeOptions,
    "flow": FlowOptions,
}
"""By kind of item."""


def option_mistakes(kind: str, options: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Give (path inside the options, what is wrong, what would be right) for each mistake of a known kind."""
    form = OPTIONS[kind]
    try:
        # As JSON, so that a list may stand for a pair.
        form.model_validate_json(json.dumps(dict(options), default=str))
    except ValidationError as error:
        for details in error.errors(include_url=False):
            path, name = details["loc"], ".".join(str(part) for part in details["loc"])
            if details["type"] == "missing":
                yield (), f"the option {name} is missing", "add it"
            elif details["type"] == "extra_forbidden":
                known = ", ".join(form.model_fields)
                yield path, f"unknown option {name!r} of a {kind}", f"use one of {known}"
            elif details["type"] == "string_too_long":
                yield path, *too_long(f"the option {name}", details["input"])
            else:
                given = json.dumps(details["input"], default=str, ensure_ascii=False)[:60]
                remedy = details["msg"].replace("Input should be", "it must be")
                yield path, f"the option {name} can't be {given}", remedy
