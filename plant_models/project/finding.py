"""What is wrong with a plant folder, where, and what would be right. Pure data, any thread."""

import difflib
import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

_LISTED: Final = 8
_NEAREST: Final = 3
_COMPARED: Final = 2000
_MAX_WORD: Final = 80
_MAX_LINE: Final = 500


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One mistake. `file` is relative to the plant folder; `line` and `column` (in characters) count from 1.

    Advice is no mistake: a plant with nothing else can be run.
    """

    file: str
    line: int
    column: int
    problem: str
    remedy: str
    is_advice: bool = False

    def __str__(self) -> str:
        return _one_line(f"{self.file}:{self.line}:{self.column}: {self.problem}; {self.remedy}")


class PlantError(Exception):
    """A plant folder that can't be run. `findings` holds every mistake, sorted by place."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))


def mistakes(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep a plant from being run."""
    return [finding for finding in findings if not finding.is_advice]


def suggest(word: str, known: Collection[str]) -> str:
    """Return a remedy for an unknown `word`: the likeliest known one, the choice if it is short, or the nearest."""
    if not known:
        return "none is declared yet"
    alike = [] if len(word) > _MAX_WORD else _alike(word, known)
    if near := nearest(word, alike):
        return f"did you mean {near!r}?"
    if len(known) <= _LISTED:
        return "use " + " or ".join(sorted(known))
    likely = difflib.get_close_matches(word, alike, n=_NEAREST, cutoff=0.3) or heapq.nsmallest(_NEAREST, known)
    return f"use one of the {len(known)} that exist, such as {', '.join(likely)}"


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return the name that `word` is probably a slip of the pen for."""
    near = [name for name in known if name.casefold() == word.casefold()]
    near = near or difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return near[0] if near else None


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MAX_LINE else f"{line[:_MAX_LINE]} ..."


def _alike(word: str, known: Collection[str]) -> Collection[str]:
    # Comparing costs about 10 µs a pair, and a plant may have 100,000 names.
    if len(known) <= _COMPARED:
        return known
    alike = [name for name in known if name[:3] == word[:3] and abs(len(name) - len(word)) <= 2]
    if len(alike) > _COMPARED:
        head, _, tail = word.rpartition(".")
        alike = [name for name in alike if name.startswith(f"{head}.") or name.endswith(f".{tail}")]
    return alike[:_COMPARED]
