"""What stands in a certificate, in the form that people read. Pure, any thread."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from drivers.certificate_facts import CertificateFacts
from drivers.opcua.certificates import der_of, name_of, thumbprint


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """Return what a certificate says.

    Raises:
        ValueError, x509.DuplicateExtension: it can't be understood.
    """
    hosts, uris = _names(certificate)
    return CertificateFacts(
        name=name_of(certificate),
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        begins_us=_us(certificate.not_valid_before_utc),
        ends_us=_us(certificate.not_valid_after_utc),
        sha1=thumbprint(certificate),
        sha256=certificate.fingerprint(hashes.SHA256()).hex().upper(),
        hosts=hosts,
        application_uri=", ".join(uris),
        is_self_signed=certificate.issuer == certificate.subject,
        der=der_of(certificate),
    )


def _names(certificate: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the hosts and the applications that it is made out to."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), ()
    hosts = (*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress)))
    return hosts, tuple(names.get_values_for_type(x509.UniformResourceIdentifier))


def _us(moment: datetime) -> int:
    return round(moment.timestamp() * 1e6)
