"""The alarms of the station about itself: what it can't record, what it lost, and too much put aside. No I/O.

They stand in list, banner and journal like all others. Station thread, or a worker that holds the lock of the alarms.
"""

from collections.abc import Iterable, Mapping
from math import nan
from typing import Final

from alarms import acting
from alarms.acknowledgement import AlarmSeen
from alarms.acting import Handled
from alarms.book import AlarmBook, Cause, Doubt
from alarms.definitions import Alarm
from alarms.ending import removal
from alarms.entry import Actor, JournalEntry, Moment
from alarms.handling import AlarmRequest
from alarms.recalling import NOTHING, Meanwhile, is_open
from alarms.source import AlarmSource
from alarms.standing import Standing
from alarms.states import AlarmEvent
from plant_models.alarm_definition import AlarmClass, AlarmDefinition, AlarmKind
from plant_models.message import message

JOURNAL: Final = "station.journal"
MEMORY: Final = "station.memory"
AUDIT: Final = "station.audit"
DAMAGE: Final = "station.damage"
HISTORY: Final = "station.history"
ROOM: Final = "station.room"
LOST: Final = "station.lost"
ASIDE: Final = "station.aside"


def _alarm(name: str, text: str, priority: int, alarm_class: AlarmClass, consequence: str, action: str) -> Alarm:
    definition = AlarmDefinition(
        tag="",
        kind=AlarmKind.SYSTEM,
        priority=priority,
        alarm_class=alarm_class,
        text=text,
        consequence=consequence,
        action=action,
        respond_min=30.0,
    )
    return Alarm(name=name, definition=definition, description=message("This station"))


_DISK: Final = message("Look at the disk of this computer: full, unplugged, read-only")
ALARMS: Final = (
    _alarm(
        JOURNAL,
        message("Alarms are not recorded"),
        1,
        AlarmClass.SECURITY,
        message("What happens now is lost if the computer stops"),
        _DISK,
    ),
    _alarm(
        MEMORY,
        message("Acknowledgements before this start aren't known yet"),
        2,
        AlarmClass.SECURITY,
        message("What was acknowledged, shelved or out of service stands in the list as if nobody had"),
        message("Close the program that has the journal locked; if it is damaged, restore a backup and start anew"),
    ),
    _alarm(
        AUDIT,
        message("Commands can't be recorded"),
        2,
        AlarmClass.SECURITY,
        message("The plant can't be commanded from here"),
        _DISK,
    ),
    _alarm(
        DAMAGE,
        message("Records were changed or are missing"),
        1,
        AlarmClass.SECURITY,
        message("What was recorded can't be trusted"),
        message("Keep the data folder as it is, run the command verify, and find out who had access"),
    ),
    _alarm(
        HISTORY,
        message("History is not recorded"),
        2,
        AlarmClass.EQUIPMENT,
        message("Trends and reports will have a gap"),
        _DISK,
    ),
    _alarm(
        ROOM,
        message("The room for history that waits for its server is short"),
        2,
        AlarmClass.EQUIPMENT,
        message("When it is full, history is thinned"),
        message("Bring the history server back, or give the spool more room"),
    ),
    _alarm(
        LOST,
        message("Values or events were lost"),
        2,
        AlarmClass.EQUIPMENT,
        message("A short alarm may be missing"),
        message("Look at the load of this computer, and at the log"),
    ),
    _alarm(
        ASIDE,
        message("Many alarms are shelved or out of service"),
        1,
        AlarmClass.SECURITY,
        message("The plant is watched less than it was meant to be"),
        message("Find out who put them aside and why; put back what isn't needed"),
    ),
)
"""What the station watches about itself."""


class SystemAlarms(AlarmSource):
    """Keeps how they stand. `config` marks the definitions in force."""

    def __init__(self, config: str) -> None:
        self._numbers: Mapping[str, int] = {alarm.name: number for number, alarm in enumerate(ALARMS)}
        self._book = AlarmBook(ALARMS.__getitem__, config, lambda _: Doubt(), lambda _: None)

    def restore(self, newest: Iterable[JournalEntry], at: Moment, meanwhile: Meanwhile = NOTHING) -> list[JournalEntry]:
        """Take up alarms where the journal left them; returns entries for those that this version doesn't have.

        What happened `meanwhile`, since the start, is put together with what was before.
        """
        removed = []
        for entry in newest:
            number, events = self._numbers.get(entry.alarm), meanwhile.get(entry.alarm)
            if number is not None and events is None:
                self._book.restore(number, entry, at)
            elif number is not None and events is not None:
                removed += self._book.recall(number, entry, at, events) if is_open(entry) else []
            elif is_open(entry):
                removed.append(removal(entry, at, self._book.config))
        return removed

    def follow(self, active: Mapping[str, str], at: Moment) -> list[JournalEntry]:
        """Raise and clear what has changed, and let time pass.

        `active` names those that hold now, and says in words what exactly is wrong.
        """
        entries: list[JournalEntry] = []
        for name, number in self._numbers.items():
            event = AlarmEvent.ALM if name in active else AlarmEvent.RTN
            entries += self._book.happen(number, event, at, Cause(at.wall_us, nan, comment=active.get(name, "")))
        return entries + self._book.pass_time(at)

    def number_of(self, name: str) -> int | None:
        """Return the number of an alarm, None if there is none of this name."""
        return self._numbers.get(name)

    def alarm(self, number: int) -> Alarm:
        """Return the alarm of a number."""
        return ALARMS[number]

    def standing_of(self, number: int) -> Standing:
        """Return how an alarm stands."""
        return self._book.standings.get(number) or Standing()

    def acknowledge(self, seen: AlarmSeen, actor: Actor, at: Moment, comment: str) -> Handled:
        """Acknowledge an alarm as it was seen; without entries it was refused, and the result says why."""
        why = Cause(at.wall_us, nan, actor, comment)
        return acting.acknowledge(self._book, self._numbers.get(seen.name), seen, at, lambda _: why)

    def handle(self, seen: AlarmSeen, request: AlarmRequest, actor: Actor, at: Moment) -> Handled:
        """Do what is wanted with an alarm as it was seen; without entries it was refused, and the result says why."""
        why = Cause(at.wall_us, nan, actor, request.comment)
        return acting.handle(self._book, self._numbers.get(seen.name), seen, request, at, lambda _: why)

    @property
    def version(self) -> str:
        """The mark of the definitions in force, which entries carry."""
        return self._book.config

    @version.setter
    def version(self, mark: str) -> None:
        self._book.config = mark
