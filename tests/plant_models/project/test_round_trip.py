"""Canonical files survive load and save byte for byte; others are normalised once."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.project import PlantError, read_document, save_plant
from plant_models.project.display_text import render_display
from plant_models.project.document import TABLES
from plant_models.project.finding import Finding
from plant_models.project.source import decode
from plant_models.project.table import Table, parse_table
from tests.fakes.plant_folder import PlantFolder

COLUMNS = ("name", "description", "unit")
NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,8}(\.[A-Za-z0-9_-]{1,8})?", fullmatch=True)
CHARACTERS = st.one_of(
    st.sampled_from('",;# \n\t²é'), st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff")
)
CELLS = st.text(CHARACTERS, max_size=12)
ROWS = st.tuples(NAMES, CELLS, CELLS)
COMMENTS = st.lists(
    st.text(CHARACTERS.filter(lambda c: c != "\n"), max_size=10).map(lambda text: ("#" + text).rstrip(",; \t")),
    max_size=2,
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables as the program may hold them: any cells, comments anywhere."""
    rows = draw(st.lists(ROWS, max_size=6))
    comments = {place: draw(COMMENTS) for place in range(-1, len(rows) + 1)}
    used = {place: lines for place, lines in comments.items() if lines}
    return Table("t.csv", COLUMNS, header=list(COLUMNS), rows=[list(row) for row in rows], comments=used)


def parsed(text: str) -> Table:
    findings: list[Finding] = []
    table = parse_table(text, "t.csv", COLUMNS, (), findings)
    assert findings == []
    assert table is not None
    return table


@given(tables())
def test_every_cell_and_comment_survives(table: Table) -> None:
    again = parsed(table.render())
    assert again.rows == table.rows
    assert again.comments == table.comments


@given(tables())
def test_a_written_table_is_canonical(table: Table) -> None:
    text = table.render()
    decoded = decode(text.encode(), "t.csv", [])
    assert decoded is not None
    assert parsed(decoded).render() == text


@given(tables())
def test_every_cell_is_found_at_its_line_and_column(table: Table) -> None:
    text = table.render()
    again = parsed(text)
    lines = text.split("\n")
    for row, cells in enumerate(again.rows):
        for column, cell in zip(COLUMNS, cells, strict=True):
            place = again.finding(row, column, "", "")
            start = lines[place.line - 1][place.column - 1 :]
            assert start.startswith(('"', cell.split("\n")[0]))


@given(st.text(st.sampled_from('ab",;#\n\r '), max_size=60))
def test_any_text_gives_a_table_or_findings(text: str) -> None:
    findings: list[Finding] = []
    decoded = decode(f"a,b\n{text}".encode(), "t.csv", findings)
    assert decoded is not None
    table = parse_table(decoded, "t.csv", ("a", "b"), (), findings)
    assert table is not None
    assert all(len(row) == 2 for row in table.rows)
    if not findings:
        again = parse_table(table.render(), "t.csv", ("a", "b"), (), [])
        assert again is not None
        assert again.rows == table.rows


@given(st.text(st.sampled_from('ab",;#\n '), max_size=20))
def test_any_header_gives_a_table_or_findings(text: str) -> None:
    findings: list[Finding] = []
    table = parse_table(text, "t.csv", ("a", "b"), (), findings)
    assert table is not None or findings


@given(st.binary(max_size=60))
def test_any_bytes_give_a_text_or_a_finding(data: bytes) -> None:
    findings: list[Finding] = []
    text = decode(data, "t.csv", findings)
    assert (text is None) == (len(findings) == 1)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"kind": CELLS, "id": CELLS, "box": st.lists(st.integers(-9, 9), min_size=4, max_size=4)},
            optional={"options": st.dictionaries(CELLS, CELLS, max_size=3), "tag": CELLS},
        ),
        max_size=5,
    )
)
def test_displays_survive_with_one_item_per_line(items: list[dict[str, object]]) -> None:
    data = {"title": "Tänk", "items": items, "format": 1}
    text = render_display(data)
    assert json.loads(text) == data
    assert render_display(json.loads(text)) == text
    assert text.count("\n") == len(items) + 2


def test_canonical_folder_survives_byte_for_byte(plant: PlantFolder) -> None:
    plant.write(
        "tags.csv",
        "# Comments\n\n"
        + plant.read("tags.csv")
        + "# between\n"
        + 'A,"5"" pipe, old"'
        + "," * (len(TABLES["tags.csv"][0]) - 2)
        + "\n\n# end\n",
    )
    plant.write("plant.toml", plant.read("plant.toml") + "# Comments survive, and   spaces\n")
    plant.write("displays/a.json", render_display({"format": 1, "title": "A", "items": [{"id": "x"}, {"id": "y"}]}))
    before = {path: path.read_bytes() for path in plant.path.rglob("*") if path.is_file()}
    assert save_plant(read_document(plant.path)) == []
    assert {path: path.read_bytes() for path in plant.path.rglob("*") if path.is_file()} == before


def test_other_files_are_normalised_once_and_named(plant: PlantFolder) -> None:
    plant.write("equipment.csv", "type,name,area\ngadget,G1,A1\n")
    plant.write("devices.toml", plant.read("devices.toml").replace("\n", "\r\n"))
    plant.write("displays/a.json", '{"items": [{"kind": "text", "id": "x"}], "format": 1}')
    assert save_plant(read_document(plant.path)) == ["devices.toml", "displays/a.json", "equipment.csv"]
    assert plant.read("equipment.csv").split("\n")[1] == "G1,gadget,,A1,,,,,,,,,,"
    assert plant.read("displays/a.json") == '{"format": 1, "items": [\n  {"id": "x", "kind": "text"}\n]}\n'
    assert save_plant(read_document(plant.path)) == []


def test_a_changed_cell_changes_one_line(plant: PlantFolder) -> None:
    plant.tag("A")
    plant.tag("B")
    before = plant.read("tags.csv").split("\n")
    document = read_document(plant.path)
    document.tables["tags.csv"].rows[1][1] = "Second, of two"
    assert save_plant(document) == ["tags.csv"]
    after = plant.read("tags.csv").split("\n")
    assert [number for number, line in enumerate(after) if line != before[number]] == [2]


def test_a_file_that_can_not_be_read_without_loss_is_not_saved(plant: PlantFolder) -> None:
    plant.write("tags.csv", "name,unit\nA,m,lost\n")
    with pytest.raises(PlantError, match="3 cells under 2 columns"):
        read_document(plant.path)


def test_saving_leaves_no_other_file_behind(plant: PlantFolder, tmp_path: Path) -> None:
    plant.write("tags.csv", "name\nA\n")
    names = sorted(path.name for path in plant.path.iterdir())
    save_plant(read_document(plant.path))
    assert sorted(path.name for path in plant.path.iterdir()) == names
