"""What a plant folder says of its history, and what is wrong with it."""

from datetime import time
from pathlib import Path

import pytest

from plant_models.history_settings import HistorySettings
from plant_models.project import check_plant, init_plant, load_plant


def plant_with(folder: Path, section: str, history: str = "") -> Path:
    """Make a small plant with a section more in plant.toml, and a keeping class for its first tag."""
    init_plant(folder)
    file = folder / "plant.toml"
    file.write_text(f"{file.read_text()}\n{section}\n")
    if history:
        (folder / "tags.csv").write_text(f"name,history\nA,{history}\n")
    return folder


def findings(folder: Path) -> list[str]:
    return [f"{each.file}: {each.problem}; {each.remedy}" for each in check_plant(folder)]


def test_a_plant_that_says_nothing_keeps_its_history_in_files_for_ever(tmp_path: Path) -> None:
    assert load_plant(plant_with(tmp_path / "plant", "")).history == HistorySettings()


def test_a_plant_says_where_its_history_stands_and_for_how_long(tmp_path: Path) -> None:
    section = """[history]
database = "postgresql://clearwell@db.example/clearwell"
spool_gb = 2.5
day_starts = "06:00"
[history.keep_days]
standard = 3650
short = 90"""
    plant = load_plant(plant_with(tmp_path / "plant", section, "short"))
    assert plant.history == HistorySettings(
        database="postgresql://clearwell@db.example/clearwell",
        spool_gb=2.5,
        day_starts=time(6),
        keep_days={"": 3650, "short": 90},
    )
    assert plant.tags[0].history == "short"


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ('[history]\ndatabase = "mysql://db/x"', "not the address of a PostgreSQL database"),
        ('[history]\ndatabase = "postgresql://db"', "not the address of a PostgreSQL database"),
        ('[history]\ndatabase = "postgresql://me:secret@db/x"', "a password in the plant folder"),
        ('[history]\ndatabase = "postgresql://[db/x"', "not the address of a PostgreSQL database"),
        ('[history]\ndatabase = "postgresql://db:port/x"', "not the address of a PostgreSQL database"),
        ('[history]\ndatabase = "postgresql://db:99999/x"', "not the address of a PostgreSQL database"),
        ("[history.keep_days]\nshort = 0", "0 days"),
        ('[history.keep_days]\n"Sh ort" = 5', "'Sh ort' can't name a keeping class"),
        ('[history]\nday_starts = "25:00"', "day_starts"),
        ("[history]\nspool_gb = 0", "spool_gb"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, section: str, problem: str) -> None:
    (finding,) = findings(plant_with(tmp_path / "plant", section))
    assert problem in finding


def test_an_unknown_keeping_class_is_told(tmp_path: Path) -> None:
    (finding,) = findings(plant_with(tmp_path / "plant", "[history.keep_days]\nshort = 90", "shirt"))
    assert finding == "tags.csv: history: unknown 'shirt'; did you mean 'short'?"
