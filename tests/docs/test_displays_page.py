"""The page of displays names every kind of item and every option that the models know, in its row."""

import pytest

from plant_models.display import ITEM_KINDS
from plant_models.display_options import OPTIONS
from tests.docs.markdown import ROOT

PAGE = (ROOT / "docs" / "reference" / "displays.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ITEM_KINDS)
def test_every_option_of_an_item_is_described(kind: str) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` |"))
    assert [name for name in OPTIONS[kind].model_fields if f"`{name}`" not in row] == []
