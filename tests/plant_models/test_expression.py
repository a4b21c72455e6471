"""Formulas: what they may hold, and that none can do harm."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.expression import parse_expression


def test_tags_stand_in_braces_and_are_listed_once() -> None:
    expression = parse_expression("({LPS.P1.FLOW} + {PT-201.PV}) / {LPS.P1.FLOW}")
    assert expression.inputs == ("LPS.P1.FLOW", "PT-201.PV")
    assert expression.evaluate([2.0, 4.0]) == 3.0


@pytest.mark.parametrize(
    ("text", "values", "result"),
    [
        ("{A} == 1 and not {B} > 2", [1, 2], 1.0),
        ("{A} if {B} else -{A}", [3, 0], -3.0),
        ("max({A}, {B}, 0) + sqrt(16) % 3", [-1, 2], 3.0),
        ("2 ** 3 // 3", [], 2.0),
        ("round({A}, 1) + ceil({A}) - floor({A}) + abs(-1)", [1.26], 3.3),
        ("({A} > 1) + ({A} > 2)", [5], 2.0),
    ],
)
def test_arithmetic_comparison_and_choice(text: str, values: list[float], result: float) -> None:
    assert parse_expression(text).evaluate(values) == result


@pytest.mark.parametrize(
    "text", ["1 / 0", "sqrt(-1)", "(-1) ** 0.5", "9 ** 9 ** 9 ** 9", "exp(10000)", "log(0)", "max()"]
)
def test_what_has_no_real_result_is_not_a_number(text: str) -> None:
    assert math.isnan(parse_expression(text).evaluate([]))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "can't be read near its end"),
        ("{A} +", "can't be read near"),
        ("{}", "empty braces at character 1"),
        ("A + 1", "'A' is unknown; tags stand in braces"),
        ("_0 + {A}", "underscore"),
        ("min", "'min' is unknown"),
        ("'text'", "only numbers"),
        ("{A} << 2", "LShift is not allowed"),
        ("{A} | 1", "BitOr is not allowed"),
        ("~{A}", "Invert is not allowed"),
        ("{A} is {A}", "Is is not allowed"),
        ("{A} in {A}", "In is not allowed"),
        ("{A}.real", "Attribute is not allowed"),
        ("[1][0]", "not allowed"),
        ("open('x')", "only the functions"),
        ("(lambda: 1)()", "only the functions"),
        ("round(1.5, ndigits=1)", "only the functions"),
        ("-" * 60 + "1", "nested more than 50 deep"),
        ("1" + " + 1" * 1000, "at most 2000"),
    ],
)
def test_anything_else_is_refused_and_says_why(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace("(", r"\(")):
        parse_expression(text)


def test_a_wrong_number_of_values_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer|argument"):
        parse_expression("{A} + {B}").evaluate([1.0])


@given(st.text(max_size=60))
def test_no_text_does_more_than_fail_to_parse(text: str) -> None:
    with contextlib.suppress(ValueError, SyntaxWarning):
        expression = parse_expression(text)
        assert isinstance(expression.evaluate([1.0] * len(expression.inputs)), float)
