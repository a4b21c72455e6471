"""Whether the items of a display lie where they can be drawn. Pure functions, any thread."""

from collections.abc import Iterator
from typing import Final

FARTHEST: Final = 20_000
"""Logical px: ten pages side by side; coordinates beyond it, and pages larger than it, are mistyped."""

ALONG_POINTS: Final = ("pipe", "flow")
"""The kinds that are drawn along their points."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Mistake = tuple[tuple[str | int, ...], str, str]
"""The path inside the item or page, what is wrong, what would be right."""


def page_mistakes(size: tuple[int, int]) -> Iterator[Mistake]:
    """Yield what is wrong with the size of a page."""
    if min(size) <= 0:
        yield ("size",), f"a page of {size[0]} x {size[1]}", "use a width and height above 0"
    elif max(size) > FARTHEST:
        yield ("size",), f"a page of {size[0]:g} x {size[1]:g}", f"use at most {FARTHEST} each"


def place_mistakes(kind: str, box: Box, points: tuple[Point, ...]) -> Iterator[Mistake]:
    """Yield what is wrong with the place of an item; only what is drawn along its points may have an empty box."""
    least = 0.0 if kind in ALONG_POINTS else 1.0
    if max(map(abs, box)) > FARTHEST:
        yield ("box",), f"the box {_spell(*box)} reaches too far", f"use coordinates within {FARTHEST}"
    elif min(box[2:]) < least:
        yield ("box",), f"a box of {box[2]:g} x {box[3]:g}", f"use a width and height of {least:g} or more"
    for number, point in enumerate(points):
        if max(map(abs, point)) > FARTHEST:
            problem = f"the point {_spell(*point)} lies too far away"
            yield ("points", number), problem, f"use coordinates within {FARTHEST}"
    if kind in ALONG_POINTS and len(points) < 2:
        yield ("points",), f"a {kind} of {len(points)} points", "give it two or more"


def _spell(*numbers: float) -> str:
    return ", ".join(f"{number:g}" for number in numbers)
