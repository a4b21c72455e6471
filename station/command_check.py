"""Why a command would be refused now. The same answer disables the button and stops the command. Any thread; no I/O."""

from collections.abc import Callable
from typing import Final

from drivers.health import LinkState
from plant_models.message import joined, message
from plant_models.quality import Quality, describe, is_good
from plant_models.tag import Tag
from station.command_value import as_number, tag_problem, value_problem
from station.parts import StationParts
from station.permissives import Permissives
from station.protocol import CommandRequest
from station.session import Session

PAUSE_S: Final = 2.0
"""Between two commands to one tag."""


class CommandCheck:
    """The rules, from the plainest to the most particular; the first rule that is broken gives the reasons."""

    def __init__(self, parts: StationParts, is_evaluated: Callable[[], bool]) -> None:
        self._parts = parts
        self._is_evaluated = is_evaluated
        self._permissives = Permissives(parts.plant, parts.table)
        self._released_ns: dict[str, int] = {}

    def reasons(self, request: CommandRequest, session: Session) -> tuple[str, ...]:
        """Return why the command would be refused, in words; empty if it would be released."""
        row = self._parts.table.index.get(request.tag)
        if row is None:
            return (message("There is no tag {tag}", tag=request.tag),)
        tag = self._parts.table.tags[row]
        problem = self._declared(tag, request, session) or self._present(tag)
        if problem:
            return (problem,)
        return self._permissives.reasons(tag, as_number(request.value) or 0.0) or self._too_soon(tag)

    def note_release(self, tag: str) -> None:
        """Start the pause after a command to `tag`."""
        self._released_ns[tag] = self._parts.clock.mono_ns()

    def is_released(self, tag: str) -> bool:
        """Tell whether a command to `tag` was released since the start."""
        return tag in self._released_ns

    def _declared(self, tag: Tag, request: CommandRequest, session: Session) -> str:
        """What the plant folder alone rules out."""
        if not session.user:
            return message("A command needs a user")
        return tag_problem(tag) or value_problem(tag, request.value)

    def _present(self, tag: Tag) -> str:
        """What the plant's present state rules out."""
        if not self._is_evaluated():
            return message("The station doesn't evaluate values at present")
        if not tag.device:
            return ""  # a memory tag is whatever is written to it
        link = next((health for health in self._parts.pool.health() if health.device == tag.device), None)
        if link is None or link.state is not LinkState.CONNECTED:
            return joined(
                (message("{device} is not connected", device=tag.device), "" if link is None else link.last_error)
            )
        quality = self._parts.table.sample(tag.name).quality
        # A value outside its range is current, and a command is how it gets back into it.
        if not is_good(quality) and quality != Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED:
            return message("{tag} is not known ({why})", tag=tag.name, why=message(describe(quality)))
        return ""

    def _too_soon(self, tag: Tag) -> tuple[str, ...]:
        released_ns = self._released_ns.get(tag.name)
        if released_ns is None or self._parts.clock.mono_ns() - released_ns >= PAUSE_S * 1e9:
            return ()
        return (message("{tag} had a command less than {pause:g} s ago", tag=tag.name, pause=PAUSE_S),)
