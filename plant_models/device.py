"""One connection to one PLC or server, as the plant folder declares it. Immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Option = str | bool | int | float
"""What a driver of another package may be told."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a device is reached: a TCP host and port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device of `devices.toml`.

    `protocol` is a name of `plant_models.protocols`. `byte_order` is ABCD, CDAB, BADC or DCBA. `timeout_s` bounds one
    request, `back_off_s` the longest wait between two attempts to connect. `path` is the rest of an OPC UA endpoint
    address ("/plc"). `security` is an OPC UA security policy, "" for the best that is offered, "None" only
    together with `insecure_ok`. `user_certificate` and `user_key` are files, seen from <data>/certificates.
    `backup` is asked where `endpoint` doesn't answer. `options` are for the drivers of other packages.
    """

    name: str
    protocol: str
    endpoint: Endpoint
    description: str = ""
    unit_id: int = 1
    byte_order: str = "ABCD"
    max_registers: int = 125
    timeout_s: float = 1.0
    back_off_s: float = 10.0
    path: str = ""
    security: str = ""
    security_mode: str = "SignAndEncrypt"
    insecure_ok: bool = False
    host_check: bool = True
    user: str = ""
    user_certificate: str = ""
    user_key: str = ""
    enabled: bool = True
    backup: Endpoint | None = None
    options: Mapping[str, Option] = field(default_factory=dict, hash=False)
