"""What the journal page shows: the journal of the alarms and the audit as one. On the station's workers."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

from alarms.journal_merge import read_page
from alarms.journal_query import JournalPage, JournalQuery, Source
from alarms.store.journal import Journal
from alarms.store.reading import JournalReader
from database.errors import DatabaseError
from plant_models.clock import Clock
from plant_models.message import words_of
from plant_models.plant import Plant
from station.store.audit import Audit
from station.store.audit_view import AuditReader


class JournalView:
    """Answers questions; each sees both chains as they stood when it was asked."""

    def __init__(self, journal: Journal, audit: Audit, plant: Plant, clock: Clock) -> None:
        self._journal, self._audit, self._clock = journal, audit, clock
        self._areas = _areas_of(plant)

    def read(self, query: JournalQuery) -> JournalPage:
        """Return the page that is asked for; if the audit is not there to be read, it says so and has the rest.

        Raises:
            DatabaseError: the journal can't be read.
        """
        with ExitStack() as opened:
            journal = audit = None
            problem = ""
            if Source.ALARMS in query.sources:
                journal = JournalReader(opened.enter_context(self._journal.reading()), query)
            if Source.AUDIT in query.sources:
                try:
                    audit = AuditReader(opened.enter_context(self._audit.reading()), query, self._areas)
                except DatabaseError as error:
                    problem = words_of(error)
            return replace(read_page(query, journal, audit, self._clock), problem=problem)


def _areas_of(plant: Plant) -> Mapping[str, str]:
    """Return the area of each tag: that of its equipment, if it has one."""
    equipment = plant.equipment
    return {tag.name: equipment[tag.equipment].area if tag.equipment in equipment else tag.area for tag in plant.tags}
