"""What a device is asked once, outside of its scans: to read or write one address, to acknowledge one of its alarms.

Asked from the station's workers, answered by the worker of the device's connection. At most one frame is written.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeVar, runtime_checkable

from drivers import answers
from plant_models.message import message
from plant_models.tag import DataType

QUEUE_LIMIT: Final = 16
_STOPPING: Final = message("The station is stopping")
NO_ANSWERS: Final = message("Devices of this protocol can't be tested this way")
NO_CONDITIONS: Final = message("Devices of this protocol have no alarms of their own")


class OnceState(StrEnum):
    """How a question ended. DONE: read, or written and read back; the others as for commands."""

    DONE = "done"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_SENT = "not sent"


def _nothing() -> None:
    """A read needs nobody's leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceRequest:
    """Read `address` of a device as `type`, or, with a `value` (as the device holds it, unscaled), write it.

    `byte_order` "" is the device's own. `more` values go to what follows in the same frame, and `reads_along` has that
    frame read what it has written (Modbus, functions 15, 16 and 23). A write isn't put on the wire after `not_after_ns`
    (monotonic); `on_sent` is called right before it leaves, and if it raises, nothing is sent.
    """

    device: str
    address: str
    type: DataType
    byte_order: str = ""
    value: float | None = None
    more: tuple[float, ...] = ()
    reads_along: bool = False
    not_after_ns: int = 0
    on_sent: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class AckRequest:
    """Acknowledge the event `event_id` of a condition of a device; `comment` also says who does it.

    `not_after_ns` and `on_sent` as in OnceRequest.
    """

    device: str
    condition: str
    event_id: bytes
    comment: str
    not_after_ns: int
    on_sent: Callable[[], None] = _nothing


AnyRequest = OnceRequest | AckRequest
Request = TypeVar("Request", bound=AnyRequest, covariant=True)


@dataclass(frozen=True, slots=True)
class OnceAnswer:
    """What was read, or read back: raw registers or bits where there are any, a number or a text.

    `more` are the numbers that follow, where several were written. `message` says what is wrong.
    """

    state: OnceState
    raw: tuple[int, ...] = ()
    value: float | None = None
    text: str = ""
    message: str = ""
    more: tuple[float, ...] = ()


def unanswered(request: OnceRequest, words: str) -> OnceAnswer:
    """Return that a device gave no answer before anything was written to it."""
    state = OnceState.UNKNOWN if request.value is None else OnceState.NOT_SENT
    return OnceAnswer(state, message=words)


@dataclass(frozen=True, slots=True, eq=False)
class Question(Generic[Request]):
    """A request and the future that its sender holds."""

    request: Request
    future: Future[OnceAnswer] = field(default_factory=Future)

    def finish(self, answer: OnceAnswer) -> None:
        """Answer it; the second and later answers are ignored."""
        answers.finish(self.future, answer)

    def begin(self) -> bool:
        """Note that it is under way; False if nobody waits for it any more, or it has ended already."""
        return answers.begin(self.future)

    def not_sent(self, words: str) -> None:
        """Answer that nothing was sent, and why."""
        self.finish(OnceAnswer(OnceState.NOT_SENT, message=words))


AddressQuestion = Question[OnceRequest]
AckQuestion = Question[AckRequest]
AnyQuestion = Question[AnyRequest]
Kind = TypeVar("Kind", bound=AnyQuestion)


@runtime_checkable
class Askable(Protocol):
    """What some connections and jobs can do besides reading tags."""

    def ask(self, question: AnyQuestion) -> None:
        """Queue a question; any thread. It is always answered in the end, also if it is of a kind that isn't known."""


class Questions(Generic[Kind]):
    """Questions in order of arrival. When it is full or closed, one is answered at once: not sent."""

    def __init__(self, limit: int = QUEUE_LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._waiting: deque[Kind] = deque()
        self._is_closed = False

    def put(self, question: Kind) -> None:
        """Queue a question; never blocks."""
        with self._lock:
            refusal = _STOPPING if self._is_closed else message("Too many questions are waiting for this device")
            if not self._is_closed and len(self._waiting) < self._limit:
                self._waiting.append(question)
                return
        question.not_sent(refusal)

    def take(self) -> Kind | None:
        """Return the oldest question whose sender still waits for it, None if there is none."""
        with self._lock:
            while self._waiting:
                question = self._waiting.popleft()
                if question.begin():
                    return question
        return None

    def close(self) -> None:
        """Answer everything that waits, and all that comes later: not sent."""
        with self._lock:
            self._is_closed = True
            left, self._waiting = self._waiting, deque()
        for question in left:
            if question.begin():
                question.not_sent(_STOPPING)
