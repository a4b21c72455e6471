"""Migrations: self-contained, all or nothing, and the same schema as the tables in the code."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import alarms.store.tables  # noqa: F401  # registers tables
import history.store.plain.schema
import history.store.tables  # noqa: F401
import station.store.tables  # noqa: F401
from database import engine as database_engine
from database.engine import open_database
from database.metadata import METADATA
from database.migrate import (
    BRANCHES,
    HISTORY,
    MIGRATIONS,
    MONTH,
    SERVER,
    STATION,
    TABLES,
    migrate,
    newest_revision,
    present_revisions,
)
from database.server import SCHEMA, open_server
from plant_models.paths import RESOURCES
from tests.fakes.old_files import made_at


@pytest.mark.parametrize(
    ("branch", "newest"), [(STATION, "0005"), (HISTORY, "h0003"), (MONTH, "m0001"), (TABLES, "t0001")]
)
def test_the_migrated_schema_is_that_of_the_code(tmp_path: Path, branch: str, newest: str) -> None:
    def is_of_the_branch(thing: Any, _name: object, kind: str, *_: object) -> bool:
        return kind != "table" or branch in METADATA.tables[thing.name].info.get("branches", (STATION,))

    engine = open_database(tmp_path / "one.sqlite", branch)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": is_of_the_branch}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == newest
    engine.dispose()


def test_the_schema_of_a_server_is_that_of_the_code(pg_database: str) -> None:
    def is_of_the_server(thing: Any, _name: object, kind: str, *_: object) -> bool:
        return kind != "table" or (
            thing.name in METADATA.tables and SERVER in METADATA.tables[thing.name].info.get("branches", ())
        )

    engine = open_server(pg_database)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": is_of_the_server}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == newest_revision(SERVER)
    engine.dispose()


def test_a_server_is_made_once(pg_database: str) -> None:
    open_server(pg_database).dispose()
    engine = open_server(pg_database)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW search_path")).scalar_one() == SCHEMA
        assert present_revisions(connection) == [newest_revision(SERVER)]
    engine.dispose()


@pytest.mark.parametrize("branch", [STATION, HISTORY, MONTH, TABLES])
def test_migrations_need_no_table_owner(tmp_path: Path, branch: str) -> None:
    program = f"""
import sys
from pathlib import Path
from database.engine import open_database
open_database(Path({str(tmp_path / "one.sqlite")!r}), {branch!r}).dispose()
owners = ("station", "alarms", "history", "drivers", "plant_models")
assert not [name for name in sys.modules if name.startswith(owners)]
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
    assert inspect(engine).get_table_names() == ["alembic_version", "audit", "epoch", "journal", "journal_block"]
    engine.dispose()


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite"
    open_database(path).dispose()
    before = path.read_bytes()
    open_database(path).dispose()
    assert path.read_bytes() == before


@pytest.mark.parametrize("branch", [STATION, HISTORY, MONTH, TABLES, SERVER])
def test_the_newest_file_of_a_branch_is_the_head_that_alembic_sees(branch: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(BRANCHES[branch]))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [newest_revision(branch)]
    assert [Path(script.path).stem.partition("_")[0] for script in scripts.walk_revisions()] == [
        script.revision for script in scripts.walk_revisions()
    ]


@pytest.mark.parametrize("branch", [STATION, HISTORY, MONTH, TABLES])
def test_a_start_that_finds_the_newest_schema_does_without_alembic(tmp_path: Path, branch: str) -> None:
    path = tmp_path / "one.sqlite"
    open_database(path, branch).dispose()
    program = f"""
import sys
from pathlib import Path
from database.engine import open_database
open_database(Path({str(path)!r}), {branch!r}).dispose()
assert "alembic" not in sys.modules
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=RESOURCES.parent, check=False, timeout=60)
    assert ended.returncode == 0


def test_an_older_schema_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite"
    made_at(path, STATION, "0001")
    engine = open_database(path)
    assert "journal" in inspect(engine).get_table_names()
    engine.dispose()
