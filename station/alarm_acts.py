"""Acts of people on alarms: who it was, what they are told, and what the audit keeps of refusals. Pure, any thread."""

from collections.abc import Sequence

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.entry import Actor
from plant_models.message import joined
from station.chain import AuditEntry
from station.protocol import CommandState
from station.session import Session


def actor_of(session: Session) -> Actor:
    """Return who a session is, for the journal."""
    return Actor(session.user, session.seat, ",".join(sorted(session.roles)))


def told(result: AckResult, words: str, problem: str) -> AckResult:
    """Return a result with what is wrong with the disk, if it was done: `words` say that it is not recorded."""
    if not (result.is_done and problem):
        return result
    return AckResult(result.name, True, joined((words, problem)))


def refusal_entries(
    kind: str, seen: Sequence[AlarmSeen], results: Sequence[AckResult], session: Session, comment: str
) -> list[AuditEntry]:
    """Return the audit rows of acts on alarms that were refused; those that were not stand in the journal."""
    return [
        AuditEntry(
            kind=kind,
            user=session.user,
            seat=session.seat,
            roles=",".join(sorted(session.roles)),
            tag=each.name,
            reason=comment,
            state=CommandState.REJECTED.value,
            message=result.message,
        )
        for each, result in zip(seen, results, strict=True)
        if not result.is_done
    ]
