"""Making tags of what a server offers, in the plant folder; they live from the next start on. On the station's workers.

The running table keeps the tags that it started with.
"""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from plant_models.message import message
from plant_models.project.finding import PlantError
from plant_models.project.new_tags import TAGS, add_tags, name_problem, rows_of
from station.acts import Acts, act_entry
from station.parts import StationParts
from station.protocol import ActResult, NewTags
from station.session import ENGINEERS, Session

KIND: Final = "tags"
MOST: Final = 10_000
_TOLD: Final = 40
ONLY_ENGINEERS: Final = message("Only an engineer or an administrator may browse a server and add tags")


class TagMaker:
    """Adds rows to the tags.csv of one plant."""

    def __init__(self, parts: StationParts, acts: Acts) -> None:
        self._folder = parts.plant.folder
        self._parts = parts
        self._acts = acts
        self._lock = threading.Lock()  # of what was read of tags.csv, as long as its stamp is the same
        self._stamp = (0, 0)
        self._rows: list[Mapping[str, str]] = []

    def present(self, device: str) -> dict[str, str]:
        """Return the names of the tags of a device by address, those that are only in tags.csv included."""
        found = {row["address"]: row["name"] for row in self._file_rows() if row.get("device") == device}
        return found | {tag.address: tag.name for tag in self._parts.plant.tags if tag.device == device}

    def problem(self, session: Session) -> str:
        """Return why this person could add no tag now, "" if that is possible."""
        if not session.user or not session.roles & ENGINEERS:
            return ONLY_ENGINEERS
        if not self._folder.is_dir():
            return message("The plant folder {folder} isn't on this computer", folder=self._folder)
        if not (os.access(self._folder, os.W_OK) and os.access(self._folder / TAGS, os.W_OK)):
            return message("The plant folder {folder} can't be written", folder=self._folder)
        return ""

    def add(self, wanted: NewTags, session: Session) -> ActResult:
        """Add tags, all or none."""
        names = [tag.name for tag in wanted.tags]
        title = message("Add tags to tags.csv: {count}", count=len(names))
        entry = act_entry(KIND, wanted.device, title, session, wanted.reason)
        return self._acts.carry_out(entry, lambda: self._refusal(wanted, session), lambda: self._add(wanted))

    def _refusal(self, wanted: NewTags, session: Session) -> str:
        names = [tag.name for tag in wanted.tags]
        if wanted.device not in self._parts.plant.devices:
            return message("There is no device {device}", device=wanted.device)
        if not 0 < len(names) <= MOST:
            return message("{count} tags can't be added at once; {most} can", count=len(names), most=MOST)
        if any(tag.device != wanted.device for tag in wanted.tags):
            return message("All tags must be of {device}", device=wanted.device)
        return self.problem(session) or _wrong_name(names) or self._taken(wanted)

    def _taken(self, wanted: NewTags) -> str:
        present = self.present(wanted.device)
        taken = {tag.name for tag in self._parts.plant.tags} | {row.get("name", "") for row in self._file_rows()}
        for tag in wanted.tags:
            if tag.address in present:
                return message("{address} is a tag already: {tag}", address=tag.address, tag=present[tag.address])
            if tag.name in taken:
                return message("There is a tag {tag} already", tag=tag.name)
        return ""

    def _add(self, wanted: NewTags) -> str:
        try:
            add_tags(self._folder, [tag.cells() for tag in wanted.tags])
        except PlantError as error:
            first = str(error.findings[0])
            words = message(
                "The plant folder would have {count} mistakes; the first is {finding}",
                count=len(error.findings),
                finding=first,
            )
            raise ValueError(words) from error
        names = [f"{tag.name} {tag.address}" for tag in wanted.tags]
        rest = len(names) - _TOLD
        return ", ".join(names[:_TOLD]) + (f", and {rest} more" if rest > 0 else "")

    def _file_rows(self) -> list[Mapping[str, str]]:
        with self._lock:
            stamp = _stamp(self._folder / TAGS)
            if stamp != self._stamp:
                self._rows, self._stamp = rows_of(self._folder), stamp
            return self._rows


def _wrong_name(names: list[str]) -> str:
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        return message("Two tags can't have the name {tag}", tag=twice)
    return next(filter(None, map(name_problem, names)), "")


def _stamp(path: Path) -> tuple[int, int]:
    try:
        told = path.stat()
    except OSError:
        return 0, 0
    return told.st_mtime_ns, told.st_size
