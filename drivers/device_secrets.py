"""Passwords of devices. They are never in the plant folder, which is copied, mailed and kept under version control.

An environment variable comes first (services, containers), then a file of the data folder that only its owner can read.
Any thread; blocks for the file.
"""

import os
import re
from pathlib import Path
from typing import Final

from plant_models.message import message

FOLDER: Final = "secrets"
_VARIABLE: Final = "CLEARWELL_SECRET_"


class SecretError(Exception):
    """A password that isn't there or isn't safe; the text is a Message that says what to do."""


def variable_of(device: str) -> str:
    """Return the environment variable that may hold a device's password: CLEARWELL_SECRET_WTW_UA of WTW-UA."""
    return _VARIABLE + re.sub(r"[^A-Z0-9]", "_", device.upper())


def secret_of(folder: Path | None, device: str) -> str:
    """Return the password of a device; `folder` is the station's data folder.

    Raises:
        SecretError: there is none, or others can read it.
    """
    if (told := os.environ.get(variable_of(device))) is not None:
        return told
    path = folder / FOLDER / device if folder else None
    if path is None or not path.exists():
        words = message(
            "No password of {device} is known; give it with main.py secret set {device}, or in {variable}",
            device=device,
            variable=variable_of(device),
        )
        raise SecretError(words)
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise SecretError(message("Others can read the password in {file}; chmod 600 it", file=path))
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise SecretError(
            message("The password in {file} can't be read: {cause}", file=path, cause=str(error))
        ) from error


def keep_secret(folder: Path, device: str, secret: str) -> Path:
    """Keep the password of a device in a file of mode 0600.

    Raises:
        OSError: it can't be written.
    """
    target = folder / FOLDER
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, new = target / device, target / f".{device}.new"
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secret)
    new.replace(path)
    return path


def forget_secret(folder: Path, device: str) -> bool:
    """Remove the password of a device; True if there was one.

    Raises:
        OSError: it can't be removed.
    """
    path = folder / FOLDER / device
    had = path.exists()
    path.unlink(missing_ok=True)
    return had
