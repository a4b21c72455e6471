"""One measured number, its baseline and its target; and the table and JSON that show them."""

import operator
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure. `target` is an operator and a number, applied to value ÷ baseline, or to the value without one."""

    key: str
    value: float
    unit: str
    target: str
    baseline: float | None = None

    @property
    def ratio(self) -> float | None:
        """Value ÷ baseline, None without a baseline."""
        return None if self.baseline is None else self.value / self.baseline

    @property
    def is_met(self) -> bool:
        sign, bound = self.target.split()
        return _OPERATORS[sign](self.value if self.ratio is None else self.ratio, float(bound))


def as_json(name: str, figures: Sequence[Figure]) -> dict[str, Any]:
    """Return what `--json` writes."""
    return {
        "name": name,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "figures": {
            figure.key: {
                "value": figure.value,
                "unit": figure.unit,
                "baseline": figure.baseline,
                "ratio": figure.ratio,
                "target": figure.target,
                "met": figure.is_met,
            }
            for figure in figures
        },
    }


def as_table(figures: Sequence[Figure]) -> str:
    """Return the figures as aligned lines for a person."""
    rows = [("figure", "value", "unit", "baseline", "ratio", "target", "met")]
    rows += [
        (
            figure.key,
            f"{figure.value:.4g}",
            figure.unit,
            "" if figure.baseline is None else f"{figure.baseline:.4g}",
            "" if figure.ratio is None else f"{figure.ratio:.3f}",
            figure.target,
            "yes" if figure.is_met else "NO",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
