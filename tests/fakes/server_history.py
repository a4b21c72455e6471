"""History on a server, put there by a test without a station."""

from sqlalchemy import Engine

from history.store.partitions import make_partitions
from history.store.tables import CHUNK, FRAME, ROLLUP, SEGMENT, SOURCE, TAG
from tests.fakes.packing_bench import Bench


def copy_to_server(one: Bench, engine: Engine) -> None:
    """Put all that a bench has on the disk into a server's tables."""
    with engine.begin() as connection, one.frames.place().engine.connect() as local:
        make_partitions(connection, one.parts.between(0, 2**60))
        for table in (SOURCE, TAG, FRAME, SEGMENT):
            connection.execute(table.insert(), [dict(row._mapping) for row in local.execute(table.select())])
        for month in one.parts.between(0, 2**60):
            with one.parts.reading(month) as packed:
                for table in (CHUNK, ROLLUP):
                    connection.execute(table.insert(), [dict(row._mapping) for row in packed.execute(table.select())])
