"""How each class of a symbol's elements is painted for each look (visual design: symbols). GUI thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QColor

from hmi.symbols.source import Restyle, Style

Color = Callable[[str], QColor]

LOOKS: Final = ("running", "stopped", "fault", "bad", "unknown", "plain")
"""The looks of EquipmentType, then: not to be trusted, never known, and drawn without any claim."""

_HIDDEN: Final = ("l", "s")
_NONE: Final = "none"


def restyle_for(look: str, stop: str, color: Color, has_level: bool) -> Restyle:
    """Return what to paint each class with; `has_level` leaves out liquid and surface, which are painted live."""
    base = {
        "running": _running,
        "stopped": _stopped(stop),
        "fault": _fault(stop),
        "plain": _plain,
    }.get(look, _unsure)

    def restyle(kind: str) -> Style | None:
        if kind in _HIDDEN:
            if has_level or look != "running":
                return None
            return _liquid(kind, color)
        return base(kind, color)

    return restyle


def mask(kind: str) -> Style | None:
    """Paint bodies and vessels solid and nothing else: what a hatch fills."""
    return {"fill": "#000000", "stroke": _NONE} if kind in ("b", "v") else None


def vessel_only(colour: QColor) -> Restyle:
    """Paint the vessel in one colour and nothing else."""
    return lambda kind: {"fill": colour.name(), "stroke": _NONE} if kind == "v" else None


def without_vessel(restyle: Restyle) -> Restyle:
    """Leave the vessel out: it is painted below the liquid."""
    return lambda kind: None if kind == "v" else restyle(kind)


def _running(kind: str, color: Color) -> Style | None:
    outline, mark = color("outline").name(), color("mark_on_run").name()
    return {
        "b": {"fill": color("run").name(), "stroke": outline},
        "v": {"fill": color("track").name()},
        "o": {"stroke": outline},
        "m": {"fill": mark, "stroke": mark},
        "n": {"stroke": mark},
        "e": {"fill": outline, "stroke": outline},
    }.get(kind, {})


def _stopped(stop: str) -> Callable[[str, Color], Style | None]:
    def style(kind: str, color: Color) -> Style | None:
        outline, mark = color("outline").name(), color("mark_on_stop").name()
        is_hollow = stop == "hollow"
        solid = {"fill": _NONE, "stroke": mark, "stroke-width": "2"} if is_hollow else {"fill": mark, "stroke": mark}
        return {
            "b": {"fill": color("stop").name(), "stroke": outline},
            "v": {"fill": color("stop" if stop == "square" else "track").name()},
            "o": {"stroke": outline},
            "m": solid,
            "n": None if stop == "square" else {"stroke": mark},
            "e": {"fill": _NONE, "stroke": outline},
        }.get(kind, {})

    return style


def _fault(stop: str) -> Callable[[str, Color], Style | None]:
    as_stopped = _stopped(stop)
    return lambda kind, color: None if kind in ("m", "n") else as_stopped(kind, color)


def _plain(kind: str, color: Color) -> Style | None:
    outline, canvas = color("outline").name(), color("canvas").name()
    return {
        "b": {"fill": canvas, "stroke": outline},
        "v": {"fill": canvas},
        "m": {"fill": outline, "stroke": outline},
        "e": {"fill": outline, "stroke": outline},
    }.get(kind, {"stroke": outline})


def _unsure(kind: str, color: Color) -> Style | None:
    dashed = {"stroke": color("stale").name(), "stroke-dasharray": "4 3", "stroke-linecap": "butt"}
    return {"b": {**dashed, "fill": _NONE}, "o": dashed}.get(kind)


def _liquid(kind: str, color: Color) -> Style:
    if kind == "l":
        return {"fill": color("vessel").name()}
    return {"stroke": color("outline").name()}
