"""Tables as Excel saves them are read as they are."""

from plant_models.project import read_document, save_plant
from plant_models.project.document import TABLES
from tests.fakes.plant_folder import PlantFolder

HEADER = ";".join(TABLES["tags.csv"][0])
BOM = b"\xef\xbb\xbf"


def excel_row(**cells: str) -> str:
    return ";".join(cells.get(column, "") for column in TABLES["tags.csv"][0])


def test_semicolons_byte_order_mark_and_crlf(plant: PlantFolder) -> None:
    rows = [HEADER, excel_row(name="A", type="f32", unit="m³/h", device="PLC", address="hr:0")]
    plant.write("tags.csv", BOM + ("\r\n".join(rows) + "\r\n").encode())
    (tag,) = plant.load().tags
    assert (tag.name, tag.unit, tag.address) == ("A", "m³/h", "hr:0")


def test_commas_with_byte_order_mark(plant: PlantFolder) -> None:
    plant.write("tags.csv", BOM + b"name,type\r\nA,f64\r\n")
    assert plant.load().tags[0].name == "A"


def test_decimal_comma_in_a_file_with_semicolons(plant: PlantFolder) -> None:
    plant.write("tags.csv", HEADER + "\n" + excel_row(name="A", low="0,5", high="12,75") + "\n")
    assert (plant.load().tags[0].low, plant.load().tags[0].high) == (0.5, 12.75)


def test_decimal_comma_in_a_file_with_commas_is_a_mistake(plant: PlantFolder) -> None:
    plant.tag("A", low='"0,5"')
    assert plant.check() == ["tags.csv:2:6: low: '0,5' is not a number; write it as 12.5"]


def test_thousands_separators_are_not_guessed(plant: PlantFolder) -> None:
    plant.write("tags.csv", HEADER + "\n" + excel_row(name="A", high="1.234,5") + "\n")
    assert plant.check() == ["tags.csv:2:7: high: '1.234,5' is not a number; write it as 12.5"]


def test_capital_booleans(plant: PlantFolder) -> None:
    plant.tag("A", writable="TRUE")
    assert plant.load().tags[0].writable


def test_cell_with_the_separator_is_quoted(plant: PlantFolder) -> None:
    row = excel_row(name="A", type="f64", device="UA", address='"ns=2;s=X"')
    plant.write("tags.csv", HEADER + "\n" + row + "\n")
    assert plant.load().tags[0].address == "ns=2;s=X"


def test_comments_lose_the_separators_that_excel_adds(plant: PlantFolder) -> None:
    comment = "# Pumps" + ";" * 20
    plant.write("tags.csv", "\r\n".join([comment, HEADER, '"# with ""quotes"""' + ";" * 20, excel_row(name="A"), ""]))
    document = read_document(plant.path)
    save_plant(document)
    assert plant.read("tags.csv").split("\n")[:1] == ["# Pumps"]
    assert plant.read("tags.csv").split("\n")[2] == '# with "quotes"'


def test_an_excel_file_is_normalised_once_and_that_is_said(plant: PlantFolder) -> None:
    rows = [HEADER, excel_row(name="A", low="0,5", unit="m³/h"), ";" * 20, excel_row(name="B")]
    plant.write("tags.csv", BOM + ("\r\n".join(rows) + "\r\n").encode())
    before = plant.load().tags
    assert save_plant(read_document(plant.path)) == ["tags.csv"]
    lines = plant.read("tags.csv").split("\n")
    assert lines[1] == "A,,,m³/h,0.5" + "," * 19
    assert lines[2] == ""
    assert plant.load().tags == before
    assert save_plant(read_document(plant.path)) == []
