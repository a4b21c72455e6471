"""What every way to make a sound can do. GUI thread; nothing in it waits."""

from collections.abc import Callable
from typing import Protocol

Told = Callable[[str], None]
"""Is told once how it ended: "" when it was played, else why it wasn't, in words."""


class Player(Protocol):
    """One way to make a sound. `is_certain` says that it knows when nothing was heard."""

    @property
    def title(self) -> str:
        """What people know it by."""

    @property
    def is_certain(self) -> bool: ...

    def play(self, priority: int, volume: str, told: Told) -> None:
        """Begin the tone of a priority, in place of one that still sounds; `told` may be called at once."""

    def stop(self) -> None:
        """End what sounds; nobody is told of it any more."""

    def close(self) -> None:
        """End everything, for good."""
