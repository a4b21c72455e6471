"""The commands `history ...`: looking after what a station has recorded. Main thread.

They work beside a running station unless they say otherwise.
"""

from pathlib import Path
from typing import Annotated

import typer

from station.access_commands import DataFolder, FindFolders, PlantFolder, fail

AsJson = Annotated[bool, typer.Option("--json", help="For programs instead of for people")]
Deep = Annotated[bool, typer.Option("--deep", help="Also compare roll-ups to the hours that they stand for")]
Database = Annotated[str, typer.Option(help="Address of a server; the one of plant.toml if left out")]
BackupFolder = Annotated[Path, typer.Argument(help="The folder of the backup")]
NewFolder = Annotated[Path | None, typer.Option("--data", help="A folder that doesn't exist yet, or is empty")]
NewDatabase = Annotated[str, typer.Option("--database", help="Address of an empty database on a server")]
PlantOption = Annotated[Path | None, typer.Option("--plant", help="The plant folder; the demo if left out")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed")]


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

    @group.command()
    def verify(plant: PlantFolder = None, data: DataFolder = None, deep: Deep = False, database: Database = "") -> None:
        """Read all of it again, every page and every blob, and name what is broken."""
        folders = find(plant, data)
        _verify(folders.data, database or folders.plant.history.database, deep)

    @group.command()
    def backup(
        folder: BackupFolder, plant: PlantOption = None, data: DataFolder = None, database: Database = ""
    ) -> None:
        """Copy all of it, audit and journal too, and read the copy back; a month that hasn't changed is copied once."""
        from station.history_backup import back_up

        folders = find(plant, data)
        back_up(folders, folder, database or folders.plant.history.database)

    @group.command()
    def restore(folder: BackupFolder, data: NewFolder = None, database: NewDatabase = "") -> None:
        """Put a backup into a new data folder, or what it has of a server into an empty database, or both."""
        from station.history_backup import put_back

        put_back(folder, data, database)

    @group.command()
    def prune(plant: PlantFolder = None, data: DataFolder = None, dry_run: DryRun = False) -> None:
        """Remove the months that are older than they are to be kept: keep_days in plant.toml."""
        from station.history_prune import prune_all

        prune_all(find(plant, data), dry_run)

    app.add_typer(group, name="history")
    return group


def _status(data: Path, server: str, as_json: bool) -> None:
    from history.care.status import folder_status
    from history.care.status_report import as_table, as_text

    found = folder_status(data, server)
    typer.echo(as_text(found) if as_json else as_table(found))


def _verify(data: Path, server: str, is_deep: bool) -> None:
    from station.history_verify import verify_all

    count = verify_all(data, server, is_deep)
    if count:
        fail(f"faults: {count}; docs/how-to/look-after-history.md says what can be done")
