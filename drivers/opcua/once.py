"""Any node read or written once, in its own type. Runs on the OPC UA thread, between commands.

A request is never repeated. The node is read before and after, so that a lost answer can be judged.
"""

import asyncio
from dataclasses import replace
from typing import Any, Final

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.uaerrors import UaError, UaStatusCodeError

from drivers.counters import Counters
from drivers.once import AddressQuestion, OnceAnswer, OnceRequest, OnceState, unanswered
from drivers.opcua.answers import is_doubtful, only
from drivers.opcua.session import Session
from drivers.opcua.values import content_of, variant_of
from drivers.opcua.writer import link_words, status_name
from drivers.release import release
from drivers.write_words import NO_PROOF, OTHER_VALUE, unread
from drivers.writes import STOPPING
from plant_models.address import check_node_id
from plant_models.clock import Clock
from plant_models.message import joined, message, words_of

_LINK_ERRORS: Final = (OSError, TimeoutError, UaError)
_LONGEST: Final = 500


class Once:
    """Answers the questions to one server."""

    def __init__(self, clock: Clock, counters: Counters) -> None:
        self._clock = clock
        self._counters = counters

    async def answer(self, session: Session, question: AddressQuestion) -> None:
        """Answer a question, whatever happens."""
        try:
            question.finish(await self._answer(session.client.uaclient.session, session, question.request))
        except ValueError as error:
            question.not_sent(words_of(error))
        except UaStatusCodeError as error:
            self._counters.failed(link_words(error), status_name(error))
            question.finish(OnceAnswer(OnceState.REFUSED, message=link_words(error)))
        except _LINK_ERRORS as error:
            self._counters.lost(link_words(error))
            question.finish(unanswered(question.request, link_words(error)))
        except asyncio.CancelledError:
            question.finish(OnceAnswer(OnceState.UNKNOWN, message=STOPPING))
            raise

    async def _answer(self, service: Any, session: Session, request: OnceRequest) -> OnceAnswer:
        node = ua.NodeId.from_string(check_node_id(request.address))
        if request.more or request.reads_along:
            raise ValueError(message("A node takes one value at a time"))
        before = await self._read(service, node)
        if request.value is None:
            return _answer_of(before)
        kind = await session.client.get_node(node).read_data_type_as_variant_type()
        variant = variant_of(request.value, kind)
        release(request, self._clock)
        return await self._write(service, node, variant, before)

    async def _write(self, service: Any, node: ua.NodeId, variant: ua.Variant, before: Any) -> OnceAnswer:
        """Send what was released and read it back. Whatever fails from here on, it may have left."""
        doubt = ""
        try:
            status = only(await service.write_attributes([node], [ua.DataValue(variant, StatusCode=None)]))
            if is_doubtful(status.value):
                doubt = message("The command was sent. {why}", why=_status_words(status))
            elif not status.is_good():
                return OnceAnswer(OnceState.REFUSED, message=_status_words(status))
        except (ValueError, *_LINK_ERRORS) as error:
            doubt = message("The command was sent. {why}", why=link_words(error))
        try:
            after = await self._read(service, node)
        except (ValueError, *_LINK_ERRORS) as error:
            return OnceAnswer(OnceState.UNKNOWN, message=unread(doubt, link_words(error)))
        return _judged(after, before, variant, doubt)

    async def _read(self, service: Any, node: ua.NodeId) -> Any:
        start_ns = self._clock.mono_ns()
        value = only(await service.read_attributes([node], AttributeIds.Value))
        self._counters.replied((self._clock.mono_ns() - start_ns) / 1e6)
        return value


def _judged(after: Any, before: Any, variant: ua.Variant, doubt: str) -> OnceAnswer:
    """Return what a readback proves."""
    answer = _answer_of(after)
    if content_of(after) != variant.Value:
        state = OnceState.UNKNOWN if doubt else OnceState.MISMATCH
        return replace(answer, state=state, message=joined((doubt, OTHER_VALUE)))
    if doubt and content_of(before) == variant.Value:
        return replace(answer, state=OnceState.UNKNOWN, message=joined((doubt, NO_PROOF)))
    return replace(answer, message=doubt)


def _answer_of(value: Any) -> OnceAnswer:
    """Return what a data value holds; a bad status is a refusal."""
    if value.StatusCode is not None and value.StatusCode.is_bad():
        return OnceAnswer(OnceState.REFUSED, message=_status_words(value.StatusCode))
    content = content_of(value)
    number = float(content) if isinstance(content, bool | int | float) else None
    return OnceAnswer(OnceState.DONE, value=number, text=str(content)[:_LONGEST])


def _status_words(status: Any) -> str:
    return message("The server says {status}", status=status.name)
