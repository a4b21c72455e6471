"""Formulas of calculated tags, permissives and equipment states: parsed once, checked against a short white list.

`{LPS.P1.FLOW} + {LPS.P2.FLOW}`: tags stand in braces. Numbers, + - * / // % **, comparisons, and, or, not,
`a if b else c` and the functions below are allowed; nothing else is, so that no formula can run code. Any thread.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from simpleeval import InvalidExpression, SimpleEval

FUNCTIONS: Final[dict[str, Callable[..., float]]] = {
    "abs": abs,
    "ceil": lambda value: float(math.ceil(value)),
    "exp": math.exp,
    "floor": lambda value: float(math.floor(value)),
    "log": math.log,
    "log10": math.log10,
    "max": max,
    "min": min,
    "round": lambda value, digits=0: float(round(float(value), int(digits))),
    "sqrt": math.sqrt,
}
# Everything is done in float64: Python's integers would grow without bound, and one formula could hold up the station.
OPERATORS: Final[dict[type[ast.AST], Callable[..., float]]] = {
    ast.Add: lambda a, b: float(a) + float(b),
    ast.Sub: lambda a, b: float(a) - float(b),
    ast.Mult: lambda a, b: float(a) * float(b),
    ast.Div: lambda a, b: float(a) / float(b),
    ast.FloorDiv: lambda a, b: float(a) // float(b),
    ast.Mod: lambda a, b: float(a) % float(b),
    ast.Pow: lambda a, b: float(a) ** float(b),
    ast.USub: lambda a: -float(a),
    ast.UAdd: float,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 50
"""Levels of nesting; deeper formulas could exhaust the stack."""

_REFERENCE: Final = re.compile(r"\{([^{}]*)\}")
_ALLOWED: Final = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Name,
    ast.Load,
    ast.And,
    ast.Or,
    *OPERATORS,
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed formula; `inputs` are its tags in order of first appearance."""

    text: str
    inputs: tuple[str, ...]
    _code: str = field(repr=False)
    _tree: ast.expr = field(repr=False, compare=False)

    def evaluate(self, values: Sequence[float]) -> float:
        """Return the result for `values` in the order of `inputs`; comparisons give 1.0 or 0.0.

        NaN stands for whatever has no real result: division by zero, a domain error, an overflow.

        Raises:
            ValueError: the number of values isn't that of the inputs.
        """
        return next(self.evaluate_each((values,)))

    def evaluate_each(self, rows: Iterable[Sequence[float]]) -> Iterator[float]:
        """Yield the result for each row of values, as `evaluate` does; a third of its time for each of many rows.

        Raises:
            ValueError: as `evaluate`.
        """
        evaluator: Any = SimpleEval(operators=OPERATORS, functions=FUNCTIONS)  # type: ignore[no-untyped-call]
        names = [f"_{i}" for i in range(len(self.inputs))]
        for values in rows:
            evaluator.names = dict(zip(names, values, strict=True))
            try:
                result = evaluator.eval(self._code, previously_parsed=self._tree)
                yield float(result) if isinstance(result, int | float) else math.nan
            except (ArithmeticError, ValueError, TypeError, InvalidExpression):
                yield math.nan


def parse_expression(text: str) -> Expression:
    """Return the parsed formula.

    Raises:
        ValueError: it isn't one; the message says what is wrong and at which character (from 1).
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"the formula has {len(text)} characters; at most {MAX_LENGTH} are allowed")
    if "_" in _REFERENCE.sub("", text):
        raise ValueError("an underscore stands outside braces; tags stand in braces, numbers have no separators")
    inputs: dict[str, str] = {}

    def place(match: re.Match[str]) -> str:
        name = match[1].strip()
        if not name:
            raise ValueError(f"empty braces at character {match.start() + 1}; write the name of a tag in them")
        return inputs.setdefault(name, f"_{len(inputs)}")

    code = _REFERENCE.sub(place, text).strip()
    try:
        tree = ast.parse(code, mode="eval")
        depth = _depth(tree)
    except SyntaxError as error:
        raise ValueError(f"the formula can't be read near {_near(code, error.offset)}") from None
    except (RecursionError, MemoryError):
        depth = MAX_DEPTH + 1
    if depth > MAX_DEPTH:
        raise ValueError(f"the formula is nested more than {MAX_DEPTH} deep")
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    known = set(inputs.values())
    for node in ast.walk(tree):
        if id(node) not in called:
            _check(node, known)
    return Expression(text, tuple(inputs), code, tree.body)


def _near(code: str, offset: int | None) -> str:
    at = max(0, (offset or 1) - 1)
    return repr(code[at : at + 20]) if code[at:] else "its end"


def _depth(node: ast.AST) -> int:
    depth, level = 0, [node]
    while level:
        depth += 1
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    return depth


def _check(node: ast.AST, known: set[str]) -> None:
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS or node.keywords:
            raise ValueError(f"only the functions {', '.join(FUNCTIONS)} are allowed")
    elif isinstance(node, ast.Constant):
        if not isinstance(node.value, int | float):
            raise ValueError(f"only numbers are allowed, not {node.value!r}")
    elif isinstance(node, ast.Name):
        if node.id not in known:
            raise ValueError(f"{node.id!r} is unknown; tags stand in braces, such as {{{node.id}}}")
    elif not isinstance(node, _ALLOWED):
        raise ValueError(f"{type(node).__name__} is not allowed in a formula")
