"""How history is doing, in words. Pure; GUI thread."""

from dataclasses import dataclass
from typing import Final

from history.health import (
    ALARM_SHARE,
    COARSENED,
    FAILED,
    FULL,
    FUTURE,
    HELD,
    OUTSIDE,
    SPOOL_FULL,
    STOPPED,
    BackupNote,
    HistoryHealth,
    SpoolHealth,
)
from hmi.devices.words import bytes_text
from hmi.i18n import tr
from hmi.numbers import number_text
from plant_models.message import Message, message

BACKUP_DAYS: Final = 7
_DAY_US: Final = 86_400_000_000
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400
_LONG: Final = 120
_REASONS: Final = {
    FUTURE: message("Late, and from the future"),
    OUTSIDE: message("Late, and not of the time asked for"),
    HELD: message("Late, and a manual value stood"),
    FULL: message("Lost: no room in memory"),
    STOPPED: message("Lost: the station was ending"),
    FAILED: message("Lost: an error while recording"),
    COARSENED: message("Lost: thinned out in a full spool"),
    SPOOL_FULL: message("Lost: no room in the spool"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How history is doing in a few words, what that means, and the sign beside it. `is_well` needs nobody."""

    title: str
    detail: str = ""
    icon: str = "check"
    is_well: bool = True


def standing(health: HistoryHealth, is_evaluated: bool = True) -> Standing:
    """Return how history is doing: what is worst comes first."""
    spool = health.spool
    if not is_evaluated:
        detail = tr("The station has stopped responding; what is below is what it said last.")
        return Standing(tr("Nobody knows whether history is recorded"), detail, "warning", False)
    if health.error:
        title = tr("Waiting for the disk: values are kept in memory")
        return Standing(title, tr(health.error), "warning", False)
    if spool is not None and spool.standing_by:
        detail = tr("{station} writes to the server; this station keeps what it records, and takes over.")
        return Standing(tr("Standing by"), detail.format(station=spool.standing_by), "pause", False)
    if spool is not None and spool.error:
        detail = tr("Values are recorded on this machine and wait for the server: {reason}")
        return Standing(tr("The server is away"), detail.format(reason=tr(spool.error)), "warning", False)
    if spool is not None and spool.share >= ALARM_SHARE:
        detail = tr("When it is full, the oldest samples are thinned out, and after that dropped.")
        return Standing(tr("Recording, and the room for what waits is nearly full"), detail, "warning", False)
    if health.notice:
        return Standing(tr("Recording, and something needs a look"), tr(health.notice), "warning", False)
    if health.received == 0:
        return Standing(tr("Recording"), tr("No value has changed yet since the station started."))
    return Standing(tr("Recording"), tr("Every value that changes is on the disk within a second or two."))


def account(health: HistoryHealth) -> tuple[tuple[str, int], ...]:
    """Return where the samples that were received went: words and counts that add up to `received`."""
    dropped = tuple((reason_words(reason), count) for reason, count in health.dropped.items() if count)
    return ((tr("Stored"), health.stored), *dropped, (tr("Waiting to be written"), health.queued))


def missing(health: HistoryHealth) -> int:
    """Return how many samples the account doesn't explain; none, unless something is wrong with the program."""
    return health.received - health.stored - health.queued - sum(health.dropped.values())


def reason_words(reason: str) -> str:
    """Return in words why a sample wasn't stored."""
    known: Message | None = _REASONS.get(reason)
    return tr(known) if known is not None else tr(reason)


def duration_text(seconds: float) -> str:
    """Return a length of time in the unit in which it reads best: "0.4 s", "12 s", "5 min", "7 h", "3 d"."""
    if seconds < _LONG:
        return tr("{seconds} s").format(seconds=number_text(seconds, 1 if seconds < 10 else 0))
    if seconds < _LONG * _MINUTE_S:
        return tr("{minutes} min").format(minutes=number_text(seconds / _MINUTE_S, 0))
    if seconds < 2 * _DAY_S:
        return tr("{hours} h").format(hours=number_text(seconds / _HOUR_S, 0))
    return tr("{days} d").format(days=number_text(seconds / _DAY_S, 0))


def bar_words(health: HistoryHealth) -> str:
    """Return what of the server everybody must know, "" if there is nothing."""
    spool = health.spool
    if spool is None:
        return ""
    if spool.warning:
        return tr(spool.warning)
    if spool.standing_by:
        return tr("History stands by: {station} writes to the server").format(station=spool.standing_by)
    return ""


def room_words(spool: SpoolHealth) -> str:
    """Return how much of the room is taken, and when it will be full."""
    taken = tr("{taken} of {room}").format(taken=bytes_text(spool.bytes), room=bytes_text(spool.room_bytes))
    if spool.full_in_s is None:
        return taken
    return f"{taken} · {tr('full in {time}').format(time=duration_text(spool.full_in_s))}"


def backup_problem(backup: BackupNote | None, now_us: int) -> str:
    """Return what is wrong with the last backup: there is none, or it is old; "" if nothing is."""
    if backup is None:
        return tr("There is no backup yet.")
    days = (now_us - backup.at_us) // _DAY_US
    return tr("The last backup is {days} days old.").format(days=days) if days >= BACKUP_DAYS else ""
