"""What stands below the alarm list, and in its place when it is empty. Pure, GUI thread."""

from hmi.alarm_list.columns import COLUMNS
from hmi.alarm_list.shown import Choice
from hmi.alarm_list.tabs import Tab
from hmi.context import Context
from hmi.i18n import tr
from plant_models.message import message

_EMPTY = {
    Tab.CURRENT: message("No alarms"),
    Tab.UNACKNOWLEDGED: message("No alarm waits for an acknowledgement."),
    Tab.ACTIVE: message("No alarm is active."),
    Tab.SHELVED: message("No alarm is shelved."),
    Tab.SUPPRESSED: message("No alarm is suppressed by design."),
    Tab.OUT_OF_SERVICE: message("No alarm is out of service."),
}


def foot_words(context: Context, choice: Choice, shown: int, outside: int, passed: int) -> str:
    """Return how many of how many are shown and in which order, and what the filter leaves out or doesn't.

    `shown` are rows, `passed` those with what is folded away, `outside` those that pass only by their priority.
    """
    present = len(context.alarms.rows)
    if not present:
        return ""
    column = choice.order.column
    title = tr("state, priority, newest first") if column is None else tr(COLUMNS[column].full or "")
    words = [tr("{shown} of {count} alarms. Order: {order}.").format(shown=shown, count=present, order=title)]
    if passed > shown:
        words.append(tr("{count} folded away below their cause.").format(count=passed - shown))
    aside = sum(tab.count(context.alarms.in_state) for tab in (Tab.SHELVED, Tab.SUPPRESSED, Tab.OUT_OF_SERVICE))
    if aside and choice.tab is Tab.CURRENT:
        hint = tr("{count} put aside.") if choice.has_aside else tr("{count} put aside, not shown here.")
        words.append(hint.format(count=aside))
    if choice.filter.is_on:
        words.append(tr("Priorities 1 and 2 pass every filter."))
        if outside:
            words.append(tr("{count} shown for that reason.").format(count=outside))
    return " ".join(words)


def empty_words(context: Context, tab: Tab, is_filtered: bool) -> str:
    """Return what stands in an empty list: that all is well, and of what that is true."""
    if not context.alarms.is_evaluated:
        return tr("Alarms are not evaluated. Watch the values.")
    if is_filtered and context.alarms.rows:
        return tr("No alarm passes the filter.")
    if tab is not Tab.CURRENT or context.alarms.rows:
        return tr(_EMPTY[tab])
    plant = context.plant
    watched = tr("{alarms} conditions of {tags} tags are watched.")
    tags = len({alarm.tag for alarm in plant.alarms})
    return f"{tr(_EMPTY[tab])}\n{watched.format(alarms=len(plant.alarms), tags=tags)}"
