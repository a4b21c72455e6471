"""Looking round in a server for new tags, level by level, beside the running connection. On the caller's event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from drivers.address_space import BrowseError, SpaceLevel
from drivers.health import DeviceHealth, LinkState
from plant_models.device import Device, Endpoint
from plant_models.message import message, words_of
from station.parts import StationParts
from station.protocol import Browsed
from station.session import ENGINEERS, Session
from station.tag_maker import ONLY_ENGINEERS, TagMaker

if TYPE_CHECKING:
    from drivers.opcua.browser import Browser

MOST: Final = 50
OPCUA: Final = "opcua"
T = TypeVar("T")


class AddressSpace:
    """What servers have, and which of it are tags already; `folder` is the station's data folder."""

    def __init__(self, parts: StationParts, tags: TagMaker, workers: Executor, folder: Path) -> None:
        self._parts = parts
        self._tags = tags
        self._workers = workers
        self._folder = folder
        self._browser: Browser | None = None

    async def browse(self, device: str, addresses: Sequence[str], session: Session) -> Browsed:
        """Return what lies below some nodes; refusals and faults are results."""
        refusal = self._refusal(device, addresses, session)
        if refusal:
            return Browsed(problem=refusal)
        try:
            levels = await asyncio.wrap_future(self._ask(self._placed(device), addresses))
        except BrowseError as error:
            return Browsed(problem=words_of(error))
        present = await self._work(lambda: self._tags.present(device))
        shown = {node.address for level in levels for node in level.nodes}
        return Browsed(
            levels=tuple(levels),
            tags={address: name for address, name in present.items() if address in shown},
            add_problem=await self._work(lambda: self._tags.problem(session)),
        )

    def stop(self) -> None:
        """End every question and connection."""
        if self._browser is not None:
            self._browser.stop()

    def _refusal(self, device: str, addresses: Sequence[str], session: Session) -> str:
        found = self._parts.plant.devices.get(device)
        if found is None:
            return message("There is no device {device}", device=device)
        if found.protocol != OPCUA:
            return message("{device} has nothing to browse; only OPC UA servers have", device=device)
        if not session.user or not session.roles & ENGINEERS:
            return ONLY_ENGINEERS
        if not 0 < len(addresses) <= MOST:
            return message("{count} nodes can't be asked for at once; {most} can", count=len(addresses), most=MOST)
        if self._link(device).state is LinkState.DISABLED:
            return message("{device} is out of service; nothing is asked of it", device=device)
        return ""

    def _link(self, device: str) -> DeviceHealth:
        return next(each for each in self._parts.pool.health() if each.device == device)

    def _placed(self, name: str) -> Device:
        """Return a device where it is really asked now."""
        device = self._parts.plant.devices[name]
        host, _, port = self._link(name).address.rpartition(":")
        return device.at(Endpoint(host, int(port))) if host and port.isdigit() else device

    def _ask(self, device: Device, addresses: Sequence[str]) -> Future[list[SpaceLevel]]:
        if self._browser is None:
            from drivers.opcua.browser import Browser

            self._browser = Browser(self._parts.clock, self._folder)
        return self._browser.ask(device, addresses)

    async def _work(self, what: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._workers.submit(what))
