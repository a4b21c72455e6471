"""The rule for a place that shows one alarm and what to do with it: what has only just come isn't meant. GUI thread."""

from typing import Final

from alarms.snapshot import AlarmRow
from hmi.alarms.model import AlarmModel
from hmi.i18n import tr
from plant_models.clock import Clock

SETTLE_NS: Final = 500_000_000
"""So long an alarm must have stood in its place before a click or key there means it."""


class SettledPlace:
    """Knows since when what stands in a place has stood there, unmoved."""

    def __init__(self, clock: Clock, model: AlarmModel) -> None:
        self._clock, self._model = clock, model
        self._since_ns = clock.mono_ns()

    @property
    def is_settled(self) -> bool:
        return self._clock.mono_ns() - self._since_ns >= SETTLE_NS

    def unsettle(self) -> None:
        """Note that something else stands there now, or that it stands elsewhere."""
        self._since_ns = self._clock.mono_ns()

    def acknowledge(self, seen: AlarmRow | None) -> None:
        """Acknowledge the occurrence that stood there; say so if it has only just come."""
        if seen is not None and self.is_meant():
            self._model.acknowledge((seen,))

    def is_meant(self) -> bool:
        """Tell whether a click here means what stands here; say so if it has only just come."""
        if not self.is_settled:
            self._model.said.emit(tr("what stands here has only just come; look again"))
        return self.is_settled
