"""What a server says to a request for one thing: one result, and whether it leaves open what happened.

Pure functions, run on the OPC UA thread. Sources: OPC UA Part 4, 7.38 (StatusCode), 5.10.4 (Write), 5.11.2 (Call).
"""

from collections.abc import Sequence
from typing import Final, TypeVar

from asyncua import ua
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import UaError

from plant_models.message import message

_DOUBTFUL: Final = frozenset(
    (
        StatusCodes.BadTimeout,
        StatusCodes.BadRequestTimeout,
        StatusCodes.BadRequestInterrupted,
        StatusCodes.BadConnectionClosed,
        StatusCodes.BadSecureChannelClosed,
        StatusCodes.BadCommunicationError,
        StatusCodes.BadNoCommunication,
        StatusCodes.BadWaitingForResponse,
        StatusCodes.BadUnknownResponse,
        StatusCodes.BadDeviceFailure,
        StatusCodes.BadUnexpectedError,
        StatusCodes.BadInternalError,
        StatusCodes.BadShutdown,
        StatusCodes.GoodCompletesAsynchronously,
    )
)
"""A gateway says these where its own request to the PLC may have arrived."""
_CODE: Final = 0xFFFF_0000
"""Below it stand flags, which say nothing of what happened."""

Result = TypeVar("Result")


class AnswerError(UaError):
    """The server's answer has another number of results than the request asked for."""


def only(results: Sequence[Result] | None) -> Result:
    """Return the result of a request for one thing.

    Raises:
        AnswerError: there is none, or there are several: nobody knows which of them counts.
    """
    if results is None or len(results) != 1:
        count = len(results or ())
        raise AnswerError(message("The server's answer has {count} results instead of one", count=count))
    return results[0]


def is_doubtful(code: int) -> bool:
    """Tell whether a request that was answered with this StatusCode may or may not have been carried out."""
    return code & _CODE in _DOUBTFUL or ua.StatusCode(ua.UInt32(code)).is_uncertain()
