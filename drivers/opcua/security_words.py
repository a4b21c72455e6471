"""What a server's refusal to let us in means, in words for people. Pure, any thread."""

from typing import Final

from asyncua import ua
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import UaStatusCodeError

from drivers.opcua.own_certificate import CERTIFICATE_FILE
from drivers.opcua.security_error import SecurityError
from plant_models.device import Device
from plant_models.message import message

_OURS: Final = (
    StatusCodes.BadSecurityChecksFailed,
    StatusCodes.BadCertificateUntrusted,
    StatusCodes.BadCertificateInvalid,
    StatusCodes.BadCertificateChainIncomplete,
    StatusCodes.BadCertificateUseNotAllowed,
    StatusCodes.BadCertificateUriInvalid,
)
_TIMES: Final = (StatusCodes.BadCertificateTimeInvalid, StatusCodes.BadCertificateIssuerTimeInvalid)
_USERS: Final = (
    StatusCodes.BadUserAccessDenied,
    StatusCodes.BadIdentityTokenInvalid,
    StatusCodes.BadIdentityTokenRejected,
    StatusCodes.BadUserSignatureInvalid,
)


def refusal_of(error: UaStatusCodeError, device: Device) -> SecurityError | None:
    """Return what a status means when it comes while a session is made; None if that isn't about who we are."""
    if error.code in _USERS:
        return SecurityError(_user_words(device), is_user=True)
    if error.code in _OURS:
        words = message(
            "{device} does not trust this station; at the server, accept the certificate {file} ({status})",
            device=device.name,
            file=CERTIFICATE_FILE,
            status=ua.StatusCode(error.code).name,
        )
        return SecurityError(words)
    if error.code in _TIMES:
        words = message(
            "{device} takes this station's certificate for expired or not yet valid; look at the clocks of both",
            device=device.name,
        )
        return SecurityError(words)
    return None


def broken_off(device: Device) -> str:
    """Return what it most likely means that a server hangs up while the secure channel is made."""
    return message(
        "{device} broke off while the secure channel was made; most likely it does not trust this station yet: at the "
        "server, accept the certificate {file}",
        device=device.name,
        file=CERTIFICATE_FILE,
    )


def _user_words(device: Device) -> str:
    if device.user:
        return message("{device} refuses the user {user} or its password", device=device.name, user=device.user)
    if device.user_certificate:
        return message("{device} refuses the user of {file}", device=device.name, file=device.user_certificate)
    return message("{device} lets nobody in without a name; set user, or user_certificate", device=device.name)
