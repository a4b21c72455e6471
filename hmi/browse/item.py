"""One line of the tree of a server, and what lies below it as far as that was read. GUI thread."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from drivers.address_space import SpaceNode


class Reading(Enum):
    """How far the lines below a line are read."""

    NOT_YET = auto()
    NOW = auto()
    DONE = auto()


@dataclass(slots=True, eq=False)
class SpaceItem:
    """A node, or a `note` in place of nodes. `tag` is the tag that a node is already, "" if none."""

    id: int
    node: SpaceNode
    parent: "SpaceItem | None" = None
    row: int = 0
    note: str = ""
    tag: str = ""
    reading: Reading = Reading.NOT_YET
    children: list["SpaceItem"] = field(default_factory=list)

    @property
    def may_be_tag(self) -> bool:
        """Whether a tag can be made of it."""
        return self.node.is_variable and self.node.type is not None and not self.node.problem and not self.tag

    @property
    def is_unread(self) -> bool:
        """Whether something may lie below that was never asked for."""
        return not self.note and self.node.is_open and self.reading is Reading.NOT_YET

    @property
    def path(self) -> tuple[str, ...]:
        """The names on the way to it, its own last."""
        above = () if self.parent is None or self.parent.parent is None else self.parent.path
        return (*above, self.node.name)

    def all_below(self, with_notes: bool = False) -> Iterator["SpaceItem"]:
        """Give every line below that was read, each before those below it."""
        waiting = list(reversed(self.children))
        while waiting:
            item = waiting.pop()
            if with_notes or not item.note:
                yield item
                waiting.extend(reversed(item.children))
