"""What waits for a connection on an event loop: commands first, then questions and acknowledgements.

Put in by any thread, carried out on the loop, one after the other. A border for exceptions: whatever happened, what was
asked for may have been done.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from drivers.base import WriteState
from drivers.counters import Counters
from drivers.once import NO_ANSWERS, AnyQuestion, OnceAnswer, OnceState, Questions
from drivers.writes import PendingWrite, WriteQueue
from plant_models.message import message

_QUESTIONS: Final = 1_000
"""A flood of alarms is acknowledged at once; each acknowledgement has its own deadline."""
_log = logging.getLogger(__name__)


class LoopCommands:
    """`write` carries out a command, `answer` what is asked; without `answer`, questions are refused."""

    def __init__(
        self,
        counters: Counters,
        write: Callable[[PendingWrite], Awaitable[None]],
        answer: Callable[[AnyQuestion], Awaitable[None]] | None = None,
    ) -> None:
        self._write = write
        self._answer = answer
        self._writes = WriteQueue()
        self._questions = Questions[AnyQuestion](_QUESTIONS)
        self._new = asyncio.Event()
        self.is_closed = False
        counters.waiting_writes = self._writes.__len__

    def put(self, write: PendingWrite) -> None:
        """Queue a command; any thread. `notice` must follow on the loop."""
        self._writes.put(write)

    def ask(self, question: AnyQuestion) -> None:
        """Queue a question; any thread. `notice` must follow on the loop."""
        if self._answer is None:
            question.not_sent(NO_ANSWERS)
        else:
            self._questions.put(question)

    def notice(self) -> None:
        """Look at the queues; on the loop."""
        self._new.set()

    def close(self) -> None:
        """Answer all that waits and refuse what comes later: not sent; any thread."""
        self.is_closed = True
        self._writes.close()
        self._questions.close()

    async def serve(self) -> None:
        """Carry out what comes until cancelled."""
        while True:
            await self._new.wait()
            self._new.clear()
            while (write := self._writes.take()) is not None:
                try:
                    await self._write(write)
                except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, told as unknown
                    _log.exception("a command failed")
                    write.finish(WriteState.UNKNOWN, message("Internal error: {error}", error=str(error)))
            while self._answer is not None and (question := self._questions.take()) is not None:
                try:
                    await self._answer(question)
                except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, told as unknown
                    _log.exception("a question failed")
                    words = message("Internal error: {error}", error=str(error))
                    question.finish(OnceAnswer(OnceState.UNKNOWN, message=words))
