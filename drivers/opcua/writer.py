"""Commands to an OPC UA server: one write request each, then the node is read back. Runs on the OPC UA thread.

As over Modbus, a request is never repeated; if its answer is lost, the readback decides (`drivers.verdict`).
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.uaerrors import UaError, UaStatusCodeError

from drivers.base import Sink, WriteState
from drivers.counters import Counters
from drivers.opcua.answers import AnswerError, is_doubtful, only
from drivers.opcua.decoding import batches_of
from drivers.opcua.session import Session
from drivers.opcua.values import content_of, quality_of, variant_of
from drivers.release import release
from drivers.verdict import last_verdict, verdict
from drivers.write_words import STILL_SET, no_order, unread
from drivers.writes import STOPPING, PendingWrite
from plant_models.clock import Clock
from plant_models.message import message, words_of
from plant_models.quality import is_bad
from plant_models.scaling import to_raw
from plant_models.tag import Tag

_FAULTS: Final = (OSError, TimeoutError, UaError, ValueError)
"""Of the line, of the server, and of an answer that can't be decoded."""
_READBACK_LIMIT_S: Final = 2.0
_PAUSES_S: Final = (0.0, 0.3, 0.4)


@dataclass(frozen=True, slots=True)
class Target:
    """The node of a writable row."""

    row: int
    tag: Tag
    node: ua.NodeId


class Writer:
    """Writes one command after the other. Node types are asked for once per session."""

    def __init__(self, sink: Sink, clock: Clock, counters: Counters) -> None:
        self._sink = sink
        self._clock = clock
        self._counters = counters
        self._kinds: dict[int, ua.VariantType] = {}

    def forget(self) -> None:
        """Ask for types again: a new session may find another program in the PLC."""
        self._kinds.clear()

    async def write(self, session: Session, target: Target, write: PendingWrite) -> None:
        """Carry out one command to its end."""
        try:
            kind = await self._kind(session, target)
            variant = variant_of(to_raw(target.tag, write.request.value), kind)
            if write.request.is_pulse:
                await self._check_order(session, target, variant)
            release(write.request, self._clock)
        except _FAULTS as error:
            write.finish(WriteState.NOT_SENT, link_words(error))
        except asyncio.CancelledError:
            write.finish(WriteState.NOT_SENT, STOPPING)
            raise
        else:
            await self._carry_out(session, target, variant, write)

    async def _carry_out(self, session: Session, target: Target, variant: ua.Variant, write: PendingWrite) -> None:
        """Send a released command and find out what became of it. Whatever fails from here on, it may have left."""
        try:
            doubt, refusal = await self._send(session, target, variant)
            if refusal:
                write.finish(WriteState.REFUSED, refusal)
            else:
                await self._read_back(session, target, variant, write, doubt)
        except asyncio.CancelledError:
            write.finish(WriteState.UNKNOWN, unread("", STOPPING))
            raise

    async def _kind(self, session: Session, target: Target) -> ua.VariantType:
        kind = self._kinds.get(target.row)
        if kind is None:
            kind = await session.client.get_node(target.node).read_data_type_as_variant_type()
            self._kinds[target.row] = kind
        return kind

    async def _check_order(self, session: Session, target: Target, variant: ua.Variant) -> None:
        """Let a pulse pass only where it can have an effect.

        Raises:
            ValueError: it can't; the text says why.
        """
        if not variant.Value:
            raise ValueError(no_order(target.tag.name))
        value = only(await session.client.uaclient.session.read_attributes([target.node], AttributeIds.Value))
        if content_of(value):
            raise ValueError(STILL_SET)

    async def _send(self, session: Session, target: Target, variant: ua.Variant) -> tuple[str, str]:
        """Send the request; return what makes its effect doubtful, and why it was refused (both empty if neither)."""
        # Neither times nor status: many PLCs refuse to have them written.
        value = ua.DataValue(variant, StatusCode=None)
        start_ns = self._clock.mono_ns()
        try:
            status = only(await session.client.uaclient.session.write_attributes([target.node], [value]))
        except _FAULTS as error:
            if isinstance(error, UaStatusCodeError) and not is_doubtful(error.code):
                self._counters.failed(link_words(error), status_name(error))
                return "", link_words(error)
            self._counters.timed_out()
            return message("The command was sent. {why}", why=link_words(error)), ""
        self._counters.replied((self._clock.mono_ns() - start_ns) / 1e6)
        is_open = is_doubtful(status.value)
        if status.is_good() and not is_open:
            return "", ""
        words = message("The server says {status}", status=status.name)
        self._counters.failed(words, status.name)
        return (message("The command was sent. {why}", why=words), "") if is_open else ("", words)

    async def _read_back(
        self, session: Session, target: Target, variant: ua.Variant, write: PendingWrite, doubt: str
    ) -> None:
        seen: float | None = None
        problem = ""
        end_ns = self._clock.mono_ns() + round(_READBACK_LIMIT_S * 1e9)
        for pause_s in _PAUSES_S:
            await asyncio.sleep(pause_s)
            if pause_s and self._clock.mono_ns() > end_ns:
                break
            try:
                value = only(await session.client.uaclient.session.read_attributes([target.node], AttributeIds.Value))
            except _FAULTS as error:
                problem = link_words(error)
                continue
            seen = self._take(target, value)
            if seen is None or is_bad(quality_of(value.StatusCode)):
                continue
            found = verdict(write, doubt, content_of(value) == variant.Value, seen)
            if found is not None:
                write.finish(*found, seen)
                return
        write.finish(*last_verdict(write, doubt, seen, problem), seen)

    def _take(self, target: Target, value: Any) -> float | None:
        """Hand the readback on as a sample; return its value in the tag's unit."""
        seen = None
        items = [(target.row, value)]
        for batch in batches_of(items, {target.row: target.tag}, self._clock.wall_us(), self._clock.mono_ns()):
            self._sink.offer(batch)
            if batch.values is not None:
                seen = float(batch.values[0])
        return seen


def status_name(error: BaseException) -> str:
    """Return the OPC UA name of the status that an error stands for, "" if it has none."""
    return str(ua.StatusCode(error.code).name) if isinstance(error, UaStatusCodeError) else ""


def link_words(error: BaseException) -> str:
    """Return an error of the library, or one of ours, in words for operators."""
    if isinstance(error, TimeoutError):
        return message("The server does not answer")
    if isinstance(error, UaStatusCodeError):
        return message("The server says {status}", status=ua.StatusCode(error.code).name)
    if isinstance(error, ConnectionError):
        return message("The connection was lost")
    if isinstance(error, OSError | UaError) and not isinstance(error, AnswerError):
        return message("The connection failed: {cause}", cause=words_of(error))
    return words_of(error)
