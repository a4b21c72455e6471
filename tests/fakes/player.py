"""A way to make a sound that only remembers what it was told to play."""

from hmi.sound.player import Told


class RecordingPlayer:
    """`played` has priority and volume of every tone; `fails` is the reason why each fails, "" for none."""

    def __init__(self, title: str = "recorder", *, is_certain: bool = True, fails: str = "") -> None:
        self.title, self.is_certain, self.fails = title, is_certain, fails
        self.played: list[tuple[int, str]] = []
        self.stops = 0
        self.is_closed = False
        self.waiting: list[Told] = []
        self.is_slow = False

    @property
    def priorities(self) -> list[int]:
        return [priority for priority, _ in self.played]

    def play(self, priority: int, volume: str, told: Told) -> None:
        self.played.append((priority, volume))
        if self.is_slow:
            self.waiting.append(told)
        else:
            told(self.fails)

    def stop(self) -> None:
        self.stops += 1

    def close(self) -> None:
        self.is_closed = True
