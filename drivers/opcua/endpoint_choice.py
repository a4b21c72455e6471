"""Which of the endpoints that a server offers is used. Pure, any thread."""

from collections.abc import Sequence
from typing import Any, Final

from asyncua import ua
from asyncua.crypto.security_policies import (
    SecurityPolicyAes128Sha256RsaOaep,
    SecurityPolicyAes256Sha256RsaPss,
    SecurityPolicyBasic256Sha256,
    SecurityPolicyNone,
)

from drivers.opcua.security_error import SecurityError
from plant_models.device import Device
from plant_models.message import message

POLICIES: Final[dict[str, Any]] = {
    "Aes256_Sha256_RsaPss": SecurityPolicyAes256Sha256RsaPss,
    "Basic256Sha256": SecurityPolicyBasic256Sha256,
    "Aes128_Sha256_RsaOaep": SecurityPolicyAes128Sha256RsaOaep,
}
"""The strongest first. Those with SHA-1 or RSA 1.5 alone are withdrawn (Part 7) and not spoken."""
NONE: Final = "None"
_NAME_OF: Final = {each.URI: name for name, each in POLICIES.items()} | {SecurityPolicyNone.URI: NONE}


def policy_name(endpoint: ua.EndpointDescription) -> str:
    """Return the name of an endpoint's security policy, its URI if it isn't spoken."""
    return _NAME_OF.get(endpoint.SecurityPolicyUri, str(endpoint.SecurityPolicyUri or "?"))


def choose(device: Device, endpoints: Sequence[ua.EndpointDescription]) -> ua.EndpointDescription:
    """Return the endpoint to use: the declared one, else the strongest; without encryption only if that is allowed.

    Raises:
        SecurityError: there is none.
    """
    wanted = [device.security] if device.security else list(POLICIES)
    by_name = {policy_name(each): each for each in reversed(endpoints) if _fits(each, device.security_mode)}
    found = next((by_name[name] for name in wanted if name in by_name), None)
    if found is None and device.insecure_ok and not device.security:
        found = next((each for each in endpoints if each.SecurityMode == ua.MessageSecurityMode.None_), None)
    if found is None:
        raise SecurityError(_nothing_fits(device, endpoints))
    return found


def _fits(endpoint: ua.EndpointDescription, mode: str) -> bool:
    is_tcp = str(endpoint.EndpointUrl).startswith("opc.tcp://")
    return is_tcp and endpoint.SecurityMode == ua.MessageSecurityMode[mode]


def _nothing_fits(device: Device, endpoints: Sequence[ua.EndpointDescription]) -> str:
    offered = sorted({_words(each) for each in endpoints})
    if set(offered) <= {NONE}:
        return message(
            "{device} offers no encryption; switch it on at the server. Only insecure_ok = true allows to go without",
            device=device.name,
        )
    return message(
        "{device} doesn't offer {wanted}; it offers {offered}",
        device=device.name,
        wanted=f"{device.security or ' / '.join(POLICIES)} ({device.security_mode})",
        offered=", ".join(offered),
    )


def _words(endpoint: ua.EndpointDescription) -> str:
    name = policy_name(endpoint).rpartition("#")[2]
    return name if name == NONE else f"{name} ({endpoint.SecurityMode.name})"
