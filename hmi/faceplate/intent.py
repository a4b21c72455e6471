"""What a person is about to ask of the plant: shown for confirmation, then made into one request. GUI thread."""

from dataclasses import dataclass

from plant_models.equipment import Equipment
from plant_models.tag import Tag
from station.protocol import CommandRequest


@dataclass(frozen=True, slots=True)
class Intent:
    """`tag` shall become `value`. `title` is the act in a word or two, "Start", not translated: it is kept.

    `effect` says what else will happen in the device, "" for nothing.
    """

    equipment: Equipment
    tag: Tag
    value: float
    title: str
    effect: str = ""

    def request(self, reason: str = "", seen: float | None = None) -> CommandRequest:
        """Return a new request, with an id of its own."""
        return CommandRequest(tag=self.tag.name, value=self.value, title=self.title, reason=reason, seen=seen)
