"""What a person may do with alarms beside acknowledging them. Immutable, any thread."""

from dataclasses import dataclass
from enum import StrEnum

from alarms.acknowledgement import AlarmSeen


class AlarmAct(StrEnum):
    """The acts."""

    RESET = "reset"
    """Release the latch of one that is over and acknowledged."""
    SHELVE = "shelve"
    """Put it aside for a while; shelving again sets a new end."""
    UNSHELVE = "unshelve"
    OUT_OF_SERVICE = "out of service"
    """Put it aside until somebody puts it back, under the number of a work order."""
    RETURN_TO_SERVICE = "return to service"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRequest:
    """A person wants `act` done with alarms as they saw them.

    `comment` is the reason, needed for everything but `RESET`, `UNSHELVE` and `RETURN_TO_SERVICE`. `minutes` is how
    long the shelf lasts; `is_one_shot` ends it as soon as the condition is over, at the latest after `minutes`.
    `work_order` and `review_us` (when it is to be looked at again, µs UTC) belong to `OUT_OF_SERVICE`.
    """

    act: AlarmAct
    seen: tuple[AlarmSeen, ...]
    comment: str = ""
    minutes: float | None = None
    is_one_shot: bool = False
    work_order: str = ""
    review_us: int | None = None
