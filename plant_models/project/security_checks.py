"""Whether what devices.toml says of encryption and users makes sense together. Any thread."""

from plant_models.device import Device
from plant_models.project.finding import Finding
from plant_models.project.source import Source, finding_in

_Mistake = tuple[str, str, str]
"""Key, what is wrong, what would be right."""


def check_security(device: Device, number: int, source: Source, findings: list[Finding]) -> None:
    """Add a finding if section `number` asks for a connection that would be refused, or would give a password away."""
    mistake = _mistake(device)
    if mistake:
        key, problem, remedy = mistake
        findings.append(finding_in(source, ("device", number, key), problem, remedy))


def _mistake(device: Device) -> _Mistake | None:
    if device.security == "None" and not device.insecure_ok:
        return "security", "without encryption everybody can read and change what is sent", "add insecure_ok = true"
    if device.user and device.user_certificate:
        return "user_certificate", "there can be one user only", "remove user or user_certificate"
    if device.user_certificate and not device.user_key:
        return "user_certificate", "a certificate without its key can't log in", "add user_key"
    if device.user_key and not device.user_certificate:
        return "user_key", "a key without its certificate can't log in", "add user_certificate"
    if device.user and device.security_mode == "Sign":
        return "security_mode", f"the password of {device.user} could be read on its way", "use SignAndEncrypt"
    if (device.user or device.user_certificate) and device.security == "None":
        key = "user" if device.user else "user_certificate"
        return key, "nobody logs in over a connection without encryption", "remove it, or remove security"
    return None
