"""The gate between one connection and the rest of the station. Closed, nothing of that connection passes any more.

A thread that hung and wakes up later can neither write old values over new ones nor send a command. Any thread.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from drivers.base import Sink, WriteState, unheard
from drivers.once import AnyQuestion, OnceAnswer, OnceState, Question
from drivers.write_words import unread
from drivers.writes import PendingWrite
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.condition import ConditionNews
from plant_models.message import message

CLOSED: Final = message("This connection is closed")


class Gate:
    """Fulfils `drivers.base.Sink` for one connection, and knows every command that it owes an answer.

    `tell` takes what the connection says of its devices' own alarms.
    """

    def __init__(self, sink: Sink, clock: Clock, tell: Callable[[ConditionNews], bool] = unheard) -> None:
        self._sink = sink
        self._tell = tell
        self._clock = clock
        self._lock = threading.Lock()
        self._is_open = True
        self._owed: dict[PendingWrite | AnyQuestion, bool] = {}
        self.offered_ns = clock.mono_ns()

    def offer(self, batch: Batch) -> bool:
        """Pass a batch on; False if it was dropped, or the gate is closed. It counts as a sign of life."""
        with self._lock:
            if not self._is_open:
                return False
            self.offered_ns = self._clock.mono_ns()
            return self._sink.offer(batch)

    def tell(self, news: ConditionNews) -> bool:
        """Pass on news of a device's own alarms; False if they were dropped, or the gate is closed."""
        with self._lock:
            return self._is_open and self._tell(news)

    def admit(self, write: PendingWrite) -> PendingWrite | None:
        """Return the write as the connection may have it, with the gate in front of its frame; None once closed."""
        on_sent = write.request.on_sent
        guarded = PendingWrite(replace(write.request, on_sent=lambda: self._release(guarded, on_sent)), write.future)
        return guarded if self._owes(guarded) else None

    def admit_question(self, question: AnyQuestion) -> AnyQuestion | None:
        """Return a question, or an acknowledgement, in the same way."""
        on_sent = question.request.on_sent
        guarded: AnyQuestion = Question(
            replace(question.request, on_sent=lambda: self._release(guarded, on_sent)), question.future
        )
        return guarded if self._owes(guarded) else None

    def fail(self, guarded: PendingWrite | AnyQuestion, why: str) -> None:
        """Answer what its connection can't: not sent, or unknown if its frame may have left."""
        is_sent = self._owed.get(guarded, False)
        if isinstance(guarded, Question):
            state = OnceState.UNKNOWN if is_sent else OnceState.NOT_SENT
            guarded.finish(OnceAnswer(state, message=unread("", why) if is_sent else why))
        elif is_sent:
            guarded.finish(WriteState.UNKNOWN, unread("", why))
        else:
            guarded.finish(WriteState.NOT_SENT, why)

    def close(self, why: str) -> None:
        """Let nothing pass from now on, and answer all commands that are owed an answer."""
        with self._lock:
            self._is_open = False
            owed = list(self._owed)
        for guarded in owed:
            self.fail(guarded, why)

    def _owes(self, guarded: PendingWrite | AnyQuestion) -> bool:
        """Note that an answer is owed; False once the gate is closed."""
        with self._lock:
            if not self._is_open:
                return False
            self._owed[guarded] = False
        guarded.future.add_done_callback(lambda _: self._owed.pop(guarded, None))
        return True

    def _release(self, guarded: PendingWrite | AnyQuestion, on_sent: Callable[[], None]) -> None:
        """Let a frame leave now; raises, so that it doesn't, once the gate is closed."""
        with self._lock:
            self._check_open()
            self._owed[guarded] = True
        on_sent()
        with self._lock:  # recording it may have taken long
            self._check_open()

    def _check_open(self) -> None:
        if not self._is_open:
            raise RuntimeError(CLOSED)
