"""History that is packed under a test's hand, with the tables for other programs beside it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from database.server import open_server
from history.manual_change import ManualChanges
from history.packer import Packer
from history.plain_tables import PlainTables
from history.store.plain.place import TablesFile, TablesPlace, TablesServer
from history.store.plain.schema import TABLES_NAME
from plant_models.equipment import Equipment, EquipmentType
from plant_models.history_settings import HistorySettings
from plant_models.plant import Area, Plant
from plant_models.tag import Tag
from tests.fakes.packing_bench import HOLD_US, RULE, Bench

TAGS = (
    Tag(
        name="A", unit="m³/h", low=0, high=500, device="PLC", address="hr:0", area="NET", equipment="P1", member="FLOW"
    ),
    Tag(name="B", unit="m"),
    Tag(name="C"),
)


def tables_plant(zone: str = "Europe/Berlin", day_starts: time = time(0), tags: Sequence[Tag] = TAGS) -> Plant:
    """Return a plant of three tags, a source and a pump."""
    kinds = [EquipmentType(name=name, title=name.title(), symbol=name, members=()) for name in ("water_source", "pump")]
    source = Equipment(name="LAKE", type="water_source", area="NET", connects_to=("P1",), elevation=1.5)
    pump = Equipment(name="P1", type="pump", area="NET", fed_by=("LAKE",), device="PLC", address="hr:0")
    return Plant(
        folder=Path("/nowhere"),
        name="Small",
        time_zone=zone,
        home="",
        is_simulated=False,
        areas=(Area("NET", "Network"),),
        scan_s={"normal": 1.0},
        devices={},
        types={kind.name: kind for kind in kinds},
        equipment={each.name: each for each in (source, pump)},
        tags=tuple(tags),
        alarms=(),
        displays={},
        history=HistorySettings(day_starts=day_starts),
    )


class TablesBench(Bench):
    """A bench whose packer writes the tables as well. `begin` puts others in their place, as a new start does."""

    def __init__(self, folder: Path, plant: Plant, address: str = "") -> None:
        super().__init__(folder, address)
        self.folder = folder
        self.engine: Engine | None = open_server(address) if address else None
        self.begin(plant)

    def begin(self, plant: Plant, manual: ManualChanges | None = None) -> None:
        place: TablesPlace = TablesServer(self.home) if self.engine else TablesFile(self.folder, self.clock)
        self.place = place
        self.tables = PlainTables(place, self.parts, self.segments, plant, manual)
        self.packer = Packer(
            self.segments, self.parts, lambda tag: RULE, HOLD_US, self.clock, self._keeping_of, self.tables
        )

    def close(self) -> None:
        self.tables.close()
        if self.engine:
            self.engine.dispose()
        super().close()

    def go_on(self, hours: float) -> None:
        """Let hours pass in which only C is heard of, at their end, and pack all that is due."""
        self.clock.advance(hours * 3600)
        self.record((2, self.clock.wall_us(), 1.0, 0))
        self.pack()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what another program reads."""
        if self.engine:
            with self.engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query))]
        with closing(sqlite3.connect(f"file:{self.folder / TABLES_NAME}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()


@contextmanager
def tables_bench(folder: Path, plant: Plant | None = None, address: str = "") -> Iterator[TablesBench]:
    made = TablesBench(folder, plant or tables_plant(), address)
    try:
        yield made
    finally:
        made.close()
