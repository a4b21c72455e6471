"""How long one text of a plant folder may be. Pure functions, any thread."""

from typing import Final

MAX_TEXT: Final = 2_000
"""Characters of one text in a table, TOML or JSON file: a screen of words, and no more than a log line should carry."""


def too_long(where: str, text: str) -> tuple[str, str]:
    """Return problem and remedy of a text beyond `MAX_TEXT`."""
    return f"{where} is a text of {len(text)} characters", f"use at most {MAX_TEXT}"
