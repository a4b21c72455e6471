"""A link whose other end says what a test has written down, whatever is sent."""

from drivers.modbus.link import OnFrame, ignore
from tests.fakes.clock import ManualClock


class ScriptedLink:
    """Fulfils `drivers.modbus.link.Link`. Each of `replies` is what comes after one frame was sent.

    `unasked` comes before anything is sent. `sent` are the frames. `clock` moves on
    while nothing comes.
    """

    quiet_s = character_s = 0.0

    def __init__(self, *replies: bytes, unasked: bytes = b"") -> None:
        self.clock = ManualClock()
        self.on_frame: OnFrame = ignore
        self.is_open = True
        self.sent: list[bytes] = []
        self._replies = list(replies)
        self._come = unasked

    def open(self) -> bool:
        is_new, self.is_open = not self.is_open, True
        return is_new

    def close(self) -> None:
        self.is_open = False

    def abort(self) -> None:
        self.is_open = False

    def come(self, data: bytes) -> None:
        self._come += data

    def send(self, data: bytes) -> None:
        self.sent.append(data)
        if self._replies:
            self._come += self._replies.pop(0)

    def receive(self, count: int, timeout_s: float) -> bytes:
        if not self._come:
            self.clock.advance(timeout_s)
        data, self._come = self._come[:count], self._come[count:]
        return data
