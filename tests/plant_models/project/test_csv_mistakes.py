"""Tables that aren't the tables they should be."""

import pytest

from plant_models.project import Finding
from plant_models.project.records import split_records
from plant_models.project.table import parse_table
from tests.fakes.plant_folder import PlantFolder

UNITS = "m³/h, l/s, m, bar, mg/l, NTU, °C, kW, % or h"


def test_missing_file(plant: PlantFolder) -> None:
    (plant.path / "tags.csv").unlink()
    assert plant.check() == ["tags.csv:1:1: the file is missing; add it to the plant folder"]


def test_folder_that_is_none(plant: PlantFolder) -> None:
    plant.path = plant.path / "nowhere"
    assert plant.check() == [f"{plant.path}:1:1: not a folder; name the folder of a plant"]


def test_file_without_a_header(plant: PlantFolder) -> None:
    plant.write("alarms.csv", "# nothing here\n")
    assert plant.check()[0].startswith("alarms.csv:1:1: no header line; begin with tag,kind,limit")


def test_wrong_column_in_the_header(plant: PlantFolder) -> None:
    plant.write("tags.csv", "name,typ,unit\n")
    assert plant.check() == ["tags.csv:1:6: unknown column 'typ'; did you mean 'type'?"]


def test_misspelt_column_is_not_told_again_in_every_row(plant: PlantFolder) -> None:
    plant.replace("tags.csv", "type", "typ")
    plant.register("A", "hr:0")
    plant.add("alarms.csv", tag="A", kind="H", limit="1")
    assert plant.check() == ["tags.csv:1:18: unknown column 'typ'; did you mean 'type'?"]


def test_column_beside_all_the_others_leaves_the_rows_readable(plant: PlantFolder) -> None:
    plant.replace("tags.csv", "history\n", "history,colour\n")
    plant.register("A", "hr:0", unit="foo")
    assert [text.split(": ")[0] for text in plant.check()] == ["tags.csv:1:185", "tags.csv:2:8"]


def test_column_twice_in_the_header(plant: PlantFolder) -> None:
    plant.write("tags.csv", "name,unit,unit\n")
    assert plant.check() == ["tags.csv:1:11: column 'unit' stands twice; remove one of them"]


def test_no_name_column(plant: PlantFolder) -> None:
    plant.write("equipment.csv", "type,area\ngadget,A1\n")
    assert plant.check()[0].startswith("equipment.csv:1:1: no column 'name'; begin with name,type,")


def test_header_with_broken_quotes(plant: PlantFolder) -> None:
    plant.write("tags.csv", '"name"s,unit\nA,m\n')
    plant.add("alarms.csv", tag="A", kind="H", limit="1")
    assert plant.check() == [
        'tags.csv:1:1: a quoted cell goes on after its closing quote; write a quote inside a cell as ""'
    ]


def test_too_many_cells(plant: PlantFolder) -> None:
    plant.write("tags.csv", "name,unit\nA,m,5\n")
    assert plant.check() == [
        "tags.csv:2:5: 3 cells under 2 columns; remove the cells beyond, or quote the cell that holds a separator"
    ]


def test_empty_cells_beyond_the_last_column_are_excels_habit(plant: PlantFolder) -> None:
    plant.write("tags.csv", "name,unit,,\nA,m,,\n,,,\n")
    assert plant.check() == []


def test_too_few_cells_are_empty_ones(plant: PlantFolder) -> None:
    plant.write("tags.csv", "name,type,unit\nA,f64\n")
    assert plant.load().tags[0].unit == ""


def test_a_10_mb_cell(plant: PlantFolder) -> None:
    plant.tag("A", description="x" * 10_000_000)
    plant.tag("B", unit="foo")
    assert plant.check() == [
        "tags.csv:2:1: the row is longer than 32767 characters; shorten its cells",
        "tags.csv:3:5: B: unknown unit 'foo'; use a unit such as " + UNITS,
    ]


