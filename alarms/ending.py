"""Rows that end an alarm that was not normal, though nothing happened to it. Pure, any thread."""

from dataclasses import replace
from typing import Final

from alarms.entry import NOBODY, Actor, JournalEntry, Moment
from alarms.states import NORMAL, AlarmState
from plant_models.quality import Quality

REMOVED: Final = "REMOVED"


def removal(entry: JournalEntry, at: Moment, config: str, actor: Actor = NOBODY, comment: str = "") -> JournalEntry:
    """Tell that an alarm that was not normal is no longer configured, and who took it out."""
    ending = replace(ended(entry, at, config), event=REMOVED, comment=comment)
    return replace(ending, user=actor.user, seat=actor.seat, roles=actor.roles)


def ended(entry: JournalEntry, at: Moment, config: str) -> JournalEntry:
    """Return a row after the newest one of an alarm by which it is normal; what it is called is left to the caller."""
    return replace(
        entry,
        at_us=at.wall_us,
        mono_ns=at.mono_ns,
        from_state=entry.to_state,
        to_state=AlarmState.NORM.value,
        bits=int(NORMAL),
        value=None,
        quality=Quality.GOOD,
        user="",
        seat="",
        roles="",
        comment="",
        config=config,
        until_us=None,
        aside_by=None,
        aside_us=None,
        aside_why=None,
        is_one_shot=None,
        shelvings=None,
        rule=None,
        first_out=None,
    )
