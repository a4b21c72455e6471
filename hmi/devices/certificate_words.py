"""Certificates as people read them. Pure; GUI thread."""

from datetime import tzinfo
from typing import Final

from drivers.certificate_facts import EXPIRED, CertificateFacts, ServerCertificate, Standing
from drivers.health import DeviceHealth
from hmi.i18n import tr
from hmi.numbers import local_time

_DAY_US: Final = 86_400_000_000
_GROUP: Final = 4


def date_text(at_us: int, zone: tzinfo) -> str:
    """Return a date of the plant's zone."""
    return f"{local_time(at_us, zone):%Y-%m-%d}"


def thumbprint_text(digits: str) -> str:
    """Return a thumbprint in groups of four, in which people compare it."""
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def expiry_words(facts: CertificateFacts, now_us: int, zone: tzinfo) -> str:
    """Return that a certificate expires soon or has expired, "" while there is time."""
    left = facts.days_left(now_us)
    if left is None:
        return ""
    date = date_text(facts.ends_us, zone)
    if left == EXPIRED:
        return tr("It expired on {date}.").format(date=date)
    days = (facts.ends_us - now_us) // _DAY_US
    if not days:
        return tr("It expires within a day, on {date}.").format(date=date)
    return tr("It expires in {days} days, on {date}.").format(days=days, date=date)


def standing_words(certificate: ServerCertificate) -> str:
    """Return whether a certificate is trusted, and by what."""
    match certificate.standing:
        case Standing.TRUSTED:
            return tr("It is trusted.")
        case Standing.BY_AUTHORITY:
            return tr("It is trusted because {authority} issued it.").format(authority=certificate.authority)
        case _:
            return tr("It is not trusted.")


def band_words(health: DeviceHealth, now_us: int, zone: tzinfo) -> tuple[str, bool]:
    """Return a sentence or two about the certificate that a server showed, and whether they need a person."""
    shown = health.certificate
    if shown is None:
        return tr("The server has not shown a certificate yet."), False
    name = tr("Certificate of {name}.").format(name=shown.facts.name)
    expiry = expiry_words(shown.facts, now_us, zone)
    if shown.standing is Standing.UNKNOWN:
        words = (name, standing_words(shown), expiry or tr("No connection is made until somebody trusts it."))
    elif shown.problems:
        words = (name, expiry or tr("It can't be used as it is."))
    else:
        until = tr("Valid until {date}.").format(date=date_text(shown.facts.ends_us, zone))
        words = (name, standing_words(shown), expiry or until)
    return " ".join(words), needs_person(health, now_us)


def needs_person(health: DeviceHealth, now_us: int) -> bool:
    """Tell whether somebody must do something about the certificate of a server."""
    shown = health.certificate
    return shown is not None and (
        shown.standing is Standing.UNKNOWN or bool(shown.problems) or shown.facts.days_left(now_us) is not None
    )


def mark_word(health: DeviceHealth, now_us: int) -> str:
    """Return what is the matter with the certificate of a server in a few words, "" if nothing is."""
    shown = health.certificate
    if shown is None or not needs_person(health, now_us):
        return ""
    if shown.standing is Standing.UNKNOWN:
        return tr("Certificate not trusted")
    left = shown.facts.days_left(now_us)
    if left is None:
        return tr("Certificate can't be used")
    return tr("Certificate expired") if left == EXPIRED else tr("Certificate expires soon")
