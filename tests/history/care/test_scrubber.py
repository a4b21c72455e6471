"""Reading packed history slowly: what broke on the disk is found, kept and told, and what can be mended is."""

from pathlib import Path

import pytest

from history.care import scrubber
from history.care.scrubber import Scrubber
from history.care.state import CareState, load_state, save_state
from history.chunks.cells import HOUR_US, MINUTE_US
from history.store.tables import CHUNK, QUARANTINE, ROLLUP
from tests.fakes.packing_bench import BEGIN, LAST_HOUR, RULE, Bench, bench, shift
from tests.fakes.spoiling import garble_pages


@pytest.fixture(autouse=True)
def _few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrubber, "ROWS", 2)


def packed(one: Bench) -> Scrubber:
    shift(one, 5, 120)
    one.clock.advance(7200)
    one.record((0, one.clock.wall_us(), 1.0, 0))
    one.pack()
    return Scrubber(one.segments, one.parts, lambda tag: RULE, CareState())


def spoil(one: Bench, at_us: int) -> None:
    """Turn the last byte of an hour of the first tag."""
    tag = one.tag(0)
    with one.parts.writing(at_us) as connection:
        mine = (CHUNK.c.tag == tag, CHUNK.c.t0_us == at_us)
        body = connection.execute(CHUNK.select().where(*mine)).one().body
        connection.execute(CHUNK.update().where(*mine).values(body=body[:-1] + bytes([body[-1] ^ 1])))


def go_round(one: Scrubber, steps: int = 60) -> None:
    for _ in range(steps):
        one.step()


def test_what_is_whole_is_left_as_it_is(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        scrubbing = packed(one)
        go_round(scrubbing)
        assert scrubbing.broken == 0
        assert one.count(QUARANTINE) == 0
        one.check()


def test_a_broken_hour_is_kept_once_and_counted_until_it_is_whole_again(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        scrubbing = packed(one)
        at_us = LAST_HOUR - HOUR_US
        spoil(one, at_us)
        go_round(scrubbing, 120)
        assert scrubbing.broken == 1
        assert one.count(QUARANTINE) == 1
        spoil(one, at_us)
        go_round(scrubbing, 120)
        assert scrubbing.broken == 0
        one.check()


@pytest.mark.parametrize("level_us", [MINUTE_US, HOUR_US])
def test_a_broken_roll_up_is_worked_out_anew(tmp_path: Path, level_us: int) -> None:
    with bench(tmp_path) as one:
        scrubbing = packed(one)
        one.clock.advance(40 * 86_400)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        before = [one.cells(row, level_us) for row in range(3)]
        for month_us in (BEGIN, LAST_HOUR):
            with one.parts.writing(month_us) as connection:
                connection.execute(ROLLUP.update().where(ROLLUP.c.level_us == level_us).values(body=b"rubbish"))
        go_round(scrubbing)
        assert [one.cells(row, level_us).tobytes() for row in range(3)] == [cells.tobytes() for cells in before]
        assert scrubbing.broken == 0


def test_numbers_that_do_not_fit_their_hour_are_put_right(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        scrubbing = packed(one)
        with one.parts.reading("2023-12") as connection:
            before = connection.execute(CHUNK.select()).all()
        with one.parts.writing(LAST_HOUR) as connection:
            connection.execute(CHUNK.update().values(max=1e9, n=7))
        go_round(scrubbing)
        with one.parts.reading("2023-12") as connection:
            assert connection.execute(CHUNK.select()).all() == before


def test_a_damaged_month_keeps_it_from_no_other(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        packed(one)
    garble_pages(tmp_path / "history-2023-11.sqlite")
    again = Bench(tmp_path, start_us=LAST_HOUR + 10 * HOUR_US)
    try:
        scrubbing = Scrubber(again.segments, again.parts, lambda tag: RULE, CareState())
        spoil(again, LAST_HOUR)
        go_round(scrubbing)
        assert scrubbing.broken == 1
        assert "history-2023-11.sqlite" in again.places.faults.notice
    finally:
        again.close()


def test_it_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        packed(one)
        spoil(one, BEGIN + HOUR_US)
        state = CareState()
        first = Scrubber(one.segments, one.parts, lambda tag: RULE, state)
        go_round(first, 3)
        save_state(tmp_path, state)
        assert load_state(tmp_path) == state
        second = Scrubber(one.segments, one.parts, lambda tag: RULE, load_state(tmp_path))
        assert second.broken == first.broken == 1
        assert state.key != []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"known": 7}', b'{"known": [], "month": "x"}'])
def test_a_state_that_cannot_be_read_is_begun_anew(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "care.json").write_bytes(body)
    assert load_state(tmp_path) == CareState()


def test_an_empty_history_has_nothing_to_scrub(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        scrubber = Scrubber(one.segments, one.parts, lambda tag: RULE, CareState())
        scrubber.step()
        assert scrubber.broken == 0


def test_a_server_is_scrubbed_as_files_are(tmp_path: Path, pg_database: str) -> None:
    with bench(tmp_path, pg_database) as one:
        scrubbing = packed(one)
        spoil(one, LAST_HOUR - HOUR_US)
        with one.parts.writing(LAST_HOUR) as connection:
            connection.execute(ROLLUP.update().where(ROLLUP.c.t0_us >= LAST_HOUR).values(body=b"rubbish"))
        go_round(scrubbing)
        assert scrubbing.broken == 1
        assert one.cells(0, MINUTE_US)["t0_us"].max() > LAST_HOUR
