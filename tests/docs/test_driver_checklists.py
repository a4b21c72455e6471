"""Each driver has a checklist whose tests exist, and is called what its checklist makes it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from plant_models.protocols import BUILT_IN
from tests.docs.markdown import ROOT

FOLDER = ROOT / "docs" / "reference" / "drivers"
OVERVIEW = FOLDER / "README.md"
PAGES = sorted(set(FOLDER.glob("*.md")) - {OVERVIEW})
SECTIONS = ["Functions", "Types", "Faults", "Diagnostics", "Limits"]
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@cache
def _tests_in(file: Path) -> frozenset[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds) and node.name.startswith("test_"))


def _lines(page: Path) -> list[tuple[str, str]]:
    """Return what each line of a checklist promises, and what it names as proof."""
    cells = re.findall(r"^\| (.+?) \| (.+?) \|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [(what, proof) for what, proof in cells if what != "what"]


def _status(page: Path) -> str:
    return re.search(r"^Status: (\w+)\.", page.read_text(encoding="utf-8"), re.MULTILINE)[1]  # type: ignore[index]


def test_every_protocol_that_comes_with_the_program_has_a_checklist() -> None:
    assert set(BUILT_IN) <= {page.stem for page in PAGES}


@pages
def test_a_checklist_has_all_its_sections(page: Path) -> None:
    assert re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE) == SECTIONS


@pages
def test_each_test_that_a_checklist_names_exists(page: Path) -> None:
    lines = _lines(page)
    assert lines
    for what, proof in lines:
        named = re.findall(r"`(\S+\.py)::(\w+)`", proof)
        assert bool(named) != (proof == "—"), what
        for file, test in named:
            assert (ROOT / "tests" / file).is_file(), file
            assert test in _tests_in(ROOT / "tests" / file), f"{file}::{test}"


@pages
def test_only_a_driver_whose_every_line_is_tested_is_called_supported(page: Path) -> None:
    is_whole = all(proof != "—" for _, proof in _lines(page))
    assert _status(page) == ("supported" if is_whole else "experimental")
    assert f"| `{page.stem}` | {_status(page)} | [" in OVERVIEW.read_text(encoding="utf-8")
