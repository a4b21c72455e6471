"""What a server answers to a request for one thing. Pure functions, run on the OPC UA thread.

Source: OPC UA Part 4, 5.10.2 (Read), 5.10.4 (Write), 5.11.2 (Call): results in the number and order of the operations.
"""

from collections.abc import Sequence
from typing import TypeVar

from asyncua.ua.uaerrors import UaError

from plant_models.message import message

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
