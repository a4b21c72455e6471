"""When history.sqlite is begun anew, no tag gets the packed past of another, whatever the plant is like by then."""

from pathlib import Path

import pytest

from history.places import Places
from history.store.frames import FILE_NAME
from history.store.plain.schema import TABLES_NAME
from tests.fakes.clock import ManualClock
from tests.fakes.forwarding import OnlyWriter
from tests.fakes.packing_bench import shift
from tests.fakes.tables_bench import tables_bench

LATER = ("C", "X", "A")
"""The plant's tags after the damage: in another order, B gone, and a new one."""


@pytest.mark.parametrize("names_stand_in", ["the file aside", "the tables", "neither"])
def test_tags_keep_their_ids_or_get_new_ones_but_never_those_of_others(
    tmp_path: Path, clock: ManualClock, names_stand_in: str
) -> None:
    with tables_bench(tmp_path) as one:
        shift(one, 3, 120)
        one.go_on(30)
        past = one.archive.packed([0], 0, 2**60).values.tolist()
        before = [int(number) for number in one.frames.place().ids]
    path, tables = tmp_path / FILE_NAME, tmp_path / TABLES_NAME
    if names_stand_in == "the file aside":
        tables.unlink()
        whole = path.read_bytes()
        path.write_bytes(whole[:-4096] + b"\xff" * 4096)
    else:
        path.write_bytes(b"")
    if names_stand_in == "neither":
        tables.unlink()
    places = Places(tmp_path, LATER, clock, "", OnlyWriter())
    try:
        places.frames.open(clock.wall_us())
        c, x, a = (int(number) for number in places.frames.place().ids)
        assert x > max(before)
        if names_stand_in == "neither":
            assert min(a, c) > max(before)
            assert places.near.packed([0, 1, 2], 0, 2**60).values.tolist() == []
        else:
            assert (a, c) == (before[0], before[2])
            assert places.near.packed([2], 0, 2**60).values.tolist() == past
            assert places.near.packed([1], 0, 2**60).values.tolist() == []
    finally:
        places.close()
        places.frames.close()
