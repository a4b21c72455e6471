"""The command `history rebuild-tables`: the tables for other programs, worked out anew. Main thread."""

from typing import NoReturn

import typer

from plant_models.clock import SystemClock
from station.access_commands import AccessFolders, DataFolder, FindFolders, PlantFolder


def add_rebuild_command(group: typer.Typer, find: FindFolders) -> None:
    """Add the command to the group `history`."""

    @group.command("rebuild-tables")
    def rebuild(plant: PlantFolder = None, data: DataFolder = None) -> None:
        """Work hours and days in tables.sqlite out anew from packed history; a running station does it by itself."""
        _rebuild(find(plant, data))


def _rebuild(folders: AccessFolders) -> None:
    from database.errors import DatabaseError
    from station.errors import StationError
    from station.lock import InstanceLock

    if folders.plant.history.database:
        _ask_server(folders.plant.history.database)
        return
    if not any(folders.data.glob("history*.sqlite")):
        _fail(f"there is no history in {folders.data}")
    lock = InstanceLock(folders.data)
    try:
        lock.acquire()
    except StationError:
        rebuild = _ask
    else:
        rebuild = _at_once
    try:
        rebuild(folders)
    except DatabaseError as error:
        _fail(str(error))
    finally:
        lock.release()


def _ask_server(address: str) -> None:
    from database.errors import DatabaseError
    from history.rebuild import ask_server_for_rebuild

    try:
        ask_server_for_rebuild(address)
    except DatabaseError as error:
        _fail(str(error))
    typer.echo("The station that writes on the server works everything out anew after its next start")


def _ask(folders: AccessFolders) -> None:
    from history.rebuild import ask_for_rebuild

    months = ask_for_rebuild(folders.data)
    typer.echo(f"A station runs on {folders.data}: it works out {months} months anew, in the background")


def _at_once(folders: AccessFolders) -> None:
    from history.rebuild import rebuild_tables

    rebuild_tables(folders.plant, folders.data, SystemClock(), typer.echo)
    typer.echo(f"Worked out anew: {folders.data / 'tables.sqlite'}")


def _fail(words: str) -> NoReturn:
    typer.echo(f"clearwell: {words}", err=True)
    raise typer.Exit(1)
