"""How long a text of history may be, since a device may send anything. Pure functions, any thread."""

from typing import Final

MAX_CHARACTERS: Final = 1_000
CUT: Final = "…"
"""The last character of a text that was longer."""


def shortened(text: str) -> str:
    """Return a text as it is recorded; its value, the checksum, remains that of the whole."""
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + CUT
