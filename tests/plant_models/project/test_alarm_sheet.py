"""Alarms are written as rows that read back to exactly the same alarms."""

import os
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.alarm_definition import AlarmClass, AlarmDefinition, AlarmKind, Severity
from plant_models.project import PlantError
from plant_models.project.alarm_defaults import AlarmKey, Fields
from plant_models.project.alarm_edit import prepare_alarms
from plant_models.project.alarm_exchange import difference, read_sheet, sheet_of
from plant_models.project.alarm_list import key_of
from plant_models.project.alarm_rows import COLUMNS, NUMBERS, fields_of, row_keys
from plant_models.project.alarm_sheet import put_alarms
from plant_models.project.finding import Finding
from plant_models.project.rows import read_rows
from plant_models.project.table import Table, parse_table
from tests.fakes.plant_folder import PlantFolder

TEXTS = st.text(st.sampled_from("ab,\"';= {}#é²-\n"), max_size=6).map(str.strip).filter(lambda text: text != "-")
NUMBERS_ANY = st.floats(allow_nan=False, allow_infinity=False)
SOME = st.floats(0, 1e9)
DATES = st.sampled_from(["", "2026-11-29", "2027-02-28"])
ALARMS = st.builds(
    AlarmDefinition,
    tag=st.sampled_from(["A", "B.C"]),
    kind=st.sampled_from([AlarmKind.HIGH, AlarmKind.RATE, AlarmKind.CALCULATED]),
    id=st.sampled_from(["", "x", "1"]),
    enabled=st.booleans(),
    limit=st.none() | NUMBERS_ANY,
    limit_tag=TEXTS,
    window_s=SOME,
    deadband=SOME,
    on_delay_s=SOME,
    count=st.integers(0, 1000),
    realarm_min=st.none() | st.floats(0, 1e9, exclude_min=True),
    latching=st.booleans(),
    priority=st.integers(1, 5),
    alarm_class=st.sampled_from(AlarmClass),
    suppress_when=TEXTS,
    consequence_at=st.none() | NUMBERS_ANY,
    text=TEXTS,
    severity=st.none() | st.sampled_from(Severity),
    respond_min=st.none() | SOME,
    guidance=TEXTS,
    approved_on=DATES,
)
LISTS = st.lists(ALARMS, max_size=5, unique_by=key_of)


def read(text: str, defaults: dict[AlarmKey, Fields]) -> tuple[Table, dict[AlarmKey, int], list[AlarmDefinition]]:
    findings: list[Finding] = []
    table = parse_table(text, "alarms.csv", tuple(COLUMNS), NUMBERS, findings)
    assert table is not None
    rows = read_rows(table, COLUMNS, findings)
    assert findings == []
    keys = row_keys(rows)
    alarms = [AlarmDefinition(**(defaults.get(key, {}) | fields_of(rows[number]))) for key, number in keys.items()]
    alarms += [AlarmDefinition(**said) for key, said in defaults.items() if key not in keys]
    return table, keys, alarms


def empty() -> Table:
    return Table("alarms.csv", tuple(COLUMNS), header=list(COLUMNS), comments={-1: ["# at the top"]})


def of_type(alarm: AlarmDefinition) -> Fields:
    return {field.name: getattr(alarm, field.name) for field in fields(alarm)}


@settings(deadline=None)
@given(LISTS, LISTS, LISTS)
def test_any_alarms_survive_writing_and_changing(
    standard: list[AlarmDefinition], first: list[AlarmDefinition], second: list[AlarmDefinition]
) -> None:
    defaults = {key_of(alarm): of_type(alarm) for alarm in standard}
    table = empty()
    present = list(standard)
    keys: dict[AlarmKey, int] = {}
    for asked in (first, second, []):
        wanted = list({key_of(alarm): alarm for alarm in [*standard, *asked]}.values())
        put_alarms(table, keys, present, wanted, defaults)
        text = table.render()
        table, keys, present = read(text, defaults)
        assert {key_of(alarm): alarm for alarm in present} == {key_of(alarm): alarm for alarm in wanted}
        assert table.render() == text
        assert text.startswith("# at the top\n")


def test_only_what_differs_is_written_and_the_rest_stays() -> None:
    usual = AlarmDefinition(tag="A", kind=AlarmKind.HIGH, limit=8.0, text="High", suppress_when="{B} == 0")
    own = AlarmDefinition(tag="B", kind=AlarmKind.LOW, limit=-1.5, priority=5, latching=True)
    text = "# top\ntag,kind,limit\n\n# of A\nA,H,9\n# of B\nB,L, 2.00\n# of C\nC,L,1\n# end\n"
    defaults = {key_of(usual): of_type(usual)}
    table, keys, present = read(text, defaults)
    wanted = [replace(usual, limit=9.0, suppress_when=""), present[1], own := replace(own, tag="D")]
    put_alarms(table, keys, present, wanted, defaults)
    rest = "," * (len(COLUMNS) - 3)
    short = [line.rstrip(",") for line in table.render().splitlines()[1:]]
    assert short == [
        ",".join(COLUMNS),
        *("", "# of A"),
        "A,H,9,,,,,,,,,,,,,,,,,,,,,,,,-",
        *("# of B", "B,L, 2.00", "# of C", "# end"),
        "D,L,-1.5,,,,diagnostic,,,,,,,,,,,,,,,,true",
    ]
    assert table.render().splitlines()[6] == f"B,L, 2.00{rest}"
    put_alarms(table, keys | {key_of(own): 2}, wanted, [usual, *wanted[1:]], defaults)
    assert "A,H,,," in table.render(), "a row that was there stays, saying no more than its key"


