"""What makes the connections to one server safe: endpoint, certificates, user. Lives as long as the device.

The library speaks the secure channel and checks next to nothing. So: the certificate that the server presents is judged
here before anything else is said, the channel is made with exactly that certificate (only who has its key can answer),
and inside the channel the list of endpoints is read again, since the first one could have been forged on its way.
Runs on the OPC UA thread.
"""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from asyncua import ua
from asyncua.client.client import Client
from asyncua.crypto.uacrypto import CertProperties
from asyncua.ua.uaerrors import UaStatusCodeError
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from drivers.counters import Counters
from drivers.opcua.certificate_check import Expected, days_left, judge, server_certificate, time_problem, trust_problem
from drivers.opcua.certificates import FOLDER, der_of, split_chain
from drivers.opcua.endpoint_choice import NONE, POLICIES, choose, policy_name
from drivers.opcua.own_certificate import OwnCertificate, own_certificate
from drivers.opcua.read_facts import facts_of
from drivers.opcua.security_error import SecurityError
from drivers.opcua.security_words import broken_off, refusal_of
from drivers.opcua.trust_list import TrustList
from drivers.opcua.users import user_of
from plant_models.clock import Clock
from plant_models.device import Device
from plant_models.message import joined, message

_log = logging.getLogger(__name__)
_LOOK_NS: Final = 3_600_000_000_000
"""Dates are looked at this often while connected; the trust list as soon as it changes."""
_NOT_ALLOWED: Final = message(
    "Without encryption, everybody on the network can read and change what is sent; only insecure_ok = true allows that"
)
_NO_USER: Final = message("Nobody logs in over a connection without encryption: remove the user, or use encryption")
_FORGED: Final = message(
    "Through the secure channel the server offers other endpoints than before: somebody may have changed the first"
)


