"""History on a server, put there by a test without a station."""

from sqlalchemy import Connection, Engine, text

from history.care.files import Part
from history.store.tables import CHUNK, FRAME, ROLLUP, SEGMENT, SOURCE, TAG
from tests.fakes.packing_bench import Bench


def add_month(connection: Connection, month: str) -> None:
    """Make the partitions of a month, "2023-11"."""
    start_us, end_us = Part(month).span_us
    for table in ("hist_chunk", "hist_rollup"):
        name = f"{table}_{month.replace('-', '_')}"
        bounds = f"FOR VALUES FROM ({start_us}) TO ({end_us})"
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} {bounds}"))


def copy_to_server(one: Bench, engine: Engine) -> None:
    """Put all that a bench has on the disk into a server's tables."""
    with engine.begin() as connection, one.frames.place().engine.connect() as local:
        for month in one.parts.between(0, 2**60):
            add_month(connection, month)
        for table in (SOURCE, TAG, FRAME, SEGMENT):
            connection.execute(table.insert(), [dict(row._mapping) for row in local.execute(table.select())])
        for month in one.parts.between(0, 2**60):
            with one.parts.reading(month) as packed:
                for table in (CHUNK, ROLLUP):
                    connection.execute(table.insert(), [dict(row._mapping) for row in packed.execute(table.select())])
