"""A serial cable without hardware: two pseudo terminals whose bytes a thread carries from one to the other."""

import contextlib
import os
import select
import threading
import tty


class SerialCable:
    """A context manager. Programs open `here` and `there`; what goes into one comes out of the other.

    `cut` ends it as if the adapter had been pulled out.
    """

    def __init__(self) -> None:
        self._ends: list[int] = []
        names = []
        for _ in range(2):
            master, slave = os.openpty()
            tty.setraw(slave)
            names.append(os.ttyname(slave))
            self._ends += [master, slave]
        self.here, self.there = names
        self._stop, self._stopping = os.pipe()
        self._thread = threading.Thread(target=self._carry, name="serial-cable", daemon=True)

    def __enter__(self) -> "SerialCable":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def cut(self) -> None:
        if self._ends:
            os.write(self._stopping, b".")
            self._thread.join()
            for end in (*self._ends, self._stop, self._stopping):
                os.close(end)
            self._ends = []

    def _carry(self) -> None:
        first, _, second, _ = self._ends
        other = {first: second, second: first}
        while True:
            ready, _, _ = select.select([first, second, self._stop], [], [])
            if self._stop in ready:
                return
            for end in ready:
                with contextlib.suppress(OSError):
                    os.write(other[end], os.read(end, 512))
