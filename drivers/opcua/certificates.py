"""Certificates as files and as bytes of the protocol. Any thread; files block."""

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

FOLDER: Final = "certificates"
"""Where a station keeps its own certificate and those it trusts, in its data folder."""
_PEM: Final = b"-----BEGIN"
_SEQUENCE: Final = 0x30
_SHORT: Final = 0x80


def thumbprint(certificate: x509.Certificate) -> str:
    """Return the SHA-1 fingerprint in capitals, by which OPC UA tools (Part 6, 6.2.2) and PLCs name a certificate.

    It is for people to compare; nothing is trusted by it.
    """
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name


def name_of(certificate: x509.Certificate) -> str:
    """Return the common name of a certificate, or its whole subject."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def file_name(certificate: x509.Certificate) -> str:
    """Return NAME-THUMBPRINT.der, safe for any file system."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", name_of(certificate))[:60].strip("._") or "certificate"
    return f"{name}-{thumbprint(certificate)}.der"


def read_certificate(data: bytes) -> x509.Certificate:
    """Return the certificate of a DER or PEM file.

    Raises:
        ValueError: it is none.
    """
    return x509.load_pem_x509_certificate(data) if _PEM in data[:64] else x509.load_der_x509_certificate(data)


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def split_chain(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates that a server sends one behind the other, its own first (Part 6, 6.2.6).

    Raises:
        ValueError: the bytes are none.
    """
    found: list[x509.Certificate] = []
    while data:
        length = _der_length(data)
        found.append(x509.load_der_x509_certificate(data[:length]))
        data = data[length:]
    return tuple(found)


def write_file(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read (0600), whole or not at all; missing folders become 0700.

    Raises:
        OSError: it can't be written.
    """
    make_private_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # 0600 from the first moment
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner can look into, unless there is one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def is_private(path: Path) -> bool:
    """Whether only its owner can read a file; on Windows the folder's own rights decide."""
    return os.name == "nt" or not path.stat().st_mode & 0o077


def _der_length(data: bytes) -> int:
    """Return how many bytes the first ASN.1 sequence has (X.690, 8.1.3)."""
    if len(data) < 2 or data[0] != _SEQUENCE:
        raise ValueError("no certificate")
    first = data[1]
    if first < _SHORT:
        return 2 + first
    count = first - _SHORT
    length = 2 + count + int.from_bytes(data[2 : 2 + count], "big")
    if not count or length > len(data):
        raise ValueError("a certificate that was cut off")
    return length