class Security:
    """`folder` is the station's data folder; without one, nothing but an unencrypted connection can be made."""

    def __init__(self, device: Device, folder: Path | None, clock: Clock, counters: Counters) -> None:
        self._device = device
        self._data = folder
        self._clock = clock
        self._counters = counters
        self._trust = TrustList((folder or Path()) / FOLDER)
        self._chain: tuple[x509.Certificate, ...] = ()
        self._own: OwnCertificate | None = None
        self._stamp = self._due_ns = 0

    async def connect(self, client: Client) -> None:
        """Connect a new client, or refuse.

        Raises:
            SecurityError: certificate, endpoint or user can't be accepted, or the server doesn't accept ours.
            UaError, OSError, TimeoutError: the server isn't there, refuses, or doesn't answer.
        """
        self._chain, self._counters.warning = (), ""
        endpoint = await self._endpoint(client)
        if endpoint is None:
            self._counters.certificate = None
            if self._device.user or self._device.user_certificate:
                raise SecurityError(_NO_USER)
        else:
            await self._secure(client, endpoint)
        await self._log_in(client)
        if endpoint is not None:
            await self._confirm(client, endpoint)
        self._counters.is_insecure = endpoint is None
        self._look()

    def problem(self) -> str:
        """Return why the present connection may not go on, or an empty text; cheap while nothing has changed."""
        stamp = self._trust.stamp()
        if not self._chain or (stamp == self._stamp and self._clock.mono_ns() < self._due_ns):
            return ""
        self._stamp = stamp
        self._look()
        return trust_problem(self._chain, self._device.name, self._trust.read())

    async def _endpoint(self, client: Client) -> ua.EndpointDescription | None:
        """Return the endpoint to use, None for one without encryption."""
        device = self._device
        if device.security == NONE:
            if not device.insecure_ok:
                raise SecurityError(_NOT_ALLOWED)
            return None
        asker = Client(client.server_url.geturl(), timeout=device.timeout_s)
        found = choose(device, await asker.connect_and_get_server_endpoints())
        return None if policy_name(found) == NONE else found

    async def _secure(self, client: Client, endpoint: ua.EndpointDescription) -> None:
        """Let the client use an endpoint whose certificate is good, and introduce the user."""
        if self._data is None:
            raise SecurityError(message("Without a data folder there is no place for certificates"))
        with contextlib.suppress(OSError):
            self._trust.make_folders()
        own = await asyncio.to_thread(own_certificate, self._data / FOLDER, self._now())
        user = await asyncio.to_thread(user_of, self._device, self._data)
        chain = self._accepted(endpoint)
        client.application_uri = own.application_uri
        await client.set_security(
            POLICIES[policy_name(endpoint)],
            CertProperties(der_of(own.certificate), "der"),
            CertProperties(own.key_pem, "pem"),
            server_certificate=CertProperties(der_of(chain[0]), "der"),
            mode=endpoint.SecurityMode,
        )
        user.introduce(client)
        self._chain, self._own = chain, own

    def _accepted(self, endpoint: ua.EndpointDescription) -> tuple[x509.Certificate, ...]:
        """Return the certificates of the server, its own first.

        Raises:
            SecurityError: they aren't good; one that nobody knows is kept for people to look at.
        """
        device = self._device
        host = device.endpoint.host if device.host_check else ""
        expected = Expected(device.name, host, str(endpoint.Server.ApplicationUri or ""))
        self._stamp = self._trust.stamp()  # before it is read: what changes from now on is noticed
        try:
            chain = split_chain(endpoint.ServerCertificate or b"")
            verdict = judge(chain, expected, self._trust.read(), self._now())
            facts = facts_of(chain[0])
        except (ValueError, IndexError, x509.DuplicateExtension, UnsupportedAlgorithm) as error:
            raise SecurityError(message("The certificate of {device} can't be read", device=device.name)) from error
        self._counters.certificate = server_certificate(facts, verdict)
        if verdict.is_unknown:
            try:
                self._trust.reject(chain[0])
            except OSError as error:
                _log.warning("%s: its certificate can't be kept: %s", device.name, error)
        if verdict.problems:
            raise SecurityError(joined(verdict.problems))
        return chain

    async def _log_in(self, client: Client) -> None:
        try:
            await client.connect(auto_reconnect=False)
        except UaStatusCodeError as error:
            refusal = refusal_of(error, self._device)
            if refusal is None:
                raise
            raise refusal from error
        except (ConnectionError, AssertionError) as error:  # the library's, where a server refuses the secure channel
            if not self._chain:
                raise
            raise SecurityError(broken_off(self._device)) from error

    async def _confirm(self, client: Client, endpoint: ua.EndpointDescription) -> None:
        """Make sure that the connection is the one that was judged.

        Raises:
            SecurityError: it isn't.
        """
        again = choose(self._device, await client.get_endpoints())
        if (
            client.security_policy.peer_certificate != der_of(self._chain[0])
            or again.SecurityPolicyUri != endpoint.SecurityPolicyUri
            or again.SecurityMode != endpoint.SecurityMode
        ):
            raise SecurityError(_FORGED)

    def _look(self) -> None:
        """Warn of what is going to expire, and note when to look again."""
        self._due_ns = self._clock.mono_ns() + _LOOK_NS
        warning = self._warning()
        if warning and warning != self._counters.warning:
            _log.warning("%s: %s", self._device.name, warning)
        self._counters.warning = warning

    def _warning(self) -> str:
        if not self._chain or self._own is None:
            return ""
        name, now = self._device.name, self._now()
        if expired := time_problem(self._chain[0], name, now):
            return joined((expired, message("This connection goes on; the next one will be refused")))
        if days_left(self._chain[0], now):
            date = f"{self._chain[0].not_valid_after_utc:%Y-%m-%d}"
            return message(
                "The certificate of {device} expires on {date}; renew it on the server", device=name, date=date
            )
        if days_left(self._own.certificate, now):
            date = f"{self._own.certificate.not_valid_after_utc:%Y-%m-%d}"
            return message(
                "This station's certificate expires on {date} and is replaced the day before; servers will have to "
                "accept the new one",
                date=date,
            )
        return ""

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.wall_us() / 1e6, UTC)
