"""What the tests take out of Markdown pages: fenced blocks, links, headings."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_FENCE: Final = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FILE: Final = re.compile(r"file=(\S+)")
PYTHON: Final = ".venv/bin/python "


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language and the rest of the line that opens it, and its text."""

    kind: str
    text: str

    @property
    def file(self) -> str:
        """The file that the reader saves it as, "" for none."""
        named = _FILE.search(self.kind)
        return named[1] if named else ""


def blocks(page: str) -> list[Block]:
    return [Block(kind.strip(), text) for kind, text in _FENCE.findall(page)]


def links(page: str) -> list[str]:
    """Return the targets of links and pictures within the repository."""
    return [target for target in _LINK.findall(_FENCE.sub("", page)) if "://" not in target]


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub makes of the headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(page)}


class Reader:
    """Follows a tutorial in a folder of its own: saves its files, runs its commands, compares what they say."""

    def __init__(self, page: str, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.home = folder / "clearwell"
        self.home.mkdir()
        self._blocks = iter(blocks(page.replace("5020", str(port)) if port else page))

    def until(self, wanted: str) -> str:
        """Do what stands before the block whose background command contains `wanted`; return that command."""
        for command in self._follow():
            if wanted in command:
                return command
        raise AssertionError(f"the tutorial has no further background command with {wanted!r}")

    def to_the_end(self) -> list[str]:
        """Do the rest; return the background commands that stood there."""
        return list(self._follow())

    def _follow(self) -> Iterator[str]:
        said = ""
        for block in self._blocks:
            if block.file:
                path = self.folder / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
            elif block.kind == "sh background":
                yield block.text.strip()
            elif block.kind == "sh":
                said = "".join(self._run(line) for line in block.text.splitlines())
            elif block.kind == "text":
                assert said == block.text
            else:
                raise AssertionError(f"nobody knows what to do with a block {block.kind!r}")

    def _run(self, line: str) -> str:
        done = subprocess.run(arguments(line), cwd=self.home, capture_output=True, text=True, timeout=60, check=False)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr


def arguments(line: str) -> list[str]:
    """Return the words of a command line, with this Python and this main.py."""
    words = line.replace(PYTHON, f"{sys.executable} ").split()
    return [str(ROOT / "main.py") if word == "main.py" else word for word in words]
