"""The structured log: one JSON object a line in the data folder, and warnings on the console.

Loggers only put records into a bounded queue; a thread of its own writes them, so that no other thread waits for the
disk. There is no line per sample. Libraries' own warnings go to the file too.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import Queue
from typing import Any, Final

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from plant_models.clock import Clock

LOG_NAME: Final = "station.log"
MAX_BYTES: Final = 5_000_000
KEPT_FILES: Final = 5
OWN_LOGGERS: Final = frozenset({"clearwell", "plant_models", "drivers", "station", "hmi"})
"""First parts of the names whose warnings reach the console; libraries' stay in the file."""
_WAITING_LINES: Final = 10_000


@contextmanager
def logging_to(folder: Path, clock: Clock) -> Iterator[None]:
    """Log to `folder` while the block runs; afterwards logging is as it was before.

    Raises:
        OSError: the file can't be written.
    """
    stages: list[Processor] = [_Stamp(clock), structlog.stdlib.add_log_level, structlog.processors.format_exc_info]
    file = _PrivateFile(folder / LOG_NAME, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8")
    file.setFormatter(_formatter(stages, structlog.processors.JSONRenderer()))
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(logging.WARNING)
    console.addFilter(lambda record: record.name.partition(".")[0] in OWN_LOGGERS)
    console.setFormatter(_formatter(stages, _drop_traceback, structlog.dev.ConsoleRenderer(colors=False)))
    waiting: Queue[Any] = Queue(_WAITING_LINES)
    inlet, listener = _Inlet(waiting), QueueListener(waiting, file, console, respect_handler_level=True)
    with _configured([*stages, ProcessorFormatter.wrap_for_formatter], inlet):
        listener.start()
        try:
            yield
        finally:
            listener.stop()
            file.close()


@contextmanager
def _configured(processors: list[Processor], inlet: logging.Handler) -> Iterator[None]:
    before = structlog.get_config()
    root = logging.getLogger()
    structlog.configure(
        processors=processors,
        logger_factory=_OwnLogger(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    root.addHandler(inlet)
    try:
        yield
    finally:
        root.removeHandler(inlet)
        structlog.configure(**before)


def _formatter(stages: list[Processor], *rendering: Processor) -> ProcessorFormatter:
    return ProcessorFormatter(
        processors=[ProcessorFormatter.remove_processors_meta, *rendering], foreign_pre_chain=stages
    )


def _drop_traceback(_logger: object, _method: str, event: EventDict) -> EventDict:
    """A person gets the line; the file keeps the rest."""
    event.pop("exception", None)
    event.pop("exc_info", None)
    return event


class _OwnLogger:
    """One logger for all of Clearwell, so that its level is ours alone."""

    def __call__(self, *_names: object) -> logging.Logger:
        logger = logging.getLogger("clearwell")
        logger.setLevel(logging.INFO)
        return logger


class _Stamp:
    """Adds the wall time of the injected clock, ISO 8601 in UTC."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        event["at"] = datetime.fromtimestamp(self._clock.wall_us() / 1e6, UTC).isoformat(timespec="milliseconds")
        return event


class _Inlet(QueueHandler):
    """Passes records on as they are; the standard one would turn the event into text too early."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record


class _PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        return open(
            self.baseFilename,
            "a",
            encoding=self.encoding,
            opener=lambda name, flags: os.open(name, flags, 0o600),
        )
