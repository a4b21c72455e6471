"""Texts of text tags: recorded as they come, confirmed, packed, and read back beside their values."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.chunks.cells import HOUR_US
from history.chunks.texts import Texts
from history.codec import CODEC, TEXT_CODEC, CodecError, Picker, codec_of, encode
from history.columns import Columns
from history.stamping import Stamper
from history.text_length import MAX_CHARACTERS
from plant_models.batch import samples, text_code
from plant_models.quality import Quality
from plant_models.recovered import Recovered
from plant_models.tag import Tag
from tests.fakes.clock import ManualClock
from tests.fakes.packing_bench import bench
from tests.fakes.recording import SECOND, Recording
from tests.fakes.samples import columns

NOW = 1_700_000_000_000_000
TEXTS = st.one_of(st.none(), st.text(max_size=5), st.sampled_from(["", "Störung", "\ud800"]))


def with_texts(texts: list[str | None], first: int = 0) -> Columns:
    n = len(texts)
    found = columns(range(first, first + n), [float(row) for row in range(n)], [NOW + row for row in range(n)])
    return Columns(
        found.ids, found.values, found.qualities, found.time_us, found.source_us, found.received_us, Texts.of(texts)
    )


@given(texts=st.lists(TEXTS, min_size=1, max_size=9), wanted=st.sets(st.integers(0, 8)))
def test_any_texts_come_back_out_of_a_frame(texts: list[str | None], wanted: set[int]) -> None:
    picker = Picker(np.array(sorted(wanted), np.int64))
    frame, plain = with_texts(texts), columns([0, 8], [1.0, 2.0], [NOW, NOW])
    for part in (frame, plain):
        picker.add(codec_of(part), encode(part), len(part), NOW)
    found = picker.columns()
    expected = [text for row, text in enumerate(texts) if row in wanted] + [None for row in (0, 8) if row in wanted]
    assert (found.texts.tolist() if found.texts else [None] * len(found)) == expected


def test_a_frame_without_texts_is_written_as_ever() -> None:
    assert codec_of(columns([1], [1.0], [NOW])) == CODEC
    assert codec_of(with_texts([None, None]).take(np.arange(2))) == CODEC


def test_texts_that_make_no_sense_are_refused() -> None:
    body = encode(with_texts(["ab", None]))
    plain = zlib.decompress(body)
    start = 2 * 38
    spoilt = [
        plain[:start],
        plain[: start + 4],
        plain + b"\0",
        plain[:-1] + b"\xff",
        plain[:start] + b"\x07" + plain[start + 1 :],
        plain[: start + 8] + struct.pack("<I", 2**31) + plain[start + 12 :],
    ]
    for wrong in spoilt:
        with pytest.raises(CodecError):
            Picker().add(TEXT_CODEC, zlib.compress(wrong), 2, NOW)


def test_texts_beyond_the_room_of_a_column_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("history.chunks.texts._LIMIT", 40)
    texts = Texts.of(["aaaa", None, "bbbb", "cccc", "aaaa"])
    fitting = texts.fitting()
    assert fitting is not None
    assert fitting.tolist() == ["aaaa", None, "bbbb", None, "aaaa"]
    assert Texts.of([None]).fitting() is None


def test_a_quiet_text_is_confirmed_with_its_words() -> None:
    stamper = Stamper([Tag(name="A"), Tag(name="B")])
    stamper.stamp(samples([0, 1], [text_code("on"), 5.0], 0, NOW, 0, ["on", None]), NOW)
    beats = stamper.heartbeats(np.full(2, NOW + 60 * SECOND), NOW + 60 * SECOND)
    assert beats.texts is not None
    assert beats.texts.tolist() == ["on", None]
    stamper.stamp(samples([0], [1.0], 0, NOW + 61 * SECOND, 0, [None]), NOW + 61 * SECOND)
    beats = stamper.heartbeats(np.full(2, NOW + 130 * SECOND), NOW + 130 * SECOND)
    assert beats.texts is None


def test_a_text_of_many_pages_is_cut() -> None:
    kept = Stamper([Tag(name="A")]).stamp(samples([0], [text_code("x" * 9_999)], 0, NOW, 0, ["x" * 9_999]), NOW)
    assert kept.texts is not None
    (text,) = kept.texts.tolist()
    assert text == "x" * (MAX_CHARACTERS - 1) + "…"
    assert kept.values.tolist() == [text_code("x" * 9_999)]


def test_texts_live_and_late_are_written_and_read(tmp_path: Path, clock: ManualClock) -> None:
    recording = Recording(tmp_path, clock).start()
    start_us = clock.wall_us()
    for text in ("steht", "läuft"):
        stamps = clock.wall_us(), clock.mono_ns()
        recording.table.apply(samples([1], text_code(text), Quality.GOOD, *stamps, [text]))
        recording.tick()
    late = samples([1, 1], [text_code("x"), text_code("y")], 0, [start_us - 7, start_us - 5], 0, ["x", "y"])
    assert recording.recorder.recover(Recovered(late, start_us - 9, start_us - 9, start_us, 0))
    recording.tick()
    found = recording.store.read([0, 1, 2], 0, 2**62, 2**62)
    recording.stop()
    assert found.texts is not None
    mine = [text for row, text in zip(found.ids.tolist(), found.texts.tolist(), strict=True) if row == 1]
    assert mine == ["steht", "läuft", "x", "y"]
    assert recording.frames("codec") == [(2,), (2,), (2,)]


def test_texts_stand_in_minutes_and_hours_of_their_tag_alone(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        start_us = one.clock.wall_us()
        for number in range(5):
            part = columns([0, 1, 2], [1.0 * number] * 3, [start_us + number * SECOND] * 3)
            texts = Texts.of([None, f"step {number}", None])
            stamped = (part.time_us, part.source_us, part.received_us)
            one.frames.append(Columns(part.ids, part.values, part.qualities, *stamped, texts), one.clock.wall_us())
        for seconds in (70, 2 * HOUR_US / 1e6):
            one.clock.advance(seconds)
            one.record((0, one.clock.wall_us(), 1.0, 0))
            one.pack()
            found = one.archive.read([1], start_us, start_us + HOUR_US, 2**62)
            assert found.texts is not None
            assert found.texts.tolist() == [f"step {number}" for number in range(5)]
            assert one.archive.read([0, 2], start_us, start_us + HOUR_US, 2**62).texts is None
