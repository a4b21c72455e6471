"""An acknowledgement passed on to a server: one call, never repeated. Runs on the OPC UA thread, between commands.

Source: OPC UA Part 9, 5.7.3 (Acknowledge). It names the event that was seen, so that the server can refuse one that is
no longer true.
"""

import asyncio
from typing import Final

from asyncua import ua
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import UaError

from drivers.counters import Counters
from drivers.once import AckQuestion, AckRequest, OnceAnswer, OnceState
from drivers.opcua.answers import is_doubtful, only
from drivers.opcua.session import Session
from drivers.opcua.writer import link_words, status_name
from drivers.release import release
from drivers.writes import STOPPING
from plant_models.clock import Clock
from plant_models.message import message, words_of

_WORDS: Final = {
    StatusCodes.BadEventIdUnknown: message("At the device it has changed since you saw it"),
    StatusCodes.BadConditionBranchAlreadyAcked: message("It was acknowledged at the device already"),
    StatusCodes.BadConditionDisabled: message("It is switched off at the device"),
}


async def acknowledge(session: Session, question: AckQuestion, clock: Clock, counters: Counters) -> None:
    """Pass an acknowledgement on and answer it, whatever happens."""
    try:
        call = _call(question.request)
        release(question.request, clock)
    except (UaError, ValueError) as error:
        question.not_sent(words_of(error))
        return
    start_ns = clock.mono_ns()
    try:
        result = only(await session.client.uaclient.session.call([call]))
        counters.replied((clock.mono_ns() - start_ns) / 1e6)
    except (UaError, OSError, TimeoutError, ValueError) as error:
        counters.failed(link_words(error), status_name(error) if isinstance(error, UaError) else "")
        question.finish(OnceAnswer(OnceState.UNKNOWN, message=link_words(error)))
    except asyncio.CancelledError:
        question.finish(OnceAnswer(OnceState.UNKNOWN, message=STOPPING))
        raise
    else:
        question.finish(_answer_of(result.StatusCode))


def _call(request: AckRequest) -> ua.CallMethodRequest:
    return ua.CallMethodRequest(
        ObjectId=ua.NodeId.from_string(request.condition),
        MethodId=ua.NodeId(ua.Int32(ObjectIds.AcknowledgeableConditionType_Acknowledge)),
        InputArguments=[
            ua.Variant(request.event_id, ua.VariantType.ByteString),
            ua.Variant(ua.LocalizedText(request.comment), ua.VariantType.LocalizedText),
        ],
    )


def _answer_of(status: ua.StatusCode) -> OnceAnswer:
    words = _WORDS.get(status.value) or message("The server says {status}", status=status.name)
    if is_doubtful(status.value):
        return OnceAnswer(OnceState.UNKNOWN, message=words)
    return OnceAnswer(OnceState.DONE) if status.is_good() else OnceAnswer(OnceState.REFUSED, message=words)
