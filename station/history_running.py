"""What commands of history share: how far they are, the lock of the data folder, and how they fail. Main thread."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from plant_models.clock import SystemClock

_SECOND_NS = 1_000_000_000


def fail(text: object) -> NoReturn:
    """Say what is wrong in one line, and leave with an error."""
    typer.echo(f"clearwell: {text}", err=True)
    raise typer.Exit(1)


@contextmanager
def told_errors() -> Iterator[None]:
    """Leave with the reason if something can't be done."""
    from database.errors import DatabaseError
    from history.exchange.errors import ExchangeError

    try:
        yield
    except (DatabaseError, ExchangeError) as error:
        fail(error)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Keep the data folder for this command, or say which station has it."""
    from station.errors import StationError
    from station.lock import InstanceLock

    lock = InstanceLock(data)
    try:
        lock.acquire()
    except StationError as error:
        fail(error)
    try:
        yield
    finally:
        lock.release()


def each_second(text: Callable[..., str]) -> Callable[..., None]:
    """Return a function that writes what `text` makes of its arguments to the terminal once a second at most."""
    clock = SystemClock()
    last_ns = clock.mono_ns()

    def tell(*values: int) -> None:
        nonlocal last_ns
        if clock.mono_ns() - last_ns >= _SECOND_NS:
            last_ns = clock.mono_ns()
            sys.stderr.write(f"\r{text(*values)}\033[K" if sys.stderr.isatty() else f"{text(*values)}\n")
            sys.stderr.flush()

    return tell
