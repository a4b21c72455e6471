"""Who the station says it is to a server: nobody, a name with a password, or a certificate. Any thread; blocks."""

from dataclasses import dataclass
from pathlib import Path

from asyncua.client.client import Client
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from drivers.device_secrets import SecretError, secret_of
from drivers.opcua.certificates import FOLDER, is_private, read_certificate
from drivers.opcua.security_error import SecurityError
from plant_models.device import Device
from plant_models.message import message, words_of


@dataclass(frozen=True, slots=True)
class User:
    """A user of a server; without anything, nobody in particular."""

    name: str = ""
    password: str = ""
    certificate: x509.Certificate | None = None
    key: rsa.RSAPrivateKey | None = None

    def __repr__(self) -> str:  # a password must not come into a log
        return f"User({self.name!r})"

    def introduce(self, client: Client) -> None:
        """Let a client that isn't connected yet log in as this user."""
        if self.name:
            client.set_user(self.name)
            client.set_password(self.password)
        client.user_certificate, client.user_private_key = self.certificate, self.key


def user_of(device: Device, folder: Path | None) -> User:
    """Return the user that devices.toml names, with its password or key; `folder` is the station's data folder.

    Raises:
        SecurityError: what it needs isn't there, or others can read it.
    """
    try:
        if device.user:
            return User(device.user, secret_of(folder, device.name))
        if device.user_certificate:
            base = (folder or Path()) / FOLDER
            return _certificate_user(base / device.user_certificate, base / device.user_key)
    except SecretError as error:
        raise SecurityError(words_of(error)) from error
    return User()


def _certificate_user(certificate: Path, key: Path) -> User:
    try:
        if not is_private(key):
            raise SecurityError(message("Others can read the key {file}; chmod 600 it", file=key))
        private = load_pem_private_key(key.read_bytes(), None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise SecurityError(message("The key {file} is no RSA key", file=key))
        return User(certificate=read_certificate(certificate.read_bytes()), key=private)
    except (OSError, ValueError, TypeError) as error:
        words = message(
            "The user certificate {file} or its key can't be read: {cause}", file=certificate, cause=str(error)
        )
        raise SecurityError(words) from error
