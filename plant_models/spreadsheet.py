"""Texts in files that a spreadsheet may open. Pure functions, any thread."""

from typing import Final

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def plain(text: str) -> str:
    """Return what `neutral` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text
