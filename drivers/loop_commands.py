"""What waits for a connection on an event loop: commands first, then acknowledgements, then single addresses.

Put in by any thread, carried out on the loop, one after the other.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from drivers.counters import Counters
from drivers.once import NO_ANSWERS, NO_CONDITIONS, AckQuestion, AckRequest, AddressQuestion, OnceRequest, Questions
from drivers.writes import PendingWrite, WriteQueue

_ACKNOWLEDGEMENTS: Final = 1_000
"""A flood is acknowledged at once; each has its own deadline."""


class LoopCommands:
    """`write` carries out a command, `answer` and `acknowledge` what is asked; what has none of them is refused."""

    def __init__(
        self,
        counters: Counters,
        write: Callable[[PendingWrite], Awaitable[None]],
        answer: Callable[[AddressQuestion], Awaitable[None]] | None = None,
        acknowledge: Callable[[AckQuestion], Awaitable[None]] | None = None,
    ) -> None:
        self._write = write
        self._answer = answer
        self._acknowledge = acknowledge
        self._writes = WriteQueue()
        self._questions = Questions[OnceRequest]()
        self._acknowledgements = Questions[AckRequest](_ACKNOWLEDGEMENTS)
        self._new = asyncio.Event()
        self.is_closed = False
        counters.waiting_writes = self._writes.__len__

    def put(self, write: PendingWrite) -> None:
        """Queue a command; any thread. `notice` must follow on the loop."""
        self._writes.put(write)

    def ask(self, question: AddressQuestion) -> None:
        """Queue a question; any thread. `notice` must follow on the loop."""
        if self._answer is None:
            question.not_sent(NO_ANSWERS)
        else:
            self._questions.put(question)

    def acknowledge(self, question: AckQuestion) -> None:
        """Queue an acknowledgement; any thread. `notice` must follow on the loop."""
        if self._acknowledge is None:
            question.not_sent(NO_CONDITIONS)
        else:
            self._acknowledgements.put(question)

    def notice(self) -> None:
        """Look at the queues; on the loop."""
        self._new.set()

    def close(self) -> None:
        """Answer all that waits and refuse what comes later: not sent; any thread."""
        self.is_closed = True
        self._writes.close()
        self._acknowledgements.close()
        self._questions.close()

    async def serve(self) -> None:
        """Carry out what comes until cancelled."""
        while True:
            await self._new.wait()
            self._new.clear()
            while (write := self._writes.take()) is not None:
                await self._write(write)
            while self._acknowledge is not None and (passed_on := self._acknowledgements.take()) is not None:
                await self._acknowledge(passed_on)
            while self._answer is not None and (question := self._questions.take()) is not None:
                await self._answer(question)
