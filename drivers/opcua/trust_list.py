"""Whom a station trusts: folders of certificates that people may also fill by hand.

`trusted` holds certificates of servers and of authorities (DER or PEM) and lists of revoked ones (*.crl); `rejected`
what was refused, for people to look at. Files are read anew at each question. Any thread; blocks for the files.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509

from drivers.opcua.certificates import (
    der_of,
    file_name,
    make_private_folder,
    read_certificate,
    thumbprint,
    write_file,
)
from plant_models.message import message

_SUFFIXES: Final = (".der", ".crt", ".cer", ".pem")
_MOST_REJECTED: Final = 100
"""Whoever presents a new certificate at each attempt must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What `trusted` held at one moment."""

    certificates: tuple[x509.Certificate, ...] = ()
    revocations: tuple[x509.CertificateRevocationList, ...] = ()


class TrustList:
    """The folders `trusted` and `rejected` below `folder`, which is <data>/certificates."""

    def __init__(self, folder: Path) -> None:
        self.trusted = folder / "trusted"
        self.rejected = folder / "rejected"

    def make_folders(self) -> None:
        """Make both, so that people find where to put files."""
        make_private_folder(self.trusted.parent)
        for folder in (self.trusted, self.rejected):
            make_private_folder(folder)

    def read(self) -> Trust:
        """Return what is trusted now; a file that can't be read trusts nobody."""
        revocations: list[x509.CertificateRevocationList] = []
        for path in _files(self.trusted, (".crl",)):
            with contextlib.suppress(ValueError, OSError):
                data = path.read_bytes()
                is_pem = data.startswith(b"-----BEGIN")
                revocations.append(x509.load_pem_x509_crl(data) if is_pem else x509.load_der_x509_crl(data))
        return Trust(tuple(each for _, each in certificates_in(self.trusted)), tuple(revocations))

    def stamp(self) -> int:
        """Return a number that changes when a file comes to `trusted` or leaves it."""
        with contextlib.suppress(OSError):
            return self.trusted.stat().st_mtime_ns
        return 0

    def reject(self, certificate: x509.Certificate) -> Path:
        """Keep a refused certificate for people to look at; the oldest of more than a hundred go.

        Raises:
            OSError: it can't be written.
        """
        path = self.rejected / file_name(certificate)
        if not path.exists():
            write_file(path, der_of(certificate))
            for old in sorted(_files(self.rejected, _SUFFIXES), key=os.path.getmtime)[:-_MOST_REJECTED]:
                old.unlink(missing_ok=True)
        return path

    def move(self, mark: str, is_trusted: bool) -> x509.Certificate:
        """Take the certificate whose thumbprint begins with `mark` from one folder to the other.

        Raises:
            LookupError: there is none, or more than one; the text is a Message.
            OSError: the files can't be changed.
        """
        found = self.find(mark, not is_trusted)
        self.put(found, is_trusted)
        return found

    def find(self, mark: str, is_trusted: bool) -> x509.Certificate:
        """Return the certificate, among those that are trusted or among the others, whose thumbprint begins so.

        Raises:
            LookupError: there is none, or more than one; the text is a Message.
        """
        source = self.trusted if is_trusted else self.rejected
        wanted = mark.replace(":", "").replace(" ", "").upper()
        found = [(path, each) for path, each in certificates_in(source) if thumbprint(each).startswith(wanted)]
        if len({thumbprint(each) for _, each in found}) != 1 or not wanted:
            words = message(
                "{count} certificates in {folder} begin with {mark}", count=len(found), folder=source, mark=mark
            )
            raise LookupError(words)
        return found[0][1]

    def put(self, certificate: x509.Certificate, is_trusted: bool) -> None:
        """Trust a certificate, or trust it no longer; whatever files it is in.

        Raises:
            OSError: the files can't be changed.
        """
        source, target = (self.rejected, self.trusted) if is_trusted else (self.trusted, self.rejected)
        write_file(target / file_name(certificate), der_of(certificate))
        for path, each in certificates_in(source):
            if each == certificate:
                path.unlink(missing_ok=True)


def certificates_in(folder: Path) -> Iterator[tuple[Path, x509.Certificate]]:
    """Return the certificates in a folder, in order of file names; other files are passed over."""
    for path in _files(folder, _SUFFIXES):
        with contextlib.suppress(ValueError, OSError):
            yield path, read_certificate(path.read_bytes())


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes)
    except OSError:
        return []
