"""What README and docs name exists: files, headings, pictures, commands, make targets."""

import re
from pathlib import Path

import pytest
import typer

import main
from tests.docs.markdown import ROOT, anchors, links

README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for link in links(text_of(page)):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(text_of(target)), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"(?:`|^)make ([a-z-]+)(?:`|\s{2,}#)", text_of(page), re.MULTILINE)
    assert set(named) <= TARGETS


def test_readme_names_every_command_and_no_other() -> None:
    table = text_of(README).partition("## Commands")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| `(?:…|\S+python main\.py) (\w+)", table, re.MULTILINE))
    assert named == set(typer.main.get_command(main.app).commands)


def test_readme_names_the_targets_of_the_makefile() -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", text_of(README), re.MULTILINE))
    assert named <= TARGETS
    assert {"run", "test", "bench", "screenshots", "soak"} <= named


def test_the_pages_of_docs_can_all_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [README]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            found = ((page.parent / link.partition("#")[0]).resolve() for link in links(text_of(page)))
            folders = [path for target in found for path in (target.glob("*.md") if target.is_dir() else [target])]
            waiting += [path for path in folders if path.suffix == ".md"]
    assert set(PAGES) <= reached
