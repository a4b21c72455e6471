"""What a question to the past was answered from. Immutable, any thread."""

from enum import Enum

from plant_models.message import Message, message


class Basis(Enum):
    """Samples, or what the alarm itself did."""

    HISTORY = "history"
    JOURNAL = "journal"

    @property
    def words(self) -> Message:
        """What it is, and what it can't tell."""
        if self is Basis.HISTORY:
            return message("Worked out from history")
        return message("Worked out from the journal's activations; shorter delays than today's can't be tried")
