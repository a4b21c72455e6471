"""The commands `history export`, `history import` and `history migrate`: what leaves history, comes in, and moves.

Main thread. An export works beside a running station, the others need it to be stopped.
"""

from pathlib import Path
from typing import Annotated

import typer

from station.access_commands import FindFolders

File = Annotated[Path, typer.Argument(help="A name that ends with .csv or .parquet")]
PlantOption = Annotated[Path | None, typer.Option("--plant", help="The plant folder; the demo if left out")]
DataOption = Annotated[Path | None, typer.Option("--data", help="Where the station keeps its database and log")]
Database = Annotated[str, typer.Option(help="Address of the server, if it isn't that of plant.toml")]


def add_exchange_commands(group: typer.Typer, find: FindFolders) -> None:
    """Add the commands to the group; `find` loads a plant and knows its data folder, or leaves with the reason."""

    @group.command("export")
    def export_file(
        file: File,
        tags: Annotated[str, typer.Option(help="Which tags: * and ? stand for any letters")] = "*",
        start: Annotated[str, typer.Option("--from", help="ISO 8601; the first sample if left out")] = "",
        end: Annotated[str, typer.Option("--to", help="ISO 8601; now if left out")] = "",
        every: Annotated[str, typer.Option(help="Intervals: 1d, 1h, or minutes such as 15min; else raw samples")] = "",
        excel: Annotated[bool, typer.Option("--excel", help="CSV with semicolons and decimal commas")] = False,
        force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there")] = False,
        plant: PlantOption = None,
        data: DataOption = None,
        database: Database = "",
    ) -> None:
        """Write samples or intervals into a CSV or Parquet file."""
        from station.history_export import Asked, export_asked

        export_asked(find(plant, data), file, Asked(tags, start, end, every, excel, force, database))

    @group.command("import")
    def import_file(
        file: File,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look for mistakes")] = False,
        skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out what is wrong")] = False,
        new_tags: Annotated[bool, typer.Option("--new-tags", help="Take tags that the plant doesn't have")] = False,
        renamed: Annotated[list[str] | None, typer.Option("--map", metavar="OLD=NEW", help="Rename a tag")] = None,
        columns: Annotated[
            list[str] | None, typer.Option("--column", metavar="WHAT=NAME", help="WHAT: time, tag, value, quality")
        ] = None,
        wide: Annotated[bool, typer.Option("--wide", help="Each column but the time is a tag")] = False,
        separator: Annotated[str, typer.Option(help="Between cells; found out if left out")] = "",
        decimal_comma: Annotated[bool, typer.Option("--decimal-comma", help="Numbers as 3,14")] = False,
        plant: PlantOption = None,
        data: DataOption = None,
    ) -> None:
        """Take samples of a CSV or Parquet file into history; the station must be stopped."""
        from station.history_import import How, import_asked

        how = How(
            dry_run, skip_bad, new_tags, tuple(renamed or ()), tuple(columns or ()), wide, separator, decimal_comma
        )
        import_asked(find(plant, data), file, how)

    @group.command()
    def migrate(
        to: Annotated[str, typer.Option(help="Address of a server that history shall move to")] = "",
        remove: Annotated[bool, typer.Option("--remove", help="Remove from the files what the server has")] = False,
        plant: PlantOption = None,
        data: DataOption = None,
    ) -> None:
        """Bring the files to the newest version, or move history to a server; the station must be stopped."""
        from station.history_migrate import migrate_files, move_to

        folders = find(plant, data)
        if to:
            move_to(folders.data, to, remove)
        else:
            migrate_files(folders.data)
