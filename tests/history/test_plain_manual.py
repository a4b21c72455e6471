"""Manual values in the tables: who held what, from when until when, as often as the audit is read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from database.errors import DatabaseError
from history.manual_change import ManualChange, Position
from tests.fakes.tables_bench import tables_bench, tables_plant

HELD = ManualChange(
    station="s", epoch=1, seq=2, tag="A", at_us=10, value=1.5, unit="m", user="ada", reason="sensor cleaned"
)
AGAIN = replace(HELD, epoch=2, seq=1, at_us=20, value=2.5, user="bob")
RELEASED = replace(HELD, epoch=2, seq=4, at_us=30, value=None, user="eve")
OTHER = replace(HELD, epoch=2, seq=5, tag="B", at_us=40)
QUERY = 'SELECT tag_name, at_us, value, "user", reason, until_us, ended_by FROM manual_value ORDER BY epoch, seq'


class Audit:
    """Says what was given to it, and can fail."""

    def __init__(self, *changes: ManualChange) -> None:
        self.changes: Sequence[ManualChange] = changes
        self.fails = False

    def __call__(self, after: Position) -> tuple[list[ManualChange], Position]:
        if self.fails:
            raise DatabaseError("it can't be read")
        new = [each for each in self.changes if (each.epoch, each.seq) > after]
        return new, max([after, *((each.epoch, each.seq) for each in self.changes)])


def test_each_value_has_its_end_whether_it_was_replaced_or_taken_back(tmp_path: Path) -> None:
    audit = Audit(HELD, AGAIN, RELEASED, OTHER)
    with tables_bench(tmp_path) as one:
        for _ in range(2):  # a second start reads the whole audit again
            one.tables.close()
            one.begin(tables_plant(), manual=audit)
            one.pack()
            assert one.rows(QUERY) == [
                ("A", 10, 1.5, "ada", "sensor cleaned", 20, "bob"),
                ("A", 20, 2.5, "bob", "sensor cleaned", 30, "eve"),
                ("B", 40, 1.5, "ada", "sensor cleaned", None, None),
            ]


def test_an_audit_that_cannot_be_read_keeps_nothing_else_from_being_done(tmp_path: Path) -> None:
    audit = Audit(HELD)
    audit.fails = True
    with tables_bench(tmp_path) as one:
        one.tables.close()
        one.begin(tables_plant(), manual=audit)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.go_on(3)
        assert one.rows("SELECT DISTINCT tag FROM hourly") == [(1,)]
        assert one.rows(QUERY) == []
        audit.fails = False
        one.pack()
        assert len(one.rows(QUERY)) == 1
