"""`history migrate`: files of earlier versions, and the move to a server. Main thread; the station must be stopped."""

from pathlib import Path

import typer

from history.exchange.schema import upgrade
from station.access_commands import AccessFolders
from station.history_running import each_second, fail, locked, told_errors


def migrate_files(data: Path) -> None:
    """Bring the file of the newest samples to the newest schema; months stay as they are, every version is read."""
    with locked(data), told_errors():
        before, after = upgrade(data)
    typer.echo(f"{data}: history had the schema {before or 'of nothing'}, and has {after}")


def move_to(folders: AccessFolders, address: str, remove: bool) -> None:
    """Move what is packed, and minutes, to a server."""
    from history.exchange.move import Move

    tell = each_second(lambda done, total: f"{done} of {total} groups of tags and months")
    try:
        with locked(folders.data), told_errors(), Move.opened(folders.data, address) as move:
            moved = move.run(tell)
            for text in moved.troubles:
                typer.echo(text, err=True)
            if moved.troubles:
                fail(f"{len(moved.troubles)} troubles; the files are as they were")
            if remove:
                move.remove()
    except KeyboardInterrupt:
        fail("cancelled; the files are as they were, and the same command goes on from here")
    typer.echo(f"{moved.hours} hours and {moved.minutes} minutes are on the server; samples in frames follow when the")
    typer.echo("station runs with [history] database in plant.toml")
