"""What the care of history remembers between two runs of a station: `care.json` in its data folder. Packer thread.

Losing it costs nothing but a second reading of some blobs, and that a month which disappeared meanwhile isn't missed.
"""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import orjson

STATE_NAME: Final = "care.json"


@dataclass(slots=True, kw_only=True)
class CareState:
    """Months that were there; how far the scrubber is (month, table, last key); what it found broken in this
    month, and in the last pass over each month."""

    known: list[str] = field(default_factory=list)
    month: str = ""
    table: str = ""
    key: list[int] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    broken: dict[str, list[str]] = field(default_factory=dict)


def load_state(data: Path) -> CareState:
    """Return what was remembered; of a file that can't be read, nothing."""
    try:
        found = orjson.loads((data / STATE_NAME).read_bytes())
        return CareState(
            known=[str(name) for name in found["known"]],
            month=str(found["month"]),
            table=str(found["table"]),
            key=[int(part) for part in found["key"]],
            found=[str(each) for each in found["found"]],
            broken={str(name): [str(each) for each in told] for name, told in found["broken"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return CareState()


def save_state(data: Path, state: CareState) -> None:
    """Put it in the place of what was remembered before.

    Raises:
        OSError: the folder can't be written.
    """
    draft = data / f"{STATE_NAME}.new"
    with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(orjson.dumps(asdict(state)))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(data / STATE_NAME)
