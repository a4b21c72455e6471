"""Migrations: self-contained, all or nothing, and the same schema as the tables in the code."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import station.store.tables  # noqa: F401  # registers the tables
from database import engine as database_engine
from database.engine import open_database
from database.metadata import METADATA
from database.migrate import migrate
from plant_models.paths import RESOURCES


def test_the_migrated_schema_is_that_of_the_code(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "station.sqlite")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == "0001"
    engine.dispose()


def test_migrations_need_no_table_owner(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from database.engine import open_database
open_database(Path({str(tmp_path / "station.sqlite")!r})).dispose()
assert not [name for name in sys.modules if name.startswith(("station", "drivers", "plant_models"))]
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=RESOURCES.parent, check=False, timeout=60)
    assert ended.returncode == 0


def test_a_migration_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        migrate(*arguments)  # type: ignore[arg-type]
        raise RuntimeError("power cut")

    path = tmp_path / "station.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr(database_engine, "migrate", fail)
        with pytest.raises(RuntimeError, match="power cut"):
            open_database(path)
    engine = open_database(path)
    assert inspect(engine).get_table_names() == ["alembic_version", "audit", "epoch"]
    engine.dispose()


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite"
    open_database(path).dispose()
    before = path.read_bytes()
    open_database(path).dispose()
    assert path.read_bytes() == before
