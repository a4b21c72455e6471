"""What everybody must know of the audit trail, across the window. Pure; GUI thread."""

from hmi.i18n import tr
from station.protocol import StationHealth


def audit_words(health: StationHealth) -> str:
    """Return what is wrong with the audit trail, and whether manual values of before are known; "" if all is well."""
    if health.audit_error and health.unrestored:
        words = tr(
            "Commands are refused, and manual values before this start aren't known yet, "
            "the audit trail can't be used: {reason}"
        )
        return words.format(reason=tr(health.audit_error))
    if health.audit_error:
        return tr("Commands are refused, the audit trail can't be written: {reason}").format(
            reason=tr(health.audit_error)
        )
    if health.unrestored:
        return tr("Manual values before this start aren't known: {reason}").format(reason=tr(health.unrestored))
    if health.audit_damage:
        words = tr("The audit trail isn't whole, keep its files and find out why: {damage}")
        return words.format(damage=tr(health.audit_damage))
    return ""
