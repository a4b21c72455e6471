"""Pages of the journal: however it is filtered and however clocks ran, going on shows every row once."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from alarms.entry import JournalEntry
from alarms.journal_merge import read_page
from alarms.journal_parts import Patience
from alarms.journal_query import Category, JournalPage, JournalQuery, Source
from alarms.store.blocks import SIZE
from alarms.store.journal import Journal
from alarms.store.reading import JournalReader
from alarms.store.verify import verify_journal
from database.engine import open_database
from plant_models.alarm_definition import AlarmKind
from tests.fakes.clock import ManualClock
from tests.fakes.journal import read_journal

ROWS = 2 * SIZE + 700


class Hasty(ManualClock):
    """A clock that goes on by a second whenever it is asked, so that patience soon ends."""

    def mono_ns(self) -> int:
        self.advance(1.0)
        return super().mono_ns()


def entry(number: int) -> JournalEntry:
    return JournalEntry(
        at_us=number,
        mono_ns=number,
        event=("ALM", "ACK", "RTN", "LOST", "REMOVED")[0 if number % 1000 else 3 + number // 1000 % 2],
        alarm=f"T{number % 50}.H",
        tag=f"T{number % 50}",
        kind="H" if number % 2 else "L",
        priority=1 if number % 100 == 7 else 3,
        text="Level high" if number % 3 else "Pressure low",
        area="RAW" if number % 10 else "WTW",
        user="ada" if number == 4242 else "",
        comment="Siegel gebrochen: Größe 5" if number in (11, 5000, 8800) else "",
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of two full blocks and a part of a third, a row a second."""
    path = tmp_path_factory.mktemp("journal") / "station.sqlite"
    clock = ManualClock()
    journal = Journal(path, clock)
    for start in range(0, ROWS, 500):
        clock.advance(500)
        journal.append([entry(number) for number in range(start + 1, min(start + 500, ROWS) + 1)])
    journal.close()
    return path


@pytest.fixture(params=["noted", "not noted"])
def journal(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Journal]:
    """The journal with its contents list, and without."""
    copy = tmp_path / "station.sqlite"
    copy.write_bytes(path.read_bytes())
    (tmp_path / "journal.head").write_bytes(path.with_name("journal.head").read_bytes())
    journal = Journal(copy, ManualClock())
    if request.param == "noted":
        journal.append([])
    yield journal
    journal.close()


def start_us(number: int) -> int:
    return ManualClock().wall_us() + number * 1_000_000


QUERIES = {
    "all": JournalQuery(),
    "priority": JournalQuery(priorities=frozenset({1})),
    "event": JournalQuery(events=frozenset({"LOST"})),
    "alarms only": JournalQuery(categories=frozenset({Category.ALARM, Category.SYSTEM})),
    "configuration": JournalQuery(categories=frozenset({Category.CONFIGURATION}), events=frozenset({"REMOVED", "ALM"})),
    "area and kind": JournalQuery(areas=frozenset({"WTW"}), kinds=frozenset({AlarmKind.LOW})),
    "nothing": JournalQuery(areas=frozenset({"NOWHERE"})),
    "tags": JournalQuery(tags=frozenset({"T7", "T8"})),
    "no such tag": JournalQuery(tags=frozenset({"T"})),
    "since": JournalQuery(start_us=start_us(5000), areas=frozenset({"WTW"})),
    "until": JournalQuery(end_us=start_us(4500)),
    "between": JournalQuery(start_us=start_us(4200), end_us=start_us(4700)),
    "usual words": JournalQuery(text="level t7"),
    "rare words": JournalQuery(text='"siegel gebrochen" GRÖSSE'),
    "a user": JournalQuery(text="ada"),
    "no such words": JournalQuery(text="nowhere"),
    "words and all else": JournalQuery(text="pressure", priorities=frozenset({1}), tags=frozenset({"T7"})),
}


