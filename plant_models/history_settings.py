"""What a plant folder says of its history: where it stands, for how long, and when a day begins. Immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySettings:
    """`[history]` of plant.toml.

    `database` is the address of a PostgreSQL server without a password, empty for files in the data folder. `keep_days`
    gives the days for which samples of each keeping class are kept, None for ever; the standard class is "".
    """

    database: str = ""
    spool_gb: float = 10.0
    day_starts: time = time(0)
    keep_days: Mapping[str, int | None] = field(default_factory=lambda: {"": None})
