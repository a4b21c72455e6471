"""The facts about one alarm, each a name and words. GUI thread."""

from collections.abc import Iterator

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.columns import consequence_text
from hmi.alarms.formula_words import formula_words
from hmi.alarms.rights import class_of, class_word
from hmi.alarms.words import limit_text, priority_word, state_word, value_text
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import DASH, moment_text, number_text

Fact = tuple[str, str]


def facts_of(context: Context, row: AlarmRow) -> tuple[Fact, ...]:
    """Return what somebody has to know at once; what isn't known is left out."""
    minutes = row.respond_min
    return _known(
        (tr("Priority"), priority_word(row.priority)),
        (tr("State"), state_word(row)),
        (tr("Respond within"), tr("{minutes} min").format(minutes=f"{minutes:g}") if minutes else ""),
        (tr("If ignored"), tr(row.consequence)),
        (tr("Time active"), _moment_ms(context, row.active_us)),
        (tr("Time left"), _time_left(context, row)),
        (tr("First-out"), _first_out(row)),
    )


def _time_left(context: Context, row: AlarmRow) -> str:
    """Return when the consequence comes, with the bounds that the trend allows."""
    found = context.station.consequences.get(row.name)
    if found is None:
        return ""
    now_us = context.clock.wall_us()
    left, least, most = (max(0, round((at - now_us) / 1e6)) for at in (found.at_us, found.earliest_us, found.latest_us))
    words = tr("{left}, {least} at the earliest, {most} at the latest")
    return words.format(left=consequence_text(left), least=consequence_text(least), most=consequence_text(most))


def more_facts(context: Context, row: AlarmRow) -> tuple[Fact, ...]:
    """Return what can be looked up besides."""
    known = class_of(context.station, row)
    acked = f"{row.acked_by}, {_moment(context, row.acked_us)}" if row.acked_us else ""
    return _known(
        (tr("Value when raised"), value_text(context, row)),
        (tr("Limit"), limit_text(context, row)),
        (tr("Raised"), tr("{count} times").format(count=number_text(row.count, 0)) if row.count > 1 else ""),
        (tr("Acknowledged"), acked),
        (tr("Class"), "" if known is None else class_word(known)),
    )


def aside_facts(context: Context, row: AlarmRow) -> tuple[str, tuple[Fact, ...]]:
    """Return why an alarm is put aside: a title and facts; "" for one that isn't."""
    if row.state is AlarmState.DSUPR:
        rule = formula_words(context, row.rule)
        return tr("Suppressed by design"), ((tr("While"), rule),) if rule else ()
    if row.state not in (AlarmState.SHLVD, AlarmState.OOSRV):
        return "", ()
    is_shelved = row.state is AlarmState.SHLVD
    return tr("Shelved") if is_shelved else tr("Out of service"), tuple(_aside(context, row, is_shelved))


def cause_facts(context: Context, row: AlarmRow) -> tuple[Fact, ...]:
    """Return what an alarm is there because of, and how many are there because of it."""
    causes = context.station.alarms.causes
    explained = sum(1 for cause in causes.values() if cause == row.name)
    words = tr("1 other alarm") if explained == 1 else tr("{count} others").format(count=number_text(explained, 0))
    return _known(
        (tr("Explained by"), _named(context, causes[row.name]) if row.name in causes else ""),
        (tr("Explains"), words if explained else ""),
    )


def _known(*facts: Fact) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact[1] not in ("", DASH))


def _aside(context: Context, row: AlarmRow, is_shelved: bool) -> Iterator[Fact]:
    since = _moment(context, row.aside_us) if row.aside_us is not None else ""
    yield tr("By"), ", ".join(filter(None, (row.aside_by, since))) or tr("unknown")
    if row.until_us is not None:
        until = _moment(context, row.until_us)
        once = tr("{time}, or when it returns to normal").format(time=until)
        yield tr("Until") if is_shelved else tr("To be reviewed"), once if row.is_one_shot else until
    if row.aside_why:
        yield tr("Why"), row.aside_why


def _first_out(row: AlarmRow) -> str:
    if not row.first_out:
        return ""
    return tr("The first of its group") if row.first_out == 1 else tr("One of several that came first together")


def _named(context: Context, name: str) -> str:
    """Return an alarm by its text and where it is."""
    cause = next((row for row in context.alarms.rows if row.name == name), None)
    return name if cause is None else " · ".join(filter(None, (tr(cause.text), cause.tag or cause.description)))


def _moment(context: Context, at_us: int) -> str:
    return moment_text(at_us, context.clock.wall_us(), context.zone)


def _moment_ms(context: Context, at_us: int) -> str:
    return f"{_moment(context, at_us)}.{at_us // 1000 % 1000:03d}"
