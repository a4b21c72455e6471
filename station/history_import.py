"""`history import`: samples of a file become history. Main thread; the station must be stopped."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import typer

from history.exchange.csv_source import CsvSource
from history.exchange.importing import Checked, check, write
from history.exchange.kept import opened
from history.exchange.layout import Layout
from history.exchange.parquet_source import ParquetSource
from history.exchange.pieces import Pieces
from history.store.part_files import NEWEST
from plant_models.clock import SystemClock
from station.access_commands import AccessFolders
from station.history_running import each_second, fail, locked, told_errors

_AHEAD_US = 300_000_000
"""How far a clock of another program may be ahead."""


class How(NamedTuple):
    """The options of the command."""

    dry_run: bool
    skip_bad: bool
    new_tags: bool
    renamed: Sequence[str]
    columns: Sequence[str]
    is_wide: bool
    separator: str
    decimal_comma: bool


def import_asked(folders: AccessFolders, file: Path, how: How) -> None:
    """Look at the whole file, then write it, and say what was done, or leave with the reason."""
    now_us = SystemClock().wall_us()
    pieces = _pieces(file, _layout(how), ZoneInfo(folders.plant.time_zone), now_us)
    try:
        with locked(folders.data), told_errors():
            checked = check(pieces, _known(folders), accepts_new=how.new_tags)
            _tell(checked, how)
            if not how.dry_run and checked.n:
                _write(pieces, checked, folders.data, now_us)
    except KeyboardInterrupt:
        fail("cancelled while the file was checked; nothing was imported")


def _write(pieces: Pieces, checked: Checked, data: Path, now_us: int) -> None:
    done, tell = 0, each_second(lambda count, total: f"{count} of {total} samples")

    def progress(count: int, total: int) -> None:
        nonlocal done
        done = count
        tell(count, total)

    try:
        write(pieces, checked, data, now_us, progress)
    except KeyboardInterrupt:
        fail(f"cancelled; {done} of {checked.n} samples are in history, and importing the file again adds the rest")
    typer.echo(f"{done} samples of {len(checked.tags)} tags imported; the station packs them when it runs next")


def _tell(checked: Checked, how: How) -> None:
    for mistake in checked.mistakes:
        typer.echo(str(mistake), err=True)
    if checked.n_bad and not how.skip_bad:
        fail(f"{checked.n_bad} rows are wrong, so nothing was imported; --skip-bad leaves them out")
    left_out = f", {checked.n_bad} rows left out" if checked.n_bad else ""
    typer.echo(f"{checked.n} samples of {len(checked.tags)} tags{left_out}")


def _known(folders: AccessFolders) -> set[str]:
    names = {tag.name for tag in folders.plant.tags}
    if (folders.data / NEWEST).exists():
        with opened(folders.data, "", SystemClock()) as kept:
            names.update(kept.names)
    return names


def _pieces(file: Path, layout: Layout, zone: ZoneInfo, now_us: int) -> Pieces:
    if file.suffix == ".parquet":
        return ParquetSource(file, layout, now_us + _AHEAD_US)
    return CsvSource(file, layout, zone, now_us + _AHEAD_US)


def _layout(how: How) -> Layout:
    columns = _pairs(how.columns, "--column")
    unknown = sorted(columns.keys() - {"time", "tag", "value", "quality"})
    if unknown:
        fail(f"--column {unknown[0]}=...: it must be time, tag, value or quality")
    return Layout(
        is_wide=how.is_wide,
        separator=how.separator,
        has_decimal_comma=how.decimal_comma,
        renamed=_pairs(how.renamed, "--map"),
        **columns,
    )


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    wrong = [text for text in texts if not all(text.partition("="))]
    if wrong:
        fail(f"{option} {wrong[0]}: write it as OLD=NEW")
    return {old: new for old, _, new in (text.partition("=") for text in texts)}
