"""Manual values: what a person says a tag is, in place of its device, until they take it back.

Each is a row of the audit before it takes effect, and the newest row of a tag decides at the next start: a restart
neither forgets a manual value nor makes one. Runs on the station's workers.
"""

import math
import threading
from collections.abc import Iterable

from database.errors import DatabaseError
from plant_models.message import message, words_of
from plant_models.tag import Tag
from station.chain import AuditEntry
from station.command_value import as_number, states_problem
from station.kept import MANUAL, KeptValue
from station.manual_gate import ManualGate
from station.parts import StationParts
from station.protocol import ManualRequest, ManualValue
from station.session import Session

_HELD, _RELEASED = "held", "released"


class ManualValues:
    """All manual values of a station."""

    def __init__(self, parts: StationParts, gate: ManualGate) -> None:
        self._parts = parts
        self._gate = gate
        self._lock = threading.Lock()
        self._present: dict[str, ManualValue] = {}
        self._touched: set[str] = set()
        self._shown: tuple[ManualValue, ...] = ()

    @property
    def present(self) -> tuple[ManualValue, ...]:
        """All that hold now, oldest first; the same object until one changes."""
        return self._shown

    def restore(self, kept: Iterable[KeptValue]) -> None:
        """Let the manual values of the last run hold again; those of tags that can't have one any more are left, and
        those that were set or released since the start."""
        with self._lock:
            for each in kept:
                row = None if each.tag in self._touched else self._parts.table.index.get(each.tag)
                if row is not None and each.state == _HELD and not _problem(self._parts.table.tags[row], each.value):
                    self._take(row, ManualValue(each.tag, each.value, each.user, each.reason, each.at_us))

    def set(self, request: ManualRequest, session: Session) -> str:
        """Hold or release a value; returns why not, in words, or an empty text. Blocks on the disk."""
        with self._lock:
            problem = self._refusal(request, session) or self._record(request, session)
            if problem:
                return problem
            self._touched.add(request.tag)
            row = self._parts.table.index[request.tag]
            if request.value is None:
                self._present.pop(request.tag)
                self._shown = tuple(self._present.values())
                self._gate.release(row)
            else:
                at_us = self._parts.clock.wall_us()
                self._take(row, ManualValue(request.tag, request.value, session.user, request.reason, at_us))
        return ""

    def _take(self, row: int, manual: ManualValue) -> None:
        self._gate.hold(row, manual.value)
        self._present.pop(manual.tag, None)
        self._present[manual.tag] = manual
        self._shown = tuple(self._present.values())

    def _refusal(self, request: ManualRequest, session: Session) -> str:
        row = self._parts.table.index.get(request.tag)
        if row is None:
            return message("There is no tag {tag}", tag=request.tag)
        if not session.user:
            return message("A manual value needs a user")
        if request.value is None:
            is_held = request.tag in self._present
            return "" if is_held else message("{tag} has no manual value", tag=request.tag)
        if not request.reason.strip():
            return message("A manual value needs a reason")
        return _problem(self._parts.table.tags[row], request.value)

    def _record(self, request: ManualRequest, session: Session) -> str:
        row = self._parts.table.index[request.tag]
        entry = AuditEntry(
            kind=MANUAL,
            user=session.user,
            seat=session.seat,
            roles=",".join(sorted(session.roles)),
            tag=request.tag,
            value_old=self._parts.table.sample(row).value,
            value_new=request.value,
            unit=self._parts.table.tags[row].unit,
            reason=request.reason,
            state=_RELEASED if request.value is None else _HELD,
        )
        try:
            self._parts.audit.append(entry)
        except DatabaseError as error:
            return message("The manual value can't be recorded: {why}", why=words_of(error))
        return ""


def _problem(tag: Tag, value: float) -> str:
    """Return why a tag can't have a manual value, in words; empty if it can."""
    number = as_number(value)
    if tag.is_calculated:
        return message("{tag} is calculated; give the tags it is calculated from a manual value", tag=tag.name)
    if not tag.device:
        return message("{tag} belongs to no device; write it instead", tag=tag.name)
    if tag.is_text:
        return message("{tag} is a text; only numbers can be manual values", tag=tag.name)
    if number is None or not math.isfinite(number):
        return message("{value} is not a number", value=f"{value!r:.40}")
    if (tag.low is not None and number < tag.low) or (tag.high is not None and number > tag.high):
        return message("{value:g} lies outside the range of {tag}", value=number, tag=tag.name)
    return states_problem(tag, number)
