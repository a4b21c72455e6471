"""What can be asked about the alarm system of a time that is over, and the answer. Immutable, any thread."""

from dataclasses import dataclass

from alarms.kpi.actors import BadActor
from alarms.kpi.answers import Answers
from alarms.kpi.figures import Figure, FigureKey
from alarms.kpi.floods import Flood
from alarms.kpi.standing import Aside, Stale


@dataclass(frozen=True, slots=True)
class AlarmReportQuery:
    """From `start_us` (included) to `end_us` (not), µs UTC, of one operator position by name; "" is the whole plant."""

    start_us: int
    end_us: int
    position: str = ""


@dataclass(frozen=True, slots=True)
class DayLoad:
    """A day of the site, as far as it lies in the window: annunciations, stale alarms, and how much of it is known.

    `known` is a share of the whole day: an incomplete day has less than 1.
    """

    start_us: int
    end_us: int
    count: int
    stale: int
    known: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmReport:
    """The figures of a window, and what they were made from.

    `coverage` is the share of the window in which the station ran, in `known` (spans in µs UTC); `lost` counts rows of
    the journal that say that events were lost. `per_10_min` counts annunciations from the start on; `by_priority` in
    the whole window. `shelvings` is how often alarms were put on the shelf, `refused` how often an act was refused
    (None: the audit can't be read).
    """

    query: AlarmReportQuery
    coverage: float
    known: tuple[tuple[int, int], ...]
    lost: int
    annunciated: int
    figures: tuple[Figure, ...]
    days: tuple[DayLoad, ...]
    per_10_min: tuple[int, ...]
    by_priority: dict[int, int]
    floods: tuple[Flood, ...]
    top: tuple[BadActor, ...]
    chattering: tuple[BadActor, ...]
    fleeting: tuple[BadActor, ...]
    stale: tuple[Stale, ...]
    aside: tuple[Aside, ...]
    answers: tuple[Answers, ...]
    shelvings: int
    refused: int | None

    def figure(self, key: FigureKey) -> Figure:
        """Return the figure of this kind."""
        return next(each for each in self.figures if each.key is key)
