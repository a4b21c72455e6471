"""The certificate by which servers know this station: made on first use, made anew on its last day. Any thread; blocks.

A key costs up to a second to make, so this isn't for an event loop. Form: OPC UA Part 6, 6.2.2.
"""

import socket
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from drivers.opcua.certificates import der_of, is_private, read_certificate, write_file
from drivers.opcua.security_error import SecurityError
from plant_models.message import message

CERTIFICATE_FILE: Final = "own.der"
KEY_FILE: Final = "own_key.pem"
_BITS: Final = 2048
_EXPONENT: Final = 65537
_VALID: Final = timedelta(days=3652)
_RENEWED: Final = timedelta(days=1)
"""So long before its end: whoever is warned 30 days before has time to announce the next one to the servers."""
_SLOW_CLOCK: Final = timedelta(days=1)
"""A server whose clock lags so much still takes a new certificate."""
_making = threading.Lock()  # every server has a thread, and all of them find no certificate at once


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """Certificate and key of this station; `application_uri` is the one in the certificate."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    application_uri: str

    @property
    def key_pem(self) -> bytes:
        return _pem(self.key)


def own_certificate(folder: Path, now: datetime) -> OwnCertificate:
    """Return the station's certificate out of <data>/certificates, which is made or renewed if it must be.

    Raises:
        SecurityError: the files can't be used as they are, or can't be written.
    """
    with _making:
        try:
            key = _key(folder / KEY_FILE)
            return _checked(_certificate(folder / CERTIFICATE_FILE, key, now), key)
        except OSError as error:
            words = message(
                "The station's own certificate can't be kept in {folder}: {cause}", folder=folder, cause=str(error)
            )
            raise SecurityError(words) from error


def _key(path: Path) -> rsa.RSAPrivateKey:
    if not path.exists():
        made = rsa.generate_private_key(_EXPONENT, _BITS)
        write_file(path, _pem(made))
        return made
    if not is_private(path):
        raise SecurityError(message("Others can read the key {file}; chmod 600 it", file=path))
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise SecurityError(message("The key {file} can't be read; restore it or remove it", file=path)) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SecurityError(message("The key {file} is no RSA key", file=path))
    return key


def _certificate(path: Path, key: rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    if not path.exists():
        return _new(path, key, now)
    try:
        found = read_certificate(path.read_bytes())
    except ValueError as error:
        words = message("The certificate {file} can't be read; restore it or remove it", file=path)
        raise SecurityError(words) from error
    if _public(found.public_key()) != _public(key.public_key()):
        raise SecurityError(message("The certificate {file} doesn't belong to the key beside it", file=path))
    if found.not_valid_after_utc - now > _RENEWED:
        return found
    if found.issuer != found.subject:  # an authority's: only that can give a new one
        raise SecurityError(
            message("The station's own certificate {file} expires or has expired; replace it", file=path)
        )
    return _new(path, key, now)


def _checked(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> OwnCertificate:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uri = names.get_values_for_type(x509.UniformResourceIdentifier)[0]
    except (x509.ExtensionNotFound, IndexError) as error:
        raise SecurityError(message("The station's own certificate names no application (URI)")) from error
    return OwnCertificate(certificate, key, uri)


def _new(path: Path, key: rsa.RSAPrivateKey, now: datetime) -> x509.Certificate:
    host = socket.gethostname()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Clearwell at {host}"[:64])])
    names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"urn:{host}:clearwell"), x509.DNSName(host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCK)
        .not_valid_after(now + _VALID)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_file(path, der_of(made))
    return made


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_cert_sign=True,  # of itself: it is self-signed
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public(key: object) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined,no-any-return]
