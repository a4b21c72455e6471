"""What a device answered to a question to one address, in words; and what a technician types for one. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from drivers.once import OnceAnswer, OnceState
from hmi.dialogs.outcome import Outcome
from hmi.i18n import tr
from hmi.numbers import MINUS
from plant_models.message import joined, message

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_LONGEST: Final = 24
"""Characters of several numbers that a title holds."""
_ADVICE: Final = message("It may have been carried out. Look at the present value before you try again.")


def typed_number(text: str) -> float | None:
    """Return a typed number, None if it is none; decimal comma and point are both right."""
    plain = text.replace(MINUS, "-").strip()
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def typed_numbers(text: str) -> tuple[float, ...]:
    """Return numbers typed with semicolons between them; none if one of them is none.

    A space or comma parts no numbers: somebody may mean a thousand.
    """
    numbers = [typed_number(part) for part in text.split(";")]
    known = tuple(number for number in numbers if number is not None)
    return known if len(known) == len(numbers) else ()


def numbers_text(numbers: Iterable[float]) -> str:
    """Return numbers as they are written in one frame: 1; 2; 3."""
    return "; ".join(f"{number:.17g}".replace("-", MINUS) for number in numbers)


def short_numbers(text: str, count: int) -> str:
    """Return a text of `count` numbers, or only how many they are if it is too long for a title."""
    return text if count == 1 or len(text) <= _LONGEST else tr("{count} values").format(count=count)


def value_words(answer: OnceAnswer) -> str:
    """Return the value that an answer holds, "" if it holds none."""
    if answer.text:
        return answer.text
    return "" if answer.value is None else numbers_text((answer.value, *answer.more))


def raw_words(answer: OnceAnswer) -> str:
    """Return registers as they came, in hex and decimal; "" if there are none."""
    if not answer.raw:
        return ""
    in_hex = " ".join(f"{word:04x}" for word in answer.raw)
    return tr("{hex} (hex), {decimal} (decimal)").format(hex=in_hex, decimal=" ".join(map(str, answer.raw)))


def read_problem(answer: OnceAnswer) -> str:
    """Return why nothing was read, "" if something was."""
    return "" if answer.state is OnceState.DONE else tr(answer.message)


def write_outcome(answer: OnceAnswer) -> Outcome:
    """Return how a test write ended. Only a value read back from the device counts as success."""
    found, words = short_numbers(value_words(answer), 1 + len(answer.more)), tr(answer.message)
    match answer.state:
        case OnceState.DONE:
            return Outcome(True, tr("Written and read back {value}").format(value=found), words)
        case OnceState.MISMATCH:
            return Outcome(False, tr("The device holds {value}").format(value=found), words)
        case OnceState.UNKNOWN:
            return Outcome(False, tr("The outcome is unknown"), tr(joined((answer.message, _ADVICE))))
        case OnceState.REFUSED:
            return Outcome(False, tr("The device refused it"), words)
        case _:
            return Outcome(False, tr("Nothing was sent"), words)
