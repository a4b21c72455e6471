"""The plant that the benchmark `load` makes."""

from pathlib import Path

from benchmarks.load import write_plant
from plant_models.project import load_plant


def test_the_plant_of_the_benchmark_has_no_mistakes(tmp_path: Path) -> None:
    write_plant(tmp_path, 300)
    plant = load_plant(tmp_path)
    assert len(plant.tags) == 300
    assert len(plant.alarms) == 30
    assert sum(tag.is_calculated for tag in plant.tags) == 3
