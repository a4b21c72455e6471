"""The certificates of a station as lines for a terminal. Any thread; blocks for the files."""

from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from drivers.opcua.certificates import FOLDER, name_of, read_certificate, thumbprint
from drivers.opcua.own_certificate import CERTIFICATE_FILE
from drivers.opcua.trust_list import TrustList, certificates_in


def trust_report(data: Path) -> Iterator[str]:
    """Return a paragraph for each certificate in the data folder: the station's own, the trusted, the rejected.

    Raises:
        OSError, ValueError: the station's own can't be read.
    """
    folder = data / FOLDER
    own = folder / CERTIFICATE_FILE
    if own.exists():
        yield _paragraph("own", read_certificate(own.read_bytes()))
    lists = TrustList(folder)
    for kind, where in (("trusted", lists.trusted), ("rejected", lists.rejected)):
        for _, certificate in certificates_in(where):
            yield _paragraph(kind, certificate)


def _paragraph(kind: str, certificate: x509.Certificate) -> str:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    is_alone = certificate.issuer == certificate.subject
    return "\n".join(
        (
            f"{kind}: {name_of(certificate)}",
            f"  thumbprint (SHA-1) {thumbprint(certificate)}",
            f"  SHA-256 {certificate.fingerprint(hashes.SHA256()).hex().upper()}",
            f"  {certificate.subject.rfc4514_string()}, "
            + ("self-signed" if is_alone else f"issued by {certificate.issuer.rfc4514_string()}"),
            f"  valid from {begin:%Y-%m-%d} to {end:%Y-%m-%d}",
        )
    )
