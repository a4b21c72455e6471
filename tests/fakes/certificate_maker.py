"""Certificates of every kind, wanted and unwanted, quickly: keys are made once for all tests of a process."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SERVER_URI = "urn:test:server"


@cache
def key(name: str = "server", bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a certificate shall be like; as it stands, one that a server may have."""

    name: str = "Test server"
    uri: str = SERVER_URI
    hosts: tuple[str, ...] = ("127.0.0.1",)
    begins_in_days: float = -1
    ends_in_days: float = 365
    key_name: str = "server"
    bits: int = 2048
    issuer: Identity | None = None
    is_authority: bool = False
    path_length: int | None = None
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH


def make(wish: Wish | None = None) -> Identity:
    """Return a certificate, self-signed unless it has an issuer."""
    wish = wish or Wish()
    own = key(wish.key_name, wish.bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, wish.name)])
    now = datetime.now(UTC)  # noqa: TID251
    names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(wish.uri)]
    names += [_general(host) for host in wish.hosts]
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(wish.issuer.certificate.subject if wish.issuer else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=wish.begins_in_days))
        .not_valid_after(now + timedelta(days=wish.ends_in_days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=wish.is_authority, path_length=wish.path_length), critical=True)
        .add_extension(_usage(wish.is_authority), critical=True)
        .add_extension(x509.ExtendedKeyUsage([wish.usage]), critical=False)
    )
    return Identity(built.sign(wish.issuer.key if wish.issuer else own, hashes.SHA256()), own)


def revocations(authority: Identity, *revoked: Identity) -> bytes:
    """Return the list of certificates that an authority has revoked."""
    now = datetime.now(UTC)  # noqa: TID251
    built = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    built = built.last_update(now - timedelta(days=1)).next_update(now + timedelta(days=30))
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number).revocation_date(now)
        built = built.add_revoked_certificate(entry.build())
    return built.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def trust(data: Path, *identities: Identity) -> None:
    """Put certificates into the folder of those that a station trusts."""
    folder = data / "certificates" / "trusted"
    folder.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(identities):
        (folder / f"{number}-{each.certificate.serial_number}.der").write_bytes(each.der)


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
