"""EPANET without wntr around it: found on every system, started in a moment, and missed in clear words."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import numpy as np
import pytest

from plant_models.paths import RESOURCES
from plant_models.simulation import epanet
from plant_models.simulation.convert_net3 import NETWORK_FILE
from plant_models.simulation.engine import LINK_FLOW, NODE_HEAD, Engine, HydraulicError
from plant_models.simulation.epanet import Epanet, library_path


@pytest.fixture
def engine() -> Iterator[Engine]:
    opened = Engine(NETWORK_FILE)
    yield opened
    opened.close()


def test_the_virtual_plant_starts_without_the_rest_of_wntr() -> None:
    heavy = ("wntr", "pandas", "scipy", "networkx", "matplotlib")
    program = f"""
import sys
from pathlib import Path
import plant_models.simulation.standalone
from plant_models.simulation.engine import LINK_FLOW, NODE_HEAD, Engine, HydraulicError
engine = Engine(Path({str(NETWORK_FILE)!r}))
engine.advance(10)
engine.close()
print([name for name in sys.modules if name.partition(".")[0] in {heavy!r}])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=RESOURCES.parent, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "system", "machine"),
    [
        ("nt", "win32", "Windows-11"),
        ("posix", "linux", "Linux-6.1-x86_64"),
        ("posix", "darwin", "macOS-14-arm64"),
        ("posix", "darwin", "macOS-12-x86_64"),
    ],
)
def test_wntr_has_the_library_of_every_system(
    monkeypatch: pytest.MonkeyPatch, name: str, system: str, machine: str
) -> None:
    folder = library_path().parent.parent
    with monkeypatch.context() as other:
        other.setattr(os, "name", name)
        other.setattr(sys, "platform", system)
        other.setattr(platform, "platform", lambda: machine)
        found = epanet._library_name()
    assert (folder / found).is_file()


def test_without_wntr_the_missing_module_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epanet, "find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError) as caught:
        library_path()
    assert caught.value.name == "wntr"


def test_a_wntr_without_the_library_is_told_with_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = importlib.util.spec_from_loader("wntr", loader=None, is_package=True)
    assert empty is not None
    empty.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(epanet, "find_spec", lambda _: empty)
    with pytest.raises(FileNotFoundError, match="no EPANET for this system"):
        library_path()


@pytest.mark.parametrize("name", ["plain", "Müller", "Wrocław", "浄水場"])
def test_a_network_is_found_in_a_folder_of_any_language(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    network = shutil.copy(NETWORK_FILE, tmp_path / name / "network.inp")
    engine = Engine(network)
    engine.advance(10)
    head = engine.node_values([1], NODE_HEAD)
    engine.close()
    assert np.isfinite(head).all()


def test_nothing_is_read_from_a_network_that_was_closed() -> None:
    engine = Engine(NETWORK_FILE)
    engine.close()
    with pytest.raises(RuntimeError, match="no network is open"):
        engine.node_values([1], NODE_HEAD)
    with pytest.raises(RuntimeError, match="no network is open"):
        engine.set_node(1, NODE_HEAD, 1.0)


def test_a_project_that_cannot_be_made_is_told_and_stays_closed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(code: int) -> NoReturn:
        raise HydraulicError(str(code))

    project = Epanet(refuse)
    monkeypatch.setattr(project, "_library", SimpleNamespace(EN_createproject=lambda _: 101))  # out of memory
    with pytest.raises(HydraulicError, match="101"):
        project.open(NETWORK_FILE, tmp_path / "report", tmp_path / "binary")
    assert not project.is_open


def test_more_rows_than_the_network_has_are_not_cut(engine: Engine) -> None:
    n = max(len(engine.nodes), len(engine.links))
    assert len(engine.link_values([1] * n, LINK_FLOW)) == n
    with pytest.raises(ValueError, match="shorter"):
        engine.link_values([1] * (n + 1), LINK_FLOW)


def test_of_several_errors_one_is_named_that_exists(engine: Engine) -> None:
    with pytest.raises(HydraulicError, match="EPANET error 251 "):  # not 204 | 251 = 255
        engine.link_values([1, 9_999], 9_999)


def test_errors_are_told_and_warnings_are_kept(tmp_path: Path) -> None:
    told: list[int] = []
    project = Epanet(told.append)
    project.note(6)
    assert project.code == 6
    assert told == []
    project.open(tmp_path / "none.inp", tmp_path / "report", tmp_path / "binary")
    assert told == [302]
    project.close()
    assert not project.is_open
    project.open(NETWORK_FILE, tmp_path / "report", tmp_path / "binary")
    assert told == [302]
    assert project.count(0) > 90
    project.close()
    project.close()
