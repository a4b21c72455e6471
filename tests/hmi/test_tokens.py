"""The colours of both themes: contrast, and differences between priorities and pens for every kind of eye."""

from itertools import combinations

import pytest
from PySide6.QtGui import QColor

from hmi.theme.tokens import THEME_NAMES, load_tokens
from tests.fakes.colour_science import DEFICIENCIES, contrast, difference

SURFACES = ("canvas", "panel", "raised", "field", "chrome", "hover")
PRIORITIES = ("p1", "p2", "p3", "p4")


def _contrasts(theme: str, role: str, surfaces: tuple[str, ...]) -> dict[str, float]:
    colours = load_tokens()[theme].colours
    return {surface: contrast(colours[role], colours[surface]) for surface in surfaces}


def test_formulas_give_the_published_figures() -> None:
    assert contrast(QColor("#000000"), QColor("#FFFFFF")) == pytest.approx(21)
    assert difference(QColor("#FF0000"), QColor("#FF0000")) == 0
    # sRGB red to green and white to black, from the reference implementation of Sharma et al.
    assert difference(QColor("#FF0000"), QColor("#00FF00")) == pytest.approx(86.6, abs=0.1)
    assert difference(QColor("#FFFFFF"), QColor("#000000")) == pytest.approx(100, abs=0.1)


def test_themes_define_the_same_roles() -> None:
    roles = [set(load_tokens()[name].colours) for name in THEME_NAMES]
    assert roles[0] == roles[1]


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("role", ["text", "text2", "manual", "stale", "value"])
def test_text_can_be_read_on_every_surface(theme: str, role: str) -> None:
    assert min(_contrasts(theme, role, SURFACES).values()) >= (4.2 if (theme, role) == ("dark", "stale") else 4.5)


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_only_a_hovered_stale_number_in_the_dark_lies_below_the_text_rule(theme: str) -> None:
    surfaces = tuple(surface for surface in SURFACES if surface != "hover")
    assert min(_contrasts(theme, "stale", surfaces).values()) >= 4.5


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_text_can_be_read_on_a_selected_row(theme: str) -> None:
    assert _contrasts(theme, "text", ("selection",))["selection"] >= 7


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_live_values_stand_out_on_the_canvas(theme: str) -> None:
    assert _contrasts(theme, "value", ("canvas",))["canvas"] >= 7


def test_live_values_stand_out_on_cards() -> None:
    assert min(_contrasts("light", "value", ("panel", "raised")).values()) >= 7
    # By design the dark panel is brighter: 6.7 on cards and 5.8 on pop-ups, above the rule for any text.
    assert _contrasts("dark", "value", ("panel",))["panel"] >= 6.6
    assert _contrasts("dark", "value", ("raised",))["raised"] >= 5.8


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("role", ["outline", "pipe", "setpoint", "focus"])
def test_lines_can_be_seen_on_displays(theme: str, role: str) -> None:
    assert min(_contrasts(theme, role, ("canvas", "panel")).values()) >= 3


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("role", ["edge", "focus", "primary"])
def test_controls_can_be_seen_on_every_surface(theme: str, role: str) -> None:
    assert min(_contrasts(theme, role, SURFACES).values()) >= 3


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_running_and_stopped_differ_without_colour(theme: str) -> None:
    colours = load_tokens()[theme].colours
    assert contrast(colours["run"], colours["stop"]) >= 7
    assert contrast(colours["run"], colours["mark_on_run"]) >= 7
    assert contrast(colours["stop"], colours["mark_on_stop"]) >= 4.5


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("priority", PRIORITIES)
def test_digits_can_be_read_on_their_priority(theme: str, priority: str) -> None:
    colours = load_tokens()[theme].colours
    assert contrast(colours[priority], colours[f"{priority}_digit"]) >= 4.5


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("priority", PRIORITIES)
def test_a_priority_or_its_text_outline_stands_out(theme: str, priority: str) -> None:
    """P2 and P3 lie below 3:1 on light greys; every glyph has an outline in `text` for that."""
    colours = load_tokens()[theme].colours
    for surface in ("canvas", "panel", "raised"):
        fill, outline = (contrast(colours[role], colours[surface]) for role in (priority, "text"))
        assert outline >= 7
        assert fill >= 3 or (theme == "light" and priority in ("p2", "p3"))


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_priorities_differ_for_every_eye(theme: str, deficiency: str) -> None:
    colours = load_tokens()[theme].colours
    pairs = combinations([colours[priority] for priority in PRIORITIES], 2)
    assert min(difference(one, other, deficiency) for one, other in pairs) >= 12


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_first_four_pens_differ_for_every_eye(theme: str, deficiency: str) -> None:
    pairs = combinations(load_tokens()[theme].pens[:4], 2)
    assert min(difference(one, other, deficiency) for one, other in pairs) >= 18


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_all_eight_pens_differ_as_far_as_their_letters_allow(theme: str, deficiency: str) -> None:
    pairs = combinations(load_tokens()[theme].pens, 2)
    assert min(difference(one, other, deficiency) for one, other in pairs) >= 9.6
