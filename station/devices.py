"""Taking a device out of service and putting it back, by a person, recorded before and after.

It holds until the station ends: at the next start the plant folder decides again. Runs on the station's workers.
"""

from dataclasses import replace
from typing import Final

from plant_models.message import Message, message
from station.acts import Acts, act_entry
from station.parts import StationParts
from station.protocol import ActResult, CommandState
from station.session import Session

PUT_IN: Final = message("Put into service")
TAKE_OUT: Final = message("Take out of service")


class Devices:
    """Which devices are reached now."""

    def __init__(self, parts: StationParts, acts: Acts) -> None:
        self._parts = parts
        self._acts = acts
        self._present = dict(parts.plant.devices)

    def switch(self, name: str, is_enabled: bool, session: Session, reason: str) -> ActResult:
        """Switch a device; blocks on the disk and until its old connection has ended."""
        entry = replace(
            act_entry("device", name, PUT_IN if is_enabled else TAKE_OUT, session, reason),
            value_new=float(is_enabled),
            state=CommandState.PENDING.value,
        )
        return self._acts.carry_out(
            entry,
            lambda: self._problem(name, is_enabled, session),
            lambda: self._switch(name, is_enabled),
            harmless=(),
        )

    def _problem(self, name: str, is_enabled: bool, session: Session) -> str:
        """Return why a device can't be switched, "" if it can."""
        device = self._present.get(name)
        if device is None:
            return message("There is no device {device}", device=name)
        if not session.user:
            return message("Switching a device needs a user")
        if device.enabled == is_enabled:
            return _already(name, is_enabled)
        return ""

    def _switch(self, name: str, is_enabled: bool) -> str:
        changed = {**self._present, name: replace(self._present[name], enabled=is_enabled)}
        self._parts.pool.use(changed)
        self._present = changed
        return ""


def _already(name: str, is_enabled: bool) -> Message:
    if is_enabled:
        return message("{device} is in service already", device=name)
    return message("{device} is out of service already", device=name)
