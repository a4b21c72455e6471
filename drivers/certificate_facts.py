"""What a certificate says, and what the station makes of it, for people. Immutable, any thread; knows no protocol."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

WARN_DAYS: Final = (1, 7, 30)
"""So many days before its end a certificate is marked."""
EXPIRED: Final = 0
_DAY_US: Final = 86_400_000_000


class Standing(StrEnum):
    """Whether a server's certificate is trusted, and by what."""

    UNKNOWN = "unknown"
    TRUSTED = "trusted"
    BY_AUTHORITY = "by authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What stands in a certificate. Times are µs UTC, thumbprints hexadecimal in capitals, `der` the thing itself."""

    name: str
    subject: str
    issuer: str
    begins_us: int
    ends_us: int
    sha1: str
    sha256: str
    hosts: tuple[str, ...] = ()
    application_uri: str = ""
    is_self_signed: bool = True
    der: bytes = field(default=b"", repr=False)

    def days_left(self, now_us: int) -> int | None:
        """Return 30, 7 or 1 if it expires within as many days, EXPIRED if it has, None if there is time."""
        rest_us = self.ends_us - now_us
        if rest_us < 0:
            return EXPIRED
        return next((days for days in WARN_DAYS if rest_us <= days * _DAY_US), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """The certificate that a server showed last. `authority` is the issuer by which it is trusted, if it is so.

    `problems` say in words why no connection is made with it, trust left out: whoever trusts it must know them.
    """

    facts: CertificateFacts
    standing: Standing
    authority: str = ""
    problems: tuple[str, ...] = ()
