"""`history migrate`: files of earlier versions. Main thread; the station must be stopped."""

from pathlib import Path

import typer

from history.exchange.schema import upgrade
from station.history_running import locked, told_errors


def migrate_files(data: Path) -> None:
    """Bring the file of the newest samples to the newest schema; months stay as they are, every version is read."""
    with locked(data), told_errors():
        before, after = upgrade(data)
    typer.echo(f"{data}: history had the schema {before or 'of nothing'}, and has {after}")
