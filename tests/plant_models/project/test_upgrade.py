"""Format versions: newer ones are refused, older ones are brought up step by step."""

import pytest

from plant_models.project.finding import Finding
from plant_models.project.toml_source import parse_toml
from plant_models.project.upgrade import upgrade
from tests.fakes.plant_folder import PlantFolder


def test_format_newer_than_known(plant: PlantFolder) -> None:
    plant.replace("plant.toml", "format = 1", "format = 2")
    assert plant.check() == [
        "plant.toml:1:1: format 2 is unknown; this plant needs a newer Clearwell; this one reads up to format 1"
    ]


def test_missing_format(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "format = 1\n", "")
    assert plant.check() == ["devices.toml:1:1: format is missing; write format = 1"]


@pytest.mark.parametrize("version", ["0", "true", '"1"', "1.0"])
def test_format_that_is_no_version(plant: PlantFolder, version: str) -> None:
    plant.replace("devices.toml", "format = 1", f"format = {version}")
    (found,) = plant.check()
    assert found.endswith("; write format = 1")


def test_older_formats_go_through_every_step() -> None:
    findings: list[Finding] = []
    source = parse_toml("format = 1\nname = 'a'", "x.toml", findings)
    assert source
    steps = {1: lambda data: data.update(title=data.pop("name")), 2: lambda data: data.update(extra=True)}
    assert upgrade(source, findings, steps, newest=3)
    assert source.data == {"format": 3, "title": "a", "extra": True}
    assert findings == []
