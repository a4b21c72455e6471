"""A statement that is compiled once runs on every engine, with the values of each run."""

from pathlib import Path

from sqlalchemy import bindparam, insert, select

from database.engine import open_database
from database.migrate import MONTH
from database.prepared import Prepared
from database.server import open_server
from history.store.tables import ROLLUP

BODIES = Prepared(select(ROLLUP.c.body).where(ROLLUP.c.tag == bindparam("tag"), ROLLUP.c.t0_us < bindparam("before")))


def test_it_runs_on_every_file_with_its_own_values(tmp_path: Path) -> None:
    for name in ("one", "two"):
        engine = open_database(tmp_path / f"{name}.sqlite", MONTH)
        with engine.begin() as connection:
            row = {"tag": 1, "level_us": 60, "t0_us": 5, "t1_us": 6, "body": name.encode()}
            connection.execute(insert(ROLLUP), row)
            assert BODIES.run(connection, tag=1, before=9).scalars().all() == [name.encode()]
            assert BODIES.run(connection, before=5, tag=1).scalars().all() == []
            assert BODIES.run(connection, tag=2, before=9).scalars().all() == []
        engine.dispose()


def test_it_runs_on_a_server(pg_database: str) -> None:
    engine = open_server(pg_database)
    with engine.connect() as connection:
        assert BODIES.run(connection, tag=1, before=9).all() == []
    engine.dispose()
