"""Whether the certificate of a server is one that a connection may be made with. Pure, any thread.

The library checks none of this. Each reason has its own words, and all of them are told at once: whoever goes to the
server shall not have to go twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from drivers.certificate_facts import WARN_DAYS, CertificateFacts, ServerCertificate, Standing
from drivers.opcua.certificate_path import issuer_problem, path_of, revocation_problem
from drivers.opcua.certificates import name_of, thumbprint
from drivers.opcua.trust_list import Trust
from plant_models.message import message

LEAST_BITS: Final = 2048
"""Of all three security policies (Part 7)."""
_SAFE_HASHES: Final = ("sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True)
class Expected:
    """Whom we want to speak to; `host` is as the plant folder has it, "" if it isn't held against the certificate."""

    server: str
    host: str
    application_uri: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a certificate; `is_unknown` if nobody has said yet whether to trust it.

    `besides` is what else is wrong with one that isn't trusted. `authority` is who issued one that is trusted for that.
    """

    problems: tuple[str, ...]
    is_unknown: bool
    besides: tuple[str, ...] = ()
    authority: str = ""


def judge(chain: Sequence[x509.Certificate], expected: Expected, trust: Trust, now: datetime) -> Verdict:
    """Hold what a server presents, its own certificate first, against what is expected and trusted.

    Raises:
        ValueError, x509.DuplicateExtension, UnsupportedAlgorithm: it is no certificate that can be understood.
    """
    certificate = chain[0]
    path = path_of(chain, trust)
    found = (
        _key_problem(certificate, expected),
        time_problem(certificate, expected.server, now),
        _host_problem(certificate, expected),
        _uri_problem(certificate, expected),
        _usage_problem(certificate, expected),
        issuer_problem(path, now),
    )
    besides = tuple(filter(None, found))
    trust_words = trust_problem(chain, expected.server, trust)
    problems = (*besides, trust_words) if trust_words else besides
    is_unknown = path.anchor is None
    authority = name_of(path.certificates[path.anchor]) if path.anchor else ""
    return Verdict(problems, is_unknown, besides if is_unknown else problems, authority)


def server_certificate(facts: CertificateFacts, verdict: Verdict) -> ServerCertificate:
    """Return what people see of a certificate that was judged."""
    standing = Standing.BY_AUTHORITY if verdict.authority else Standing.TRUSTED
    return ServerCertificate(
        facts=facts,
        standing=Standing.UNKNOWN if verdict.is_unknown else standing,
        authority=verdict.authority,
        problems=verdict.besides,
    )


def trust_problem(chain: Sequence[x509.Certificate], server: str, trust: Trust) -> str:
    """Return that a certificate isn't trusted, or no longer, or an empty text."""
    path = path_of(chain, trust)
    return _unknown(path.certificates[-1], chain[0], server) if path.anchor is None else revocation_problem(path, trust)


def time_problem(certificate: x509.Certificate, server: str, now: datetime) -> str:
    """Return that a certificate is no longer or not yet valid, or an empty text."""
    if now > certificate.not_valid_after_utc:
        date = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        return message(
            "The certificate of {server} expired on {date}; renew it on the server", server=server, date=date
        )
    if now < certificate.not_valid_before_utc:
        return message(
            "The certificate of {server} is not valid before {date}; look at its clock and at this station's",
            server=server,
            date=f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC",
        )
    return ""


def days_left(certificate: x509.Certificate, now: datetime) -> int | None:
    """Return 30, 7 or 1 if a certificate expires within as many days, else None."""
    rest = certificate.not_valid_after_utc - now
    return next((days for days in WARN_DAYS if rest <= timedelta(days=days)), None)


def _key_problem(certificate: x509.Certificate, expected: Expected) -> str:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        return message("The certificate of {server} has no RSA key", server=expected.server)
    if key.key_size < LEAST_BITS:
        return message(
            "The key of {server} is too short: {bits} bits; {least} are needed",
            server=expected.server,
            bits=key.key_size,
            least=LEAST_BITS,
        )
    signed_with = certificate.signature_hash_algorithm
    if signed_with is None or signed_with.name not in _SAFE_HASHES:
        return message(
            "The certificate of {server} is signed with {method}, which can be forged",
            server=expected.server,
            method=signed_with.name.upper() if signed_with else "?",
        )
    return ""


def _host_problem(certificate: x509.Certificate, expected: Expected) -> str:
    if not expected.host:
        return ""
    names = _alternative_names(certificate)
    texts = [name.lower().rstrip(".") for name in names.get_values_for_type(x509.DNSName)] if names else []
    addresses = [str(each) for each in names.get_values_for_type(x509.IPAddress)] if names else []
    if _plain(expected.host) in (*texts, *addresses):
        return ""
    return message(
        "The certificate of {server} is made out to {names}, not to {host}; give the server one with its right name, "
        "or set host_check = false for this device",
        server=expected.server,
        names=", ".join((*texts, *addresses)) or "?",
        host=expected.host,
    )


def _uri_problem(certificate: x509.Certificate, expected: Expected) -> str:
    names = _alternative_names(certificate)
    uris = names.get_values_for_type(x509.UniformResourceIdentifier) if names else []
    if expected.application_uri in uris:
        return ""
    return message(
        "The certificate of {server} belongs to the application {uris}, but the server calls itself {uri}",
        server=expected.server,
        uris=", ".join(uris) or "?",
        uri=expected.application_uri or "?",
    )


def _usage_problem(certificate: x509.Certificate, expected: Expected) -> str:
    try:
        allowed = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return ""
    is_server = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & set(allowed)
    return "" if is_server else message("The certificate of {server} is not made for servers", server=expected.server)


def _unknown(highest: x509.Certificate, certificate: x509.Certificate, server: str) -> str:
    if certificate.issuer != certificate.subject:
        return message(
            "The certificate of {server} was issued by {issuer}, which is not trusted; put that authority's "
            "certificate into the folder trusted, or trust the server's own on the device page, or by "
            "main.py certificates trust {thumbprint}",
            server=server,
            issuer=highest.issuer.rfc4514_string(),
            thumbprint=thumbprint(certificate),
        )
    return message(
        "The certificate of {server} is not trusted; compare its thumbprint {thumbprint} with what the server shows, "
        "then trust it on the device page, or by main.py certificates trust {thumbprint}",
        server=server,
        thumbprint=thumbprint(certificate),
    )


def _alternative_names(certificate: x509.Certificate) -> x509.SubjectAlternativeName | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None


def _plain(host: str) -> str:
    """Return a host as certificates have it: an address in its shortest form, a name in small letters."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return host.lower().rstrip(".")
