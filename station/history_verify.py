"""The command `history verify`: what it says while it reads, and how it ends. Main thread."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer

from database.errors import DatabaseError
from database.server import make_server_engine, server_name
from history.care.status_report import size, time_words
from history.care.verify import Fault, Progress, verify_folder, verify_server

_EVERY: Final = 20
"""Progress is told once in so many reads."""


class ProgressLine:
    """A line on the terminal that is written over again; nothing where nobody watches."""

    def __init__(self) -> None:
        self._is_watched = sys.stderr.isatty()
        self._calls = 0
        self.last = Progress()

    def tell(self, progress: Progress) -> None:
        """Show how far it is."""
        self.last = progress
        self._calls += 1
        if self._is_watched and self._calls % _EVERY == 1:
            typer.echo(f"\r{progress.file}: {progress.blobs:,} blobs, {size(progress.bytes)}   ", err=True, nl=False)

    def end(self) -> None:
        """Leave the line."""
        if self._is_watched and self._calls:
            typer.echo("", err=True)


def verify_all(data: Path, server: str, is_deep: bool) -> int:
    """Verify the files of a data folder, and a server if one is named; return how many faults there are."""
    line, count = ProgressLine(), 0
    for fault in _faults(data, server, is_deep, line):
        count += 1
        at = "" if fault.t0_us is None else f" at {time_words(fault.t0_us)}"
        typer.echo(f"{fault.file}: {fault.what}{at}: {fault.reason}")
    line.end()
    if not count:
        typer.echo(f"{line.last.blobs:,} blobs, {size(line.last.bytes)}: all as they were written")
    return count


def _faults(data: Path, server: str, is_deep: bool, line: ProgressLine) -> Iterator[Fault]:
    yield from verify_folder(data, line.tell, is_deep)
    if not server:
        return
    engine, name = make_server_engine(server), server_name(server)
    try:
        yield from verify_server(engine, name, line.tell, is_deep)
    except DatabaseError as error:
        yield Fault(name, "the server", None, str(error))
    finally:
        engine.dispose()
