"""The tones are valid WAV files, made once, and can be told apart by more than their loudness."""

import wave
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from alarms.snapshot import PRIORITIES
from hmi.sound.settings import VOLUMES
from hmi.sound.sounding import GAP_NS
from hmi.sound.tones import RATE, TONES, make_tones, sampled, tone_file

LOWEST_HZ, HIGHEST_HZ = 300, 900


def _read(file: Path) -> np.ndarray:
    with wave.open(str(file), "rb") as source:
        assert (source.getnchannels(), source.getsampwidth(), source.getframerate()) == (1, 2, RATE)
        return np.frombuffer(source.readframes(source.getnframes()), "<i2").astype(float)


def test_there_is_a_tone_for_every_priority_that_calls_somebody() -> None:
    assert tuple(TONES) == PRIORITIES


def test_every_file_is_whole_and_louder_where_louder_is_wanted(tmp_path: Path) -> None:
    make_tones(tmp_path / "tones")
    for priority in PRIORITIES:
        peaks = [np.abs(_read(tone_file(tmp_path / "tones", priority, volume))).max() for volume in VOLUMES]
        assert peaks == sorted(peaks)
        assert 1_000 < peaks[0] < peaks[-1] <= 32_767
    assert len(list((tmp_path / "tones").iterdir())) == len(PRIORITIES) * len(VOLUMES)


def test_files_are_made_once_and_a_torn_one_is_made_again(tmp_path: Path) -> None:
    make_tones(tmp_path)
    whole, torn = (tone_file(tmp_path, priority, "normal") for priority in (1, 2))
    before, content = whole.stat().st_mtime_ns, torn.read_bytes()
    torn.write_bytes(content[:100])
    make_tones(tmp_path)
    assert whole.stat().st_mtime_ns == before
    assert torn.read_bytes() == content


def test_a_folder_that_can_not_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tones").write_text("a file")
    with pytest.raises(OSError, match="tones"):
        make_tones(tmp_path / "tones")


@pytest.mark.parametrize("priority", PRIORITIES)
def test_no_tone_is_shrill_or_begins_with_a_click(priority: int) -> None:
    sound = sampled(TONES[priority])
    spectrum = np.abs(np.fft.rfft(sound))
    strongest = np.fft.rfftfreq(len(sound), 1 / RATE)[spectrum.argmax()]
    assert LOWEST_HZ < strongest < HIGHEST_HZ
    high = spectrum[np.fft.rfftfreq(len(sound), 1 / RATE) > 3_000]
    assert (high**2).sum() < 0.01 * (spectrum**2).sum()
    assert abs(sound[0]) < 0.001
    assert np.abs(np.diff(sound)).max() < 0.35
    assert np.abs(sound).max() <= 1.0


def test_the_more_urgent_the_louder_and_the_faster() -> None:
    strengths = [np.abs(sampled(TONES[priority])).max() for priority in PRIORITIES]
    beats_a_second = [len(tone.beats) / tone.seconds for tone in TONES.values()]
    assert strengths == sorted(strengths, reverse=True)
    assert beats_a_second == sorted(beats_a_second, reverse=True)


def test_tones_differ_in_how_many_beats_they_have() -> None:
    counts = [len(tone.beats) for tone in TONES.values()]
    assert all(one != other for one, other in combinations(counts, 2))


def test_a_tone_is_over_before_it_comes_again() -> None:
    assert all(tone.seconds < GAP_NS / 1e9 for tone in TONES.values())
