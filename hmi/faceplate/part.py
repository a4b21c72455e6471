"""What every part of a faceplate can do. GUI thread."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that can't be commanded now, and why, in words."""

    title: str
    reasons: tuple[str, ...]


class Part(QWidget):
    """A section of a faceplate that follows the plant; `shown_tag` is the tag whose value it shows, "" for none.

    It is made inside its parent: a part that moves into another one has all its children styled again.
    """

    shown_tag = ""

    def refresh(self) -> None:
        """Show what holds now; cheap if nothing has changed."""

    @property
    def is_allowed(self) -> bool:
        """Whether anything of this part can be commanded now."""
        return False

    def refused(self) -> tuple[Refused, ...]:
        """Return what of this part could not be commanded at its last refresh."""
        return ()
