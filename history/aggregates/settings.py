"""How aggregates judge quality: AggregateConfiguration of OPC UA Part 13, section 4.2.1.2. Immutable, any thread."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AggregateSettings:
    """The defaults are those of the specification.

    Raises:
        ValueError: a percentage isn't from 0 to 100, or the two leave a share that would be both good and bad.
    """

    treat_uncertain_as_bad: bool = True
    """Uncertain values count as bad and are left out; otherwise they are used and the result is uncertain."""
    percent_data_good: float = 100
    """From this share of good data on an interval with bad data is good all the same."""
    percent_data_bad: float = 100
    """From this share of bad data on an interval is bad and has no value."""
    use_sloped_extrapolation: bool = False
    """Beyond the last sample a sloped tag goes on as between the last two; otherwise the last value holds."""

    def __post_init__(self) -> None:
        for percent in (self.percent_data_good, self.percent_data_bad):
            if not 0 <= percent <= 100:
                raise ValueError(f"{percent} % of the data; give 0 to 100")
        if self.percent_data_good < 100 - self.percent_data_bad:
            raise ValueError(
                f"{self.percent_data_good} % good and {self.percent_data_bad} % bad: together they must be at least 100"
            )
