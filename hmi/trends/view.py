"""What a trend looks at: which pens, which time, which part of the height; and the way back to earlier looks. Pure.

Times are µs UTC. GUI thread.
"""

from dataclasses import dataclass, replace
from typing import Final

SECOND_US: Final = 1_000_000
SHORTEST_US: Final = 10 * SECOND_US
LONGEST_US: Final = 400 * 86_400 * SECOND_US
_SMALLEST_HEIGHT: Final = 0.01
_MOST_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class View:
    """A window in time of `span_us` that ends at `end_us`, or with the present if that is None.

    `bottom` and `top` are the shown part of every pen's scale, 0 to 1. `is_fitted` fits the scales to the data.
    `pens` are tag names in order; those in `hidden` are listed but not drawn.
    """

    span_us: int
    end_us: int | None = None
    bottom: float = 0.0
    top: float = 1.0
    is_fitted: bool = False
    pens: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()

    @property
    def is_live(self) -> bool:
        return self.end_us is None

    def window(self, now_us: int) -> tuple[int, int]:
        """Return start and end."""
        end = now_us if self.end_us is None else self.end_us
        return end - self.span_us, end

    def with_span(self, span_us: int) -> "View":
        """Return the view with another length; its end stays."""
        return replace(self, span_us=_allowed(span_us))

    def live(self) -> "View":
        return replace(self, end_us=None)

    def paused(self, now_us: int) -> "View":
        return replace(self, end_us=self.window(now_us)[1])

    def panned(self, shift_us: int, now_us: int) -> "View":
        """Return the view moved in time; it never ends in the future."""
        return replace(self, end_us=min(self.window(now_us)[1] + shift_us, now_us))

    def stepped(self, direction: int, now_us: int) -> "View":
        """Return the view half a window earlier (-1) or later (1)."""
        return self.panned(direction * self.span_us // 2, now_us)

    def zoomed(self, factor: float, at_us: int, now_us: int) -> "View":
        """Return the view with `factor` times its length; `at_us` keeps its place, while live the present does."""
        span = _allowed(round(self.span_us * factor))
        if self.is_live:
            return replace(self, span_us=span)
        start, end = self.window(now_us)
        share = (end - at_us) / (end - start)
        return replace(self, span_us=span, end_us=min(round(at_us + share * span), now_us))

    def stretched(self, factor: float, at: float) -> "View":
        """Return the view with `factor` times its height; the height `at` (0 to 1 of the scales) keeps its place."""
        height = min(1.0, max(_SMALLEST_HEIGHT, (self.top - self.bottom) * factor))
        share = (at - self.bottom) / (self.top - self.bottom)
        bottom = min(max(0.0, at - share * height), 1.0 - height)
        return replace(self, bottom=bottom, top=bottom + height)

    def boxed(self, start_us: int, end_us: int, bottom: float, top: float) -> "View":
        """Return a view of a rectangle."""
        height = max(_SMALLEST_HEIGHT, top - bottom)
        low = min(max(0.0, bottom), 1.0 - height)
        span = _allowed(end_us - start_us)
        return replace(self, span_us=span, end_us=end_us, bottom=low, top=min(1.0, low + height))

    def fitted(self, is_fitted: bool) -> "View":
        return replace(self, is_fitted=is_fitted, bottom=0.0, top=1.0)

    def with_pens(self, pens: tuple[str, ...]) -> "View":
        return replace(self, pens=pens, hidden=self.hidden & set(pens))

    def with_hidden(self, pen: str, is_hidden: bool) -> "View":
        return replace(self, hidden=self.hidden | {pen} if is_hidden else self.hidden - {pen})


class Views:
    """The present view and those before it, for undo and redo."""

    def __init__(self, first: View) -> None:
        self._steps = [first]
        self._at = 0
        self._kind = ""

    @property
    def present(self) -> View:
        return self._steps[self._at]

    @property
    def can_undo(self) -> bool:
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        return self._at < len(self._steps) - 1

    def change(self, view: View, kind: str = "") -> None:
        """Go on to another view. Changes of the same `kind` in a row, as of a turning wheel, are one step."""
        if view == self.present:
            return
        keep = self._at if kind and kind == self._kind and self._at else self._at + 1
        self._steps = [*self._steps[:keep], view][-_MOST_STEPS:]
        self._at = len(self._steps) - 1
        self._kind = kind

    def undo(self) -> None:
        self._at, self._kind = max(0, self._at - 1), ""

    def redo(self) -> None:
        self._at, self._kind = min(len(self._steps) - 1, self._at + 1), ""


def _allowed(span_us: int) -> int:
    return min(max(span_us, SHORTEST_US), LONGEST_US)
