"""The plant that `init` makes."""

from pathlib import Path

import pytest

from plant_models.project import PlantError, check_plant, init_plant, load_plant, read_document, save_plant


def test_new_plant_passes_its_check(tmp_path: Path) -> None:
    init_plant(tmp_path / "new")
    assert check_plant(tmp_path / "new") == []
    loaded = load_plant(tmp_path / "new")
    types = sorted(equipment.type for equipment in loaded.equipment.values())
    assert (types.count("pump"), types.count("tank")) == (1, 1)
    assert len(loaded.devices) == 1
    assert list(loaded.displays) == [loaded.home]


def test_new_plant_is_canonical_and_commented(tmp_path: Path) -> None:
    init_plant(tmp_path)
    assert save_plant(read_document(tmp_path)) == []
    for name in ("plant.toml", "devices.toml", "tags.csv", "equipment.csv", "alarms.csv"):
        assert (tmp_path / name).read_text(encoding="utf-8").startswith("# ")


def test_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(PlantError) as refusal:
        init_plant(tmp_path)
    assert str(refusal.value) == f"{tmp_path}:1:1: the folder is not empty; name a new or an empty folder"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "plant"
    file.write_text("mine")
    with pytest.raises(PlantError, match="not a folder"):
        init_plant(file)
    assert file.read_text() == "mine"


def test_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(PlantError, match="name a new or an empty folder"):
        init_plant(tmp_path / "file" / "plant")
