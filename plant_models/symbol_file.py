"""Whether an SVG is a symbol that the screens can paint, and loads and runs nothing. Pure functions, any thread.

The rules stand in docs/reference/symbols.md. The text is read by expat alone, which is stopped at a document type
declaration: no entity is ever expanded.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from xml.parsers import expat

MAX_LENGTH: Final = 100_000
"""Characters of one symbol; the largest of the program has 3,000."""

CLASSES: Final = ("b", "v", "l", "s", "o", "m", "n", "e")
SHAPES: Final = ("path", "circle", "ellipse", "rect", "line", "polyline", "polygon")
STOPS: Final = ("hollow", "bar", "square", "fill")

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_GRID: Final = "0 0 64 64"
_COUNTS: Final = {"data-centre": 2, "data-bar": 4, "data-vessel": 2}


class SymbolMistake(NamedTuple):
    """`line` and `column` count from 1."""

    line: int
    column: int
    problem: str
    remedy: str


class _Stop(Exception):  # noqa: N818 no error: what follows isn't worth reading
    pass


def symbol_mistakes(text: str) -> Iterator[SymbolMistake]:
    """Yield what keeps an SVG from being a symbol."""
    if len(text) > MAX_LENGTH:
        yield SymbolMistake(1, 1, f"the file is longer than {MAX_LENGTH} characters", "draw it with fewer points")
        return
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode(), True)
    except _Stop:
        pass
    except expat.ExpatError as error:
        problem = f"not XML: {expat.ErrorString(error.code)}"
        reader.mistakes.append(SymbolMistake(error.lineno, error.offset + 1, problem, "save it again as plain SVG"))
    yield from reader.mistakes


class _Reader:
    """Collects the mistakes of one file as expat walks over it."""

    def __init__(self) -> None:
        self.mistakes: list[SymbolMistake] = []
        self._depth = 0
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._on_start
        self.parser.EndElementHandler = self._on_end
        self.parser.StartDoctypeDeclHandler = self._on_doctype
        self.parser.ProcessingInstructionHandler = self._on_instruction

    def _add(self, problem: str, remedy: str) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        self.mistakes.append(SymbolMistake(line, column, problem, remedy))

    def _on_doctype(self, *_: object) -> None:
        self._add("a document type declaration, which may declare entities", "remove <!DOCTYPE ...>")
        raise _Stop

    def _on_instruction(self, target: str, _: str) -> None:
        self._add(f"an instruction <?{target[:40]} ...>", "remove it")

    def _on_end(self, _: str) -> None:
        self._depth -= 1

    def _on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        for problem, remedy in (*self._element(name, attributes), *_attributes(attributes)):
            self._add(problem, remedy)

    def _element(self, name: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        namespace, _, tag = name.rpartition(" ")
        if self._depth == 1:
            yield from _root(namespace, tag, attributes)
        elif namespace != _NAMESPACE or tag not in (*SHAPES, "title"):
            yield f"element <{tag[:40]}>", f"draw with {', '.join(SHAPES)}"
        elif self._depth > 2:
            yield f"<{tag}> lies inside another element", "make it a direct child of <svg>"
        elif tag != "title" and attributes.get("class") not in CLASSES:
            given = attributes.get("class")
            problem = f"<{tag}> without a class" if given is None else f"unknown class {given[:40]!r}"
            yield problem, f"use one of {', '.join(CLASSES)}"


def _root(namespace: str, tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if (namespace, tag) != (_NAMESPACE, "svg"):
        yield f"<{tag[:40]}> is not an SVG", f'begin with <svg xmlns="{_NAMESPACE}" viewBox="{_GRID}">'
        return
    box = attributes.get("viewBox")
    if box is None or _numbers(box) != (0, 0, 64, 64):
        problem = "no viewBox" if box is None else f"viewBox {box[:40]!r}"
        yield problem, f'draw on the 64 x 64 grid: viewBox="{_GRID}"'
    if attributes.get("data-stop", "fill") not in STOPS:
        yield f"unknown data-stop {attributes['data-stop'][:40]!r}", f"use one of {', '.join(STOPS)}"
    for name, count in _COUNTS.items():
        if name in attributes and len(_numbers(attributes[name])) != count:
            yield f"{name} {attributes[name][:40]!r}", f"write {count} finite numbers, with spaces between"


def _attributes(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for full, value in attributes.items():
        name = full.rpartition(" ")[2]
        if name == "href" or "url(" in value.lower():
            yield f"{name} refers to something else", "remove it: a symbol loads nothing"
        elif name == "style" or name.lower().startswith("on"):
            yield f"attribute {name[:40]}", "remove it: the class alone says how an element is painted"


def _numbers(text: str) -> tuple[float, ...]:
    """Return the finite numbers of a text; none if anything else stands there."""
    try:
        values = tuple(float(part) for part in text.split())
    except ValueError:
        return ()
    return values if all(math.isfinite(value) for value in values) else ()
