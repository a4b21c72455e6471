"""What a server has, level by level, as a person sees it who looks for new tags. Immutable, any thread."""

from dataclasses import dataclass

from plant_models.tag import DataType

ROOT = ""
"""The node under which a server keeps everything that is its plant's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceNode:
    """A folder, an object or a variable: its address in the protocol, and its name in the folder that it lies in.

    The rest is about variables: `type` that a tag would have, the present `value` in words, what the server says of
    unit, range and meaning, and in `problem` why no tag can be made of it. `is_open` says that something may lie below.
    """

    address: str
    name: str
    is_variable: bool = False
    is_open: bool = True
    type: DataType | None = None
    value: str = ""
    description: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SpaceLevel:
    """What lies directly below one node, in the server's order; `is_cut` if it has more than is told."""

    nodes: tuple[SpaceNode, ...]
    is_cut: bool = False


class BrowseError(Exception):
    """A server could not be asked; the text is a Message that says why."""
