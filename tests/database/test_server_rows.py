"""The tables of journal and audit on a server have the columns of those in the station's file."""

import pytest
from sqlalchemy import BigInteger, Double, Table, Text, inspect

from alarms.store.tables import JOURNAL
from database.server import open_server
from station.store.tables import AUDIT

KINDS = {"INTEGER": BigInteger, "BIGINT": BigInteger, "TEXT": Text}


@pytest.mark.parametrize("table", [JOURNAL, AUDIT])
def test_a_server_has_every_column_of_the_station(pg_database: str, table: Table) -> None:
    engine = open_server(pg_database)
    there = {column["name"]: column for column in inspect(engine).get_columns(table.name)}
    keys = inspect(engine).get_pk_constraint(table.name)["constrained_columns"]
    engine.dispose()
    assert list(there) == ["node", *[name for name in there if name != "node"]]
    assert set(there) == {"node", *table.columns.keys()}
    assert keys == ["node", "epoch", "seq"]
    for column in table.columns:
        assert isinstance(there[column.name]["type"], KINDS.get(str(column.type), Double))
        assert there[column.name]["nullable"] == column.nullable
