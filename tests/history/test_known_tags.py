"""The id of a tag outlives the file that says it: the past of one tag is never shown as that of another."""

from pathlib import Path

import orjson
import pytest

from history.store.frames import FrameStore
from history.store.known_tags import UNKNOWN
from history.store.tables import TAG
from tests.fakes.kept_history import NOVEMBER, closed, opened
from tests.fakes.packing_bench import LAST_HOUR, Bench
from tests.fakes.spoiling import empty, garble_pages


def ids(folder: Path, *names: str) -> list[int]:
    """Open the newest file for tags in this order; return their ids."""
    store = FrameStore(folder, names)
    store.open(LAST_HOUR)
    try:
        return [int(number) for number in store.place().ids]
    finally:
        store.close()


def lose(folder: Path) -> None:
    for path in folder.glob("history.sqlite*"):
        path.unlink()


def test_tags_keep_their_ids_when_their_file_is_lost_and_the_plant_has_another_order(tmp_path: Path) -> None:
    assert ids(tmp_path, "A", "B", "C") == [1, 2, 3]
    lose(tmp_path)
    assert ids(tmp_path, "NEW", "C", "A") == [4, 3, 1]
    lose(tmp_path)
    assert ids(tmp_path, "B", "NEW") == [2, 4]


def test_tags_keep_their_ids_when_their_file_is_damaged_and_their_past_is_their_own(tmp_path: Path) -> None:
    one = closed(tmp_path)
    empty(tmp_path / "history.sqlite")
    again = Bench(tmp_path, start_us=one.clock.wall_us())
    try:
        found = again.samples(1)
        packed = {time: each for (row, time), each in one.expected.items() if row == 1}
        assert len(found) > 100
        assert [packed[time][0] for time in found.times_us.tolist()] == found.values.tolist()
    finally:
        again.close()


def test_an_older_file_that_was_put_back_gives_no_id_twice(tmp_path: Path) -> None:
    ids(tmp_path, "A", "B")
    older = (tmp_path / "history.sqlite").read_bytes()
    assert ids(tmp_path, "A", "B", "C", "D") == [1, 2, 3, 4]
    lose(tmp_path)
    (tmp_path / "history.sqlite").write_bytes(older)
    assert ids(tmp_path, "A", "B", "E", "D", "C") == [1, 2, 5, 4, 3]


@pytest.mark.parametrize("body", [None, b"", b"[]", b'{"A": 1, "B": 1}', b'{"A": -1}', b'{"A": "x"}'])
def test_without_a_record_of_ids_none_of_the_months_is_given_again(tmp_path: Path, body: bytes | None) -> None:
    closed(tmp_path)
    lose(tmp_path)
    (tmp_path / "tags.json").unlink()
    if body is not None:
        (tmp_path / "tags.json").write_bytes(body)
    assert ids(tmp_path, "C", "B", "A") == [4, 5, 6]
    assert orjson.loads((tmp_path / "tags.json").read_bytes()) == {"C": 4, "B": 5, "A": 6}


def test_a_month_that_cannot_be_asked_has_all_ids_that_were_ever_given(tmp_path: Path) -> None:
    closed(tmp_path)
    lose(tmp_path)
    (tmp_path / "tags.json").unlink()
    garble_pages(tmp_path / NOVEMBER)
    assert ids(tmp_path, "A") == [UNKNOWN + 1]


def test_the_file_counts_where_it_says_something_else(tmp_path: Path) -> None:
    one = opened(tmp_path)
    with one.frames.place().engine.begin() as connection:
        connection.execute(TAG.insert().values(id=9, name="LATE"))
    one.close()
    assert ids(tmp_path, "LATE", "A") == [9, 1]
    assert orjson.loads((tmp_path / "tags.json").read_bytes())["LATE"] == 9
