"""What everybody who raises alarms shows of the book that they keep. Station thread, or whoever holds the lock."""

from collections.abc import Iterable

from alarms.book import AlarmBook
from alarms.entry import JournalEntry
from alarms.snapshot import AlarmRow


class AlarmSource:
    """Raises alarms, and keeps how they stand in a book of its own."""

    _book: AlarmBook

    @property
    def rows(self) -> Iterable[AlarmRow]:
        """The alarms that are not normal."""
        return self._book.rows

    @property
    def untold(self) -> list[JournalEntry]:
        """All entries since the list was last emptied, in order."""
        return self._book.untold

    @property
    def revision(self) -> int:
        """A number that grows with each changed row."""
        return self._book.revision
