"""What is typed to search the journal: all words, quotes, signs, whatever the case."""

import pytest

from alarms.journal_words import Words

ROW = ("TK1.LEVEL.H", None, "Level VERY high", "Größe", "")


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("", True),
        ("*", True),
        ('""', True),
        ("level", True),
        ("very tk1", True),
        ("very tk2", False),
        ('"very high"', True),
        ('"high very"', False),
        ('"very high', True),
        ("grösse", True),
        ("GRÖSSE", True),
        ("tk*h", True),
        ("tk?.level", True),
        ("tk???level", False),
        ("?", True),
        ('"tk?"', False),
        ("le*ry", True),
        ("level*größe", False),
        ("vel.h", True),
    ],
)
def test_words_are_found_in_the_texts_of_a_row(text: str, is_found: bool) -> None:
    words = Words(text)
    for _ in range(2):  # texts that are known already give the same
        assert words.are_in(ROW) is is_found
    joined = "\n".join(each.casefold() for each in ROW if each)
    assert words.may_be_in(joined) or not is_found


def test_what_is_surely_not_there() -> None:
    assert not Words("lev*zz").may_be_in("level\nhigh")
    assert Words("  ").is_any
    assert not Words("a").is_any
