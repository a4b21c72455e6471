"""The futures that senders of commands and questions hold: begun and finished at most once, whoever comes first.

A connection that is given up is answered for by the thread that gives it up, while its own thread, or the one that
closes it, may be about to do the same. Any thread.
"""

import contextlib
from concurrent.futures import Future, InvalidStateError
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def begin(future: Future[Any]) -> bool:
    """Note that it is under way; False if nobody waits for it any more, or it has ended already."""
    if future.done():
        return False
    try:
        return future.set_running_or_notify_cancel()
    except RuntimeError:  # it has ended just now
        return False


def finish(future: Future[Answer], answer: Answer) -> None:
    """Answer it; the second and later answers are ignored, and so is one that nobody waits for."""
    with contextlib.suppress(InvalidStateError):
        future.set_result(answer)
