"""Has the station read what is opened or marked, and tells how far that has come. GUI thread, never waits."""

import asyncio
from collections import deque
from typing import Final

from PySide6.QtCore import QObject, Signal

from hmi.browse.item import Reading, SpaceItem
from hmi.browse.model import SpaceModel
from hmi.context import Context
from plant_models.message import message

MOST: Final = 1_000
"""So many variables are marked at once with a folder; more would be looked through by nobody."""
_AT_ONCE: Final = 20


class SpaceLoader(QObject):
    """Reads levels of one device. `progress` carries folders and variables read of a marked folder; `ended` follows.

    `answered` carries why no tag could be added now, `ended` a problem or "", `failed` why a line can't be opened.
    """

    progress = Signal(int, int)
    ended = Signal(str)
    failed = Signal(str)
    answered = Signal(str)

    def __init__(self, context: Context, device: str, model: SpaceModel) -> None:
        super().__init__()
        self._context = context
        self._device = device
        self._model = model
        self._opening: dict[SpaceItem, asyncio.Task[None]] = {}
        self._marking: asyncio.Task[None] | None = None
        model.wanted.connect(self.open)

    @property
    def is_marking(self) -> bool:
        """Whether a marked folder is being read."""
        return self._marking is not None and not self._marking.done()

    def open(self, item: SpaceItem) -> None:
        """Read what lies directly below a line."""
        self._model.begin(item)
        task = self._opening[item] = self._context.tasks.start(self._open(item))
        task.add_done_callback(lambda done: self._on_opened(done, item))

    def open_unread(self, item: SpaceItem) -> None:
        """Read a line that was not read yet, or could not be."""
        if item.is_unread:
            self.open(item)

    def start_anew(self) -> None:
        """Read everything again from the top; what is marked stays marked."""
        self.stop()
        self.open(self._model.root)

    def mark_below(self, item: SpaceItem) -> None:
        """Read everything below a line and mark what can become tags; one folder at a time."""
        if not self.is_marking:
            self._marking = self._context.tasks.start(self._mark(item))
            self._marking.add_done_callback(self._on_marked)

    def stop_marking(self) -> None:
        """Read no more of a marked folder; what was marked before stays."""
        if self._marking is not None:
            self._marking.cancel()

    def stop(self) -> None:
        """Ask nothing more."""
        self.stop_marking()
        for task in self._opening.values():
            task.cancel()

    def _on_opened(self, task: asyncio.Task[None], item: SpaceItem) -> None:
        if self._opening.get(item) is not task:
            return  # it is being read anew
        del self._opening[item]
        if task.cancelled() or task.exception() is not None:
            self._model.fail(item, "")

    def _on_marked(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is not None:
            self.ended.emit("")

    async def _open(self, item: SpaceItem) -> None:
        if problem := await self._read([item]):
            self._model.fail(item, problem)
            self.failed.emit(problem)

    async def _read(self, items: list[SpaceItem]) -> str:
        """Read what lies below some lines; return why that can't be done."""
        addresses = [item.node.address for item in items]
        browsed = await self._context.station.browse(self._device, addresses, self._context.session)
        if browsed.problem:
            return browsed.problem
        for item, level in zip(items, browsed.levels, strict=True):
            self._model.fill(item, level, browsed.tags)
        self.answered.emit(browsed.add_problem)
        return ""

    async def _mark(self, top: SpaceItem) -> None:
        problem = await self._read_below(top)
        found = {each.node.address: each for each in top.all_below() if each.may_be_tag}
        self._model.set_marks(list(found.values())[:MOST], is_marked=True)
        most = message("It has more variables than {most}; the first ones are marked", most=MOST)
        self.ended.emit(problem or (most if len(found) > MOST else ""))

    async def _read_below(self, top: SpaceItem) -> str:
        """Read every folder below a line that wasn't read yet, each node once, however often it lies there."""
        waiting, seen, found = deque([top]), set[str](), 0
        while waiting and found < MOST:
            unread: list[SpaceItem] = []
            while waiting and len(unread) < _AT_ONCE:
                item = waiting.popleft()
                if item.node.address in seen or item.reading is Reading.NOW:
                    continue
                seen.add(item.node.address)
                if item.is_unread:
                    unread.append(item)
                else:
                    waiting.extend(each for each in item.children if each.node.is_open)
            if not unread:
                break
            if problem := await self._read(unread):
                return problem
            waiting.extend(each for item in unread for each in item.children if each.node.is_open)
            found = sum(each.may_be_tag for each in top.all_below())
            self.progress.emit(len(seen), found)
        return ""
