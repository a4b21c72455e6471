"""Whether the symbols of a plant's own, `symbols/NAME.svg`, can be painted and load nothing. Any thread."""

from pathlib import Path
from typing import Final

from plant_models.project.finding import Finding
from plant_models.project.source import read_text
from plant_models.symbol_file import symbol_mistakes

FOLDER: Final = "symbols"


def check_symbols(folder: Path, findings: list[Finding]) -> None:
    """Add a finding for each mistake in the symbols of the plant in `folder`."""
    for path in sorted((folder / FOLDER).glob("*.svg")):
        name = f"{FOLDER}/{path.name}"
        text = read_text(path, name, findings)
        if text is not None:
            findings.extend(Finding(name, *mistake) for mistake in symbol_mistakes(text))
