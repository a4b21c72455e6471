"""`python -m benchmarks NAME [--json FILE]`; without a name, all of them."""

import importlib
from pathlib import Path
from typing import Annotated

import orjson
import typer

from benchmarks.figure import as_json, as_table

NAMES = ("start", "load", "table", "alarms", "latency", "stall", "history", "tables", "drivers")
PARTS = (
    "alarm_backtest",
    "alarm_banner",
    "alarm_conditions",
    "alarm_flood",
    "alarm_journal",
    "alarm_list",
    "history_clients",
    "history_codec",
    "history_forward",
    "history_ingest",
    "history_year",
)
"""What can be run alone as well."""


def main(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)} or their parts; all if left out")] = "",
    json: Annotated[Path | None, typer.Option(help="Also write the figures to this file")] = None,
) -> None:
    """Measure, print a table, and say whether each target is met."""
    if name and name not in NAMES + PARTS:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(NAMES + PARTS)}")
    results = []
    for each in [name] if name else NAMES:
        figures = importlib.import_module(f"benchmarks.{each}").run()
        print(f"\n{each}\n{as_table(figures)}")
        results.append(as_json(each, figures))
    if json:
        json.write_bytes(orjson.dumps(results[0] if name else results, option=orjson.OPT_INDENT_2))


typer.run(main)