def test_a_quoted_10_mb_cell_over_many_lines(plant: PlantFolder) -> None:
    plant.tag("A", description='"' + ("x" * 99 + "\n") * 100_000 + '"')
    plant.tag("B", unit="foo")
    assert plant.check() == [
        "tags.csv:2:1: the row is longer than 32767 characters; shorten its cells",
        "tags.csv:100003:5: B: unknown unit 'foo'; use a unit such as " + UNITS,
    ]


def test_more_lines_than_any_plant_has(plant: PlantFolder) -> None:
    plant.write("alarms.csv", "x\n" * 500_001)
    assert plant.check()[0] == "alarms.csv:500000:1: more than 500000 lines; split the plant or remove rows"


def test_quote_that_is_never_closed_leaves_the_other_rows_alone(plant: PlantFolder) -> None:
    plant.tag("A", description='"pump')
    plant.tag("B", unit="foo")
    assert plant.check() == [
        "tags.csv:2:3: a quote is opened and never closed; close it, or remove it",
        "tags.csv:3:5: B: unknown unit 'foo'; use a unit such as " + UNITS,
    ]


def test_text_after_a_closing_quote(plant: PlantFolder) -> None:
    plant.tag("A", description='"big" pump')
    assert plant.check() == [
        'tags.csv:2:1: a quoted cell goes on after its closing quote; write a quote inside a cell as ""'
    ]


def test_quote_inside_an_unquoted_cell_is_a_character(plant: PlantFolder) -> None:
    plant.tag("A", description='5" pipe')
    plant.tag("B")
    assert [tag.description for tag in plant.load().tags] == ['5" pipe', ""]


def test_line_numbers_count_lines_of_quoted_cells(plant: PlantFolder) -> None:
    plant.tag("A", description='"two\nlines"')
    plant.tag("B", unit="foo")
    assert plant.check() == ["tags.csv:4:5: B: unknown unit 'foo'; use a unit such as " + UNITS]


def test_cell_after_a_line_break_has_its_own_line(plant: PlantFolder) -> None:
    plant.tag("A", description='"two\nlines"', unit="foo")
    assert plant.check() == ["tags.csv:3:9: A: unknown unit 'foo'; use a unit such as " + UNITS]


def test_unreadable_encoding(plant: PlantFolder) -> None:
    plant.write("tags.csv", b"name,unit\nA,m\nB," + "m³/h\n".encode("latin-1"))
    assert plant.check() == ['tags.csv:3:4: byte 17 (0xB3) is not UTF-8; save as UTF-8 (in Excel: "CSV UTF-8")']


def test_utf_16_as_excels_unicode_text(plant: PlantFolder) -> None:
    plant.write("tags.csv", "name\tunit\n".encode("utf-16"))
    assert plant.check()[0].startswith("tags.csv:1:1: byte 0 (0xFF) is not UTF-8")


def test_control_character(plant: PlantFolder) -> None:
    plant.write("tags.csv", "name,unit\nA,\x00\n")
    assert plant.check() == ["tags.csv:2:3: control character 0x00; remove it"]


def test_file_of_more_than_64_mb(plant: PlantFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plant_models.project.source.MAX_BYTES", 1000)
    plant.write("alarms.csv", "#" * 1001)
    assert plant.check() == ["alarms.csv:1:1: the file is larger than 64 MB; split the plant or remove data"]


def test_file_that_is_a_folder(plant: PlantFolder) -> None:
    (plant.path / "alarms.csv").unlink()
    (plant.path / "alarms.csv").mkdir()
    assert plant.check()[0].startswith("alarms.csv:1:1: the file can't be read")


def test_quotes_that_stay_open_are_searched_to_the_end_only_once() -> None:
    findings: list[Finding] = []
    records = list(split_records('x"y,"z\n' * 50_000, "t.csv", 100, findings))
    assert len(findings) == 50_000
    assert records == []


def test_a_table_can_be_parsed_without_a_folder() -> None:
    table = parse_table("name,unit\nA,m\n", "t.csv", ("name", "unit"), (), [])
    assert table is not None
    assert table.rows == [["A", "m"]]
