"""A value that holds over a restart, as the audit remembers it. Immutable, any thread."""

from dataclasses import dataclass
from typing import Final

MANUAL: Final = "manual"
"""The kind of the audit's rows about manual values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptValue:
    """The newest row of a tag: `value` in its unit (NaN for none), who wrote it, when (µs UTC), and why."""

    tag: str
    value: float
    state: str
    user: str
    reason: str
    at_us: int
