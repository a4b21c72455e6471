"""What a station needs to get into a broker: its name, its password, and whom it trusts. Blocks for files."""

import ssl
from pathlib import Path

from drivers.device_secrets import secret_of
from drivers.mqtt.packets import Hello
from drivers.mqtt.words import LinkError
from plant_models.message import message
from plant_models.mqtt_settings import MqttSettings


def hello_of(device: str, settings: MqttSettings, client_id: str, folder: Path | None) -> Hello:
    """Return what the station says first.

    Raises:
        SecretError: the password of its user isn't known or isn't safe.
    """
    return Hello(
        client_id=settings.client_id or client_id,
        keep_alive_s=settings.keep_alive_s,
        is_clean=not settings.keep_session,
        user=settings.user,
        password=secret_of(folder, device) if settings.user else None,
        will_topic=settings.will_topic,
        will_payload=settings.will_payload,
    )


def context_of(settings: MqttSettings, folder: Path | None) -> ssl.SSLContext | None:
    """Return how to encrypt and whom to trust; None without encryption. Host names are always checked.

    Raises:
        LinkError: the file of certificates can't be used.
    """
    if not settings.tls:
        return None
    if not settings.ca_file:
        return ssl.create_default_context()
    path = (folder or Path()) / settings.ca_file
    try:
        return ssl.create_default_context(cafile=str(path))
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        cause = getattr(error, "strerror", None) or str(error)
        words = message("The certificates in {file} can't be used: {cause}", file=str(path), cause=cause)
        raise LinkError(words) from error
