"""`history migrate`: files of earlier versions, and the move to a server. Main thread; the station must be stopped."""

from pathlib import Path

import typer

from history.exchange.schema import upgrade
from station.history_running import each_second, fail, locked, told_errors


def migrate_files(data: Path) -> None:
    """Bring the file of the newest samples to the newest schema; months stay as they are, every version is read."""
    with locked(data), told_errors():
        before, after = upgrade(data)
    typer.echo(f"{data}: history had the schema {before or 'of nothing'}, and has {after}")


def move_to(data: Path, address: str, is_removed: bool) -> None:
    """Move all of it to a server, look at it again, and say what came of it, or leave with the reason."""
    from history.exchange.ends import both_ends
    from history.exchange.move import move, remove
    from history.rebuild import ask_server_for_rebuild
    from plant_models.clock import SystemClock

    tell = each_second(lambda done, total: f"{done} of {total} steps")
    try:
        with locked(data), told_errors(), both_ends(data, address, SystemClock()) as ends:
            moved = move(ends, tell)
            ask_server_for_rebuild(address)
            for text in moved.troubles:
                typer.echo(text, err=True)
            if moved.troubles:
                fail(f"{len(moved.troubles)} troubles; the files are as they were")
            if is_removed:
                remove(ends)
    except KeyboardInterrupt:
        fail("cancelled; the files are as they were, and the same command goes on from here")
    typer.echo(f"{moved.hours} hours with {moved.samples} samples are on the server; {moved.frames} frames were sent")
    typer.echo("Set [history] database in plant.toml; the station goes on there when it runs next")
