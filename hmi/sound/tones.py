"""The tones of the four priorities, made once as WAV files into a folder of the person's own. At the start.

They lie between 390 and 800 Hz with soft beginnings and ends, so that nobody wants to be rid of them. What tells them
apart is what survives bad loudspeakers and bad ears: how many beats, how fast, rising or falling; urgency only makes
them faster and louder on top of it.
"""

import os
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hmi.sound.settings import VOLUMES

RATE: Final = 22_050
"""Samples a second."""
_VERSION: Final = 1
"""Part of the names of the files: those of another version are made anew."""
_BYTES: Final = 2
_HEADER: Final = 44
_EDGE_S: Final = 0.02
_OVERTONES: Final = (1.0, 0.30, 0.12)
_LOUDNESS: Final = dict(zip(VOLUMES, (0.18, 0.45, 0.9), strict=True))


@dataclass(frozen=True, slots=True)
class Tone:
    """Beats one after the other, each of a frequency in Hz and a length in s, with pauses of `pause_s` between them."""

    beats: tuple[tuple[float, float], ...]
    pause_s: float
    strength: float

    @property
    def seconds(self) -> float:
        return sum(length for _, length in self.beats) + self.pause_s * (len(self.beats) - 1)


TONES: Final = {
    1: Tone(((784.0, 0.11), (587.0, 0.11)) * 4, 0.02, 1.0),
    2: Tone(((659.0, 0.16),) * 3, 0.10, 0.8),
    3: Tone(((523.0, 0.22), (440.0, 0.30)), 0.06, 0.65),
    4: Tone(((392.0, 0.40),), 0.0, 0.5),
}
"""By priority: a fast alternation, three beats, two falling ones, one low one."""


def make_tones(folder: Path) -> None:
    """Write the files that aren't there yet, or aren't whole; each is replaced as one.

    Raises:
        OSError: they can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for priority, tone in TONES.items():
        sound = sampled(tone)
        for volume, loudness in _LOUDNESS.items():
            file = tone_file(folder, priority, volume)
            if not file.is_file() or file.stat().st_size != _HEADER + _BYTES * len(sound):
                _write(file, np.round(sound * loudness * 32_767).astype("<i2"))


def tone_file(folder: Path, priority: int, volume: str) -> Path:
    """Return where the tone of a priority lies."""
    return folder / f"alarm-{priority}-{volume}-v{_VERSION}.wav"


def sampled(tone: Tone) -> NDArray[np.float64]:
    """Return a tone as samples between -1 and 1, RATE of them a second."""
    pause = np.zeros(round(tone.pause_s * RATE))
    parts = [part for frequency, length in tone.beats for part in (_beat(frequency, length), pause)][:-1]
    return np.concatenate(parts) * tone.strength


def _beat(frequency: float, length: float) -> NDArray[np.float64]:
    count = round(length * RATE)
    time_s = np.arange(count) / RATE
    partials = (part * np.sin(2 * np.pi * frequency * (at + 1) * time_s) for at, part in enumerate(_OVERTONES))
    edge = np.minimum(1.0, np.minimum(time_s, time_s[::-1]) / _EDGE_S)
    return np.asarray(sum(partials) / sum(_OVERTONES) * edge * edge * (3 - 2 * edge))


def _write(file: Path, samples: NDArray[np.int16]) -> None:
    new = file.with_suffix(f".{os.getpid()}.new")
    with wave.open(str(new), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(_BYTES)
        target.setframerate(RATE)
        target.writeframes(samples.tobytes())
    new.replace(file)
