"""The commands `history ...`: looking after what a station has recorded. Main thread.

They work beside a running station unless they say otherwise.
"""

from pathlib import Path
from typing import Annotated

import typer

from station.access_commands import DataFolder, FindFolders, PlantFolder

AsJson = Annotated[bool, typer.Option("--json", help="For programs instead of for people")]


def add_history_commands(app: typer.Typer, find: FindFolders) -> typer.Typer:
    """Add the group `history` and return it, so that more commands can join it.

    `find` loads a plant and knows its data folder, or leaves with the reason.
    """
    group = typer.Typer(help="Look after history: what there is, whether it is whole, backups.", no_args_is_help=True)

    @group.command()
    def status(plant: PlantFolder = None, data: DataFolder = None, as_json: AsJson = False) -> None:
        """Say what there is: files, months, hours, the newest sample, the last backup."""
        folders = find(plant, data)
        _status(folders.data, folders.plant.history.database, as_json)

    app.add_typer(group, name="history")
    return group


def _status(data: Path, server: str, as_json: bool) -> None:
    from history.care.status import folder_status
    from history.care.status_report import as_table, as_text

    found = folder_status(data, server)
    typer.echo(as_text(found) if as_json else as_table(found))
