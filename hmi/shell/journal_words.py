"""What everybody must know of the alarm journal, across the window. Pure; GUI thread."""

from hmi.i18n import tr
from station.protocol import JournalHealth


def journal_words(health: JournalHealth) -> str:
    """Return what is wrong with the journal, and whether what was acknowledged before is known; "" if all is well."""
    if health.error and health.unread:
        words = tr(
            "The alarm journal can't be written, and acknowledgements before this start aren't known yet: {reason}"
        )
        return words.format(reason=tr(health.unread))
    if health.error:
        return tr("The alarm journal can't be written: {reason}").format(reason=tr(health.error))
    if health.unread:
        return tr("Acknowledgements before this start aren't known: {reason}").format(reason=tr(health.unread))
    if health.damage:
        words = tr("The alarm journal isn't whole, keep its files and find out why: {damage}")
        return words.format(damage=tr(health.damage))
    return ""