def expected(query: JournalQuery) -> list[int]:
    """Return the numbers that a query must give, worked out row by row."""
    wanted = []
    for number in range(ROWS, 0, -1):
        row = entry(number)
        written_us = start_us((number + 499) // 500 * 500)
        category = {"LOST": Category.SYSTEM, "REMOVED": Category.CONFIGURATION}.get(row.event, Category.ALARM)
        texts = "\n".join((row.alarm, row.text, row.area, row.user, row.comment)).casefold()
        words = [word.strip('"') for word in query.text.replace('" ', '"\0').replace(" t", "\0t").split("\0")]
        if (
            (not query.priorities or row.priority in query.priorities)
            and (not query.events or row.event in query.events)
            and (not query.categories or category in query.categories)
            and (not query.areas or row.area in query.areas)
            and (not query.kinds or row.kind in query.kinds)
            and (not query.tags or row.tag in query.tags)
            and (query.start_us is None or written_us >= query.start_us)
            and (query.end_us is None or written_us < query.end_us)
            and all(word.casefold() in texts for word in words)
        ):
            wanted.append(number)
    return wanted


def with_limit(query: JournalQuery, limit: int, **more: object) -> JournalQuery:
    return replace(query, limit=limit, **more)  # type: ignore[arg-type]


def pages_down(journal: Journal, query: JournalQuery) -> Iterator[JournalPage]:
    page = read_journal(journal, query)
    yield page
    while not page.is_end:
        page = read_journal(journal, with_limit(query, query.limit, before=page.older))
        yield page


@pytest.mark.parametrize("name", QUERIES)
def test_what_matches_is_found_and_counted(journal: Journal, name: str) -> None:
    numbers = expected(QUERIES[name])
    page = read_journal(journal, with_limit(QUERIES[name], 2 * ROWS))
    assert ([row.seq for row in page.rows], page.total, page.is_end, page.is_more) == (
        numbers,
        len(numbers),
        True,
        False,
    )
    first = read_journal(journal, with_limit(QUERIES[name], 10))
    assert [row.seq for row in first.rows] == numbers[:10]
    assert first.total == len(numbers)


@pytest.mark.parametrize("name", ["all", "priority", "usual words", "between"])
def test_going_on_shows_each_row_once_in_both_directions(journal: Journal, name: str) -> None:
    query = with_limit(QUERIES[name], 97)
    pages = list(pages_down(journal, query))
    assert [row.seq for page in pages for row in page.rows] == expected(query)
    page, up = pages[-1], [row.seq for row in pages[-1].rows][::-1]
    while True:
        page = read_journal(journal, with_limit(query, 97, after=page.newer))
        up += [row.seq for row in page.rows][::-1]
        if page.is_end:
            break
    assert up == expected(query)[::-1]


def test_a_jump_begins_with_what_was_written_before_a_time(journal: Journal) -> None:
    page = read_journal(journal, JournalQuery(at_us=start_us(5000), limit=3))
    assert [row.seq for row in page.rows] == [4500, 4499, 4498]
    newer = read_journal(journal, JournalQuery(after=page.newer, limit=2))
    assert [row.seq for row in newer.rows] == [4502, 4501]
    assert read_journal(journal, JournalQuery(at_us=0)).rows == ()


def test_a_page_stands_still_while_rows_arrive(journal: Journal) -> None:
    first = read_journal(journal, JournalQuery(limit=5))
    journal.append([entry(1)] * 3)
    second = read_journal(journal, JournalQuery(limit=5, before=first.older))
    assert [row.seq for row in second.rows] == list(range(ROWS - 5, ROWS - 10, -1))
    assert [row.seq for row in read_journal(journal, JournalQuery(after=first.newer)).rows] == [
        ROWS + 3,
        ROWS + 2,
        ROWS + 1,
    ]


def test_impatience_says_how_far_was_searched_and_goes_on(journal: Journal) -> None:
    """Each question reads one block at least, so that all of them together come to the end."""
    query = JournalQuery(text="siegel", limit=10, patience_s=0.5)
    clock = Hasty()
    found, searched, page = [], [], None
    while page is None or not page.is_end:
        asked = query if page is None else with_limit(query, 10, before=page.older)
        with journal.reading() as connection:
            page = read_page(asked, JournalReader(connection, asked), None, clock)
        found += [row.seq for row in page.rows]
        searched.append(page.searched_us)
        assert page.is_more
    assert found == [8800, 5000, 11]
    assert searched == [start_us(8500), start_us(4500), None]
    with journal.reading() as connection:
        asked = with_limit(query, 10, after=page.older)
        up = read_page(asked, JournalReader(connection, asked), None, clock)
        assert [row.seq for row in up.rows] == [11]
        assert up.searched_us == start_us(4500)


def test_counting_ends_when_it_is_enough(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alarms.journal_parts.MOST_COUNTED", 1_000)
    query = JournalQuery(kinds=frozenset({AlarmKind.HIGH}), patience_s=1_000.0)
    page = read_journal(journal, query)
    assert page.is_more
    assert 1_000 < page.total < ROWS / 2
    assert not read_journal(journal, with_limit(query, 5, patience_s=None)).is_more
    assert read_journal(journal, with_limit(query, 5, wants_total=False)).total == 0
    assert not Patience(ManualClock(), None).is_over


def test_an_empty_journal_has_no_page(tmp_path: Path) -> None:
    empty = Journal(tmp_path / "station.sqlite", ManualClock())
    for query in (JournalQuery(), JournalQuery(text="x"), JournalQuery(sources=frozenset({Source.AUDIT}))):
        page = read_journal(empty, query)
        assert (page.rows, page.total, page.is_end) == ((), 0, True)
        assert read_journal(empty, with_limit(query, 5, after=page.newer)).rows == ()
    empty.close()


def test_a_contents_list_that_hides_rows_is_found(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite"
    journal.append([])
    journal.close()
    assert verify_journal(path).bad is None
    engine = open_database(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_block_no_update")
        connection.exec_driver_sql("UPDATE journal_block SET words = '' WHERE block = 1")
    engine.dispose()
    verdict = verify_journal(path)
    assert verdict.bad == SIZE + 1
    assert "contents list" in verdict.reason


@pytest.mark.parametrize("statement", ["UPDATE journal_block SET words = ''", "DELETE FROM journal_block"])
def test_the_contents_list_can_not_be_changed(journal: Journal, tmp_path: Path, statement: str) -> None:
    journal.append([])
    engine = open_database(tmp_path / "station.sqlite")
    with engine.begin() as connection, pytest.raises(Exception, match="append-only"):
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_the_contents_list_follows_little_by_little_and_never_holds_rows_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "station.sqlite", ManualClock())
    numbers = count(1)

    def append(rows: int) -> None:
        journal.append([entry(next(numbers)) for _ in range(rows)])

    def noted() -> int:
        with journal.reading() as connection:
            return connection.exec_driver_sql("SELECT count(*) FROM journal_block").scalar_one()

    append(SIZE)
    assert noted() == 0, "in a flood there is no time for it"
    with journal.reading() as connection:
        connection.exec_driver_sql("ALTER TABLE journal_block RENAME TO away")
        connection.commit()
    append(1)
    with journal.reading() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO journal_block")
        connection.commit()
    append(1)
    assert noted() == 1
    append(6 * SIZE)
    journal.append([])
    assert noted() == 5, "some at a time"
    journal.append([])
    journal.append([])
    assert noted() == 7
    assert read_journal(journal).total == 7 * SIZE + 2
    journal.close()