def test_a_default_that_is_as_its_type_says_gets_no_row() -> None:
    usual = AlarmDefinition(tag="A", kind=AlarmKind.HIGH, limit=8.0)
    table = empty()
    put_alarms(table, {}, [usual], [usual], {key_of(usual): of_type(usual)})
    assert table.rows == []


def gadgets(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="PLC", address="hr:10")
    plant.register("A", "hr:50", low="0", high="100")
    plant.write("alarms.csv", "# mine\ntag,kind,limit\nA,H,80\n")


def test_a_plant_folder_is_changed_only_when_the_change_is_right(plant: PlantFolder) -> None:
    gadgets(plant)
    loaded = plant.load()
    before = plant.read("alarms.csv")
    high, level = loaded.alarms
    edit = prepare_alarms(loaded, [replace(high, limit=90.0), replace(level, enabled=False)])
    assert plant.read("alarms.csv") == before
    edit.write()
    assert [(each.name, each.limit, each.enabled) for each in plant.load().alarms] == [
        ("A.H", 90.0, True),
        ("G1.LEVEL.H", 8.0, False),
    ]
    assert plant.load() == edit.plant
    assert plant.read("alarms.csv").startswith("# mine\n")
    edit.take_back()
    assert plant.read("alarms.csv") == before
    with pytest.raises(PlantError) as refused:
        prepare_alarms(loaded, [replace(high, limit=900.0), level])
    assert "outside the range" in str(refused.value)
    assert plant.read("alarms.csv") == before


def test_a_default_alarm_is_disabled_and_not_removed(plant: PlantFolder) -> None:
    gadgets(plant)
    high, _ = plant.load().alarms
    with pytest.raises(ValueError, match=r"G1\.LEVEL H comes with its equipment type and can't be removed"):
        prepare_alarms(plant.load(), [high])


def test_what_a_table_can_not_hold_is_refused(plant: PlantFolder) -> None:
    gadgets(plant)
    high, level = plant.load().alarms
    for text in ("-", " spaced ", "a\rb"):
        with pytest.raises(ValueError, match=r"A\.H can't be written as it is"):
            prepare_alarms(plant.load(), [replace(high, text=text), level])


def test_files_that_are_not_changed_are_left_alone(plant: PlantFolder) -> None:
    gadgets(plant)
    plant.write("equipment.csv", plant.read("equipment.csv").replace(",", ";"))
    before = plant.read("equipment.csv")
    high, level = plant.load().alarms
    prepare_alarms(plant.load(), [replace(high, limit=70.0), level]).write()
    assert plant.read("equipment.csv") == before


def test_a_file_that_can_not_be_written_stays(plant: PlantFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    gadgets(plant)
    high, level = plant.load().alarms
    edit = prepare_alarms(plant.load(), [replace(high, limit=70.0), level])
    before = plant.read("alarms.csv")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        edit.write()
    assert plant.read("alarms.csv") == before


def test_a_sheet_has_every_column_of_every_alarm_and_comes_back_the_same(plant: PlantFolder, tmp_path: Path) -> None:
    gadgets(plant)
    plant.write("alarms.csv", "tag,kind,limit,text,suppress_when\nA,H,80,=SUM(1),-{A} > 0\n")
    loaded = plant.load()
    text = sheet_of(loaded.alarms)
    assert text.startswith("\ufefftag,kind,")
    assert "'=SUM(1)" in text
    assert "'-{A} > 0" in text
    assert len(text.splitlines()) == 3
    findings: list[Finding] = []
    again = read_sheet(text.removeprefix("\ufeff"), "sheet.csv", loaded, findings)
    assert (again, findings) == (list(loaded.alarms), [])
    assert not difference(loaded.alarms, again)


def test_an_empty_cell_of_a_sheet_means_nothing_and_an_absent_column_what_is(plant: PlantFolder) -> None:
    gadgets(plant)
    plant.write("alarms.csv", "tag,kind,limit,text,priority\nA,H,80,Old,1\n")
    loaded = plant.load()
    sheet = "tag;kind;text;deadband\nA;H;;0,5\nG1.LEVEL;H;New;\nA;L;Low;\n"
    high, level, low = read_sheet(sheet, "sheet.csv", loaded, [])
    assert (high.text, high.limit, high.priority, high.deadband) == ("", 80.0, 1, 0.5)
    assert (level.text, level.limit, level.deadband) == ("New", 8.0, 0.0)
    assert (low.text, low.limit) == ("Low", None)
    found = difference(loaded.alarms, [high, low])
    assert (found.added, found.changed, found.removed) == (("A.L",), ("A.H",), ("G1.LEVEL.H",))
    assert found


def test_mistakes_of_a_sheet_are_told_at_their_cells(plant: PlantFolder) -> None:
    gadgets(plant)
    findings: list[Finding] = []
    sheet = "tag,kind,limit\nB,H,1\nA,,1\nA,H,x\n,HX,1\nA,H,2\n"
    read_sheet(sheet, "sheet.csv", plant.load(), findings)
    assert [str(finding) for finding in sorted(findings)] == [
        "sheet.csv:2:1: alarm on the unknown tag 'B'; use A or G1.CMD or G1.DOUBLE or G1.LEVEL or G1.RUN",
        "sheet.csv:3:3: alarm without a kind; give it a kind",
        "sheet.csv:4:5: limit: 'x' is not a number; write it as 12.5",
        "sheet.csv:5:2: kind: unknown kind 'HX'; did you mean 'H'?",
        "sheet.csv:6:3: A H stands twice; keep one",
    ]
    assert read_sheet("", "sheet.csv", plant.load(), findings) == []
