"""Which pages were seen, for back and forward as in a browser. Pure; GUI thread."""

from typing import Final

_LONGEST: Final = 100


class Visits:
    """A line of page names with a present place in it."""

    def __init__(self) -> None:
        self._pages: list[str] = []
        self._at = -1

    @property
    def can_go_back(self) -> bool:
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        return self._at < len(self._pages) - 1

    def visit(self, page: str) -> None:
        """Go to a page; what lay ahead is forgotten. The present page again is no visit."""
        if self._at >= 0 and self._pages[self._at] == page:
            return
        self._pages = [*self._pages[: self._at + 1], page][-_LONGEST:]
        self._at = len(self._pages) - 1

    def back(self) -> str | None:
        """Step back and return the page, None at the beginning."""
        if not self.can_go_back:
            return None
        self._at -= 1
        return self._pages[self._at]

    def forward(self) -> str | None:
        """Step forward and return the page, None at the end."""
        if not self.can_go_forward:
            return None
        self._at += 1
        return self._pages[self._at]
