"""From a certificate up to one that is trusted: who issued it, and whether that was revoked. Pure, any thread.

The rules are those of OPC UA Part 4, 6.1.3 and of RFC 5280, 6.1, as far as they concern certificates of applications.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from drivers.opcua.certificates import name_of
from drivers.opcua.trust_list import Trust
from plant_models.message import message

_LONGEST: Final = 8


@dataclass(frozen=True, slots=True)
class CertificatePath:
    """A certificate and its issuers, as far up as they are known; `anchor` is the place of the first trusted one."""

    certificates: tuple[x509.Certificate, ...]
    anchor: int | None


def path_of(chain: Sequence[x509.Certificate], trust: Trust) -> CertificatePath:
    """Return the path of `chain[0]`, through the rest of what the server sent and what is trusted."""
    path = [chain[0]]
    known = (*trust.certificates, *chain[1:])
    while len(path) < _LONGEST and (issuer := _issuer_of(path, known)) is not None:
        path.append(issuer)
    anchor = next((at for at, each in enumerate(path) if each in trust.certificates), None)
    return CertificatePath(tuple(path), anchor)


def issuer_problem(path: CertificatePath, now: datetime) -> str:
    """Return which authority of a trusted path is no longer or not yet valid, or an empty text."""
    for issuer in path.certificates[1 : (path.anchor or 0) + 1]:
        if not issuer.not_valid_before_utc <= now <= issuer.not_valid_after_utc:
            date = f"{issuer.not_valid_after_utc:%Y-%m-%d}"
            name = name_of(issuer)
            return message("The certificate of the authority {name} is not valid (until {date})", name=name, date=date)
    return ""


def revocation_problem(path: CertificatePath, trust: Trust) -> str:
    """Return which certificate of a path was revoked, or an empty text."""
    for certificate, issuer in zip(path.certificates, path.certificates[1:], strict=False):
        if _is_revoked(certificate, issuer, trust):
            by, name = name_of(issuer), name_of(certificate)
            return message("{issuer} has revoked the certificate of {name}", issuer=by, name=name)
    return ""


def _issuer_of(path: Sequence[x509.Certificate], known: Sequence[x509.Certificate]) -> x509.Certificate | None:
    certificate = path[-1]
    if certificate.issuer == certificate.subject:
        return None
    return next(
        (
            each
            for each in known
            if each not in path and _may_issue(each, len(path) - 1) and _has_signed(each, certificate)
        ),
        None,
    )


def _may_issue(issuer: x509.Certificate, below: int) -> bool:
    """Whether it belongs to an authority that may have `below` authorities below it."""
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    is_deep_enough = constraints.path_length is None or below <= constraints.path_length
    return constraints.ca and usage.key_cert_sign and is_deep_enough


def _has_signed(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _is_revoked(certificate: x509.Certificate, issuer: x509.Certificate, trust: Trust) -> bool:
    key = issuer.public_key()
    return any(
        each.issuer == issuer.subject
        and each.is_signature_valid(key)  # type: ignore[arg-type] # it has signed a certificate, so it can sign
        and each.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
        for each in trust.revocations
    )
