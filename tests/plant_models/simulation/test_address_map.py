"""Maps of virtual PLCs: what loads, and what each mistake says."""

from pathlib import Path

import pytest

from plant_models.simulation.address_map import Register, load_map
from plant_models.simulation.model_file import ModelError

HEADER = "address,type,access,scale,variable\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "map.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_map_with_every_kind_of_register_loads(tmp_path: Path) -> None:
    rows = (
        "# comment\n"
        + HEADER
        + "\nhr:10,f32,rw,,A.sp\nhr:12.3,bool,r,,A.run\nir:4,i16,r,-10,A.flow\nco:1,bool,rw,,A.cmd\n"
    )
    entries = load_map(written(tmp_path, rows), "modbus")
    assert [entry.register for entry in entries] == [
        Register("hr", 10, 2, None),
        Register("hr", 12, 1, 3),
        Register("ir", 4, 1, None),
        Register("co", 1, 1, None),
    ]
    assert [(entry.scale, entry.is_writable) for entry in entries] == [(1, True), (1, False), (-10, False), (1, True)]
    assert entries[0].where == "map.csv:4"


def test_a_map_of_nodes_loads(tmp_path: Path) -> None:
    entries = load_map(written(tmp_path, HEADER + "ns=2;s=A.FLOW,f64,r,,A.flow\nns=2;i=7,text,r,,A.message\n"), "opcua")
    assert [(entry.address, entry.type, entry.register) for entry in entries] == [
        ("ns=2;s=A.FLOW", "f64", None),
        ("ns=2;i=7", "text", None),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("hr:0,f32,x,,A.v", "map.csv:2: access 'x'"),
        ("hr:0,f32,r,,", "no variable"),
        ("hr:0,float,r,,A.v", "type 'float'"),
        ("hr:0,text,r,,A.v", "type 'text'"),
        ("hr:0,f32,r,ten,A.v", "scale 'ten' is not a number"),
        ("hr:0,f32,r,0,A.v", "finite number other than 0"),
        ("hr:0,f32,r,inf,A.v", "finite number other than 0"),
        ("40001,f32,r,,A.v", "is no register"),
        ("hr:65535,f32,r,,A.v", "ends beyond 65535"),
        ("hr:0,bool,r,,A.v", "needs its bit"),
        ("hr:0.3,u16,r,,A.v", "needs its bit"),
        ("hr:0.16,bool,r,,A.v", "bits 0 to 15"),
        ("co:0,u16,r,,A.v", "is one bit"),
        ("di:0,bool,rw,,A.v", "can't be written"),
        ("ir:0,u16,rw,,A.v", "can't be written"),
        ("hr:0,f32,r,A.v", "4 cells"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, row: str, problem: str) -> None:
    with pytest.raises(ModelError, match=r"map\.csv:2: ") as caught:
        load_map(written(tmp_path, HEADER + row + "\n"), "modbus")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "rows",
    [
        "hr:0,f32,r,,A.v\nhr:1,u16,r,,B.v",
        "hr:0.2,bool,r,,A.v\nhr:0.2,bool,r,,B.v",
        "hr:0.2,bool,r,,A.v\nhr:0,u16,r,,B.v",
    ],
)
def test_overlapping_registers_are_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(ModelError, match=r"map\.csv:3: .* overlaps .* \(map\.csv:2\)"):
        load_map(written(tmp_path, HEADER + rows + "\n"), "modbus")


def test_the_same_node_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"stands already in map\.csv:2"):
        load_map(written(tmp_path, HEADER + "ns=2;s=A,f64,r,,A.v\nns=2;s=A,f64,r,,B.v\n"), "opcua")


def test_a_node_of_the_servers_own_namespace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no node of a device"):
        load_map(written(tmp_path, HEADER + "i=2258,f64,r,,A.v\n"), "opcua")


@pytest.mark.parametrize("text", ["", "a,b,c\n", HEADER])
def test_a_file_without_rows_or_header_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModelError, match="address,type,access,scale,variable"):
        load_map(written(tmp_path, text), "modbus")


def test_a_missing_or_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"absent\.csv: can't be read"):
        load_map(tmp_path / "absent.csv", "modbus")
    (tmp_path / "latin.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="UTF-8"):
        load_map(tmp_path / "latin.csv", "modbus")
