"""The asyncio thread that all OPC UA servers of a station share."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence

from drivers.opcua.device import OpcUaDevice
from drivers.writes import PendingWrite


class OpcUaRunner:
    """Runs the tasks of every device on one loop; `start` once, `stop` once."""

    def __init__(self, devices: Sequence[OpcUaDevice]) -> None:
        self._devices = tuple(devices)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="opcua", daemon=True)

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread.start()

    def write(self, device: OpcUaDevice, write: PendingWrite) -> None:
        """Queue a command; any thread."""
        device.put(write)
        self._call(device.notice_write)

    def stop(self) -> None:
        """Ask everything to end; returns at once."""
        for device in self._devices:
            device.close_queue()
        self._call(self._stopping.set)

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; True if it ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _call(self, what: Callable[[], None]) -> None:
        """Run `what` on the loop, unless that has ended or not begun (it looks at everything when it begins)."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(what)

    def _run(self) -> None:
        loop = self._loop
        assert loop is not None
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        jobs = [job for device in self._devices for job in (device.keep_linked(), device.serve_writes())]
        tasks = [asyncio.create_task(job) for job in jobs]
        for device in self._devices:
            device.notice_write()
        await self._stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
