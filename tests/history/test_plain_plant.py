"""The plant as tables: in step with its folder at every start, and nothing that was ever known is taken away."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine, select

from history.store.plain.plant_rows import write_plant
from history.store.plain.schema import TAG_ROW
from plant_models.tag import DataType, Tag
from tests.fakes.tables_bench import TAGS, TablesBench, tables_bench, tables_plant


def start_again(one: TablesBench, tags: tuple[Tag, ...]) -> None:
    """Start with other tags."""
    one.tables.close()
    one.begin(replace(tables_plant(), tags=tags))
    one.pack()


def test_sources_pumps_and_what_hangs_on_them_can_be_asked_for(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        one.pack()
        assert one.rows("SELECT name, area, elevation FROM water_source") == [("LAKE", "NET", 1.5)]
        assert one.rows("SELECT name, device FROM pump") == [("P1", "PLC")]
        assert one.rows("SELECT name, title FROM area") == [("NET", "Network")]
        assert one.rows("SELECT name, title FROM equipment_type ORDER BY name") == [
            ("pump", "Pump"),
            ("water_source", "Water_Source"),
        ]
        ends = one.rows("SELECT from_equipment, to_equipment, kind FROM connection ORDER BY kind")
        assert ends == [("LAKE", "P1", "connects_to"), ("LAKE", "P1", "fed_by")]
        tag = one.rows("SELECT id, unit, type, low, high, equipment, member FROM tag WHERE name = 'A'")
        assert tag == [(1, "m³/h", "f64", 0, 500, "P1", "FLOW")]
        assert one.rows("SELECT name, time_zone, day_starts FROM site") == [("Small", "Europe/Berlin", "00:00")]


def test_a_changed_row_is_updated_and_a_vanished_one_stays(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        one.pack()
        start_again(one, (replace(TAGS[0], unit="l/s"), TAGS[2]))
        rows = one.rows("SELECT name, unit, is_present FROM tag ORDER BY id")
        assert rows == [("A", "l/s", 1), ("B", "m", 0), ("C", "", 1)]
        start_again(one, TAGS)
        assert one.rows("SELECT unit, is_present FROM tag ORDER BY id") == [("m³/h", 1), ("m", 1), ("", 1)]


def test_a_tag_that_only_history_knows_has_a_row(tmp_path: Path) -> None:
    with tables_bench(tmp_path, tables_plant(tags=TAGS[:1])) as one:
        one.pack()
        assert one.rows("SELECT id, name, is_present FROM tag ORDER BY id") == [(1, "A", 1), (2, "B", 0), (3, "C", 0)]


def test_a_start_at_which_nothing_has_changed_writes_nothing(tmp_path: Path) -> None:
    tags = (*TAGS, *(Tag(name=f"X{number}", type=DataType.F32) for number in range(50)))
    with tables_bench(tmp_path, tables_plant(tags=tags)) as one:
        one.pack()
        one.tables.close()
        before = (tmp_path / "tables.sqlite").read_bytes()
        start_again(one, tags)
        one.tables.close()
        assert (tmp_path / "tables.sqlite").read_bytes() == before


def test_a_plant_of_more_rows_than_are_written_at_once_is_there_as_a_whole() -> None:
    tags = tuple(Tag(name=f"X{number}", type=DataType.F32) for number in range(2_500))
    names = {number: tag.name for number, tag in enumerate(tags, 1)}
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            TAG_ROW.metadata.create_all(connection)
            assert write_plant(connection, replace(tables_plant(), tags=tags), names) > len(tags)
            rows = connection.execute(select(TAG_ROW.c.id, TAG_ROW.c.name).order_by(TAG_ROW.c.id)).all()
            assert rows == list(names.items())
    finally:
        engine.dispose()
