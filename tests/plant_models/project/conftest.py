"""A plant folder for each test, and the program's own types and symbols out of the way."""

from pathlib import Path

import pytest

from tests.fakes.plant_folder import PlantFolder


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantFolder:
    """A folder without mistakes; its only equipment type is `gadget`, its only symbol `tank`."""
    resources = tmp_path / "resources"
    (resources / "symbols").mkdir(parents=True)
    (resources / "symbols" / "tank.svg").write_text("<svg/>")
    monkeypatch.setattr("plant_models.project.types.RESOURCES", resources)
    return PlantFolder(tmp_path / "plant")
