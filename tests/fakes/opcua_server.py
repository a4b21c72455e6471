"""A small OPC UA server on a real socket, in a thread of its own, that can freeze and restart."""

import asyncio
import threading
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asyncua import Server, ua
from asyncua.crypto.permission_rules import User, UserRole

from tests.fakes.certificate_maker import SERVER_URI, Identity

Content = tuple[Any, ua.VariantType]

OPEN = (ua.SecurityPolicyType.NoSecurity,)
ENCRYPTED = (
    ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
    ua.SecurityPolicyType.Aes128Sha256RsaOaep_SignAndEncrypt,
    ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
)
SIGNED = (
    ua.SecurityPolicyType.Basic256Sha256_Sign,
    ua.SecurityPolicyType.Aes128Sha256RsaOaep_Sign,
    ua.SecurityPolicyType.Aes256Sha256RsaPss_Sign,
)


@dataclass(kw_only=True)
class Locks:
    """Who gets in, and what the server shows of itself. It lets everybody list its endpoints, as servers must.

    With `passwords` (by user) or `certificates` (of users, DER), nobody gets in without one of them.
    """

    identity: Identity | None = None
    policies: Sequence[ua.SecurityPolicyType] = OPEN
    application_uri: str = SERVER_URI
    passwords: Mapping[str, str] = field(default_factory=dict)
    certificates: Sequence[bytes] = ()
    attempts: int = 0

    def get_user(self, iserver: object, username: Any = None, password: Any = None, certificate: Any = None) -> Any:
        """What the library asks of who manages users; the certificate may also be that of the channel."""
        self.attempts += 1
        is_open = not self.passwords and not self.certificates
        is_known = self.passwords.get(username) == password if username else certificate in self.certificates
        return User(role=UserRole.User, name=username or "") if is_open or is_known else None


class OpcUaServer:
    """Serves `nodes` (name → content and type) as ns=2;s=NAME, all writable; a context manager.

    `samplings` lists the sampling intervals that nodes were changed to, in s; the library notes changes and never
    samples. With `refuses_samplings` no interval can be changed.
    """

    def __init__(self, nodes: Mapping[str, Content], port: int = 0, locks: "Locks | None" = None) -> None:
        self.port = port
        self.locks = locks or Locks()
        self.samplings: dict[str, list[float]] = {}
        self.refuses_samplings = False
        self._contents = dict(nodes)
        self._nodes: dict[str, Any] = {}
        self._thaw = threading.Event()
        self.start()

    def __enter__(self) -> "OpcUaServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, on the same port as before."""
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="opcua-server", daemon=True)
        self._thread.start()
        assert ready.wait(60)

    def stop(self) -> None:
        """End the server and every connection; does nothing if it has ended."""
        self._thaw.set()
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(20)

    def freeze(self) -> None:
        """Do nothing more, but let the operating system accept connections and data, as a stopped process does."""
        frozen = threading.Event()
        self._thaw.clear()

        def hold() -> None:
            frozen.set()
            self._thaw.wait()

        self._loop.call_soon_threadsafe(hold)
        assert frozen.wait(20)

    def thaw(self) -> None:
        self._thaw.set()

    def reset(self, nodes: Mapping[str, Content]) -> None:
        """Thaw, and give every node its first content again."""
        self.thaw()
        for name, (content, _) in nodes.items():
            self.put(name, content)

    def put(self, name: str, content: Any, status: int = 0, at: datetime | None = None) -> None:
        """Change a node's content, status and source time."""
        kind = self._contents[name][1]
        variant = ua.Variant(None if content is None else content, kind if content is not None else None)
        value = ua.DataValue(variant, ua.StatusCode(status), SourceTimestamp=at or datetime.now(UTC))  # noqa: TID251
        self._contents[name] = (content, kind)
        self._call(self._nodes[name].write_value(value))

    @property
    def channels(self) -> list[tuple[str, ua.MessageSecurityMode]]:
        """The security policies and modes of those who have a session now."""
        policies = [client.processor._connection.security_policy for client in self._server.bserver.clients]
        return [(policy.URI.rpartition("#")[2], policy.Mode) for policy in policies]

    def relock(self, locks: Locks) -> Locks:
        """Break off every connection, and be another server to whoever comes from now on."""
        self.locks = locks
        self._call(self._relock(locks))
        return locks

    def content(self, name: str) -> Any:
        return self._call(self._nodes[name].read_value())

    @property
    def connections(self) -> int:
        """How many clients are connected now."""
        return len(self._server.bserver.clients)

    def refuse_writes(self, name: str) -> None:
        self._call(self._nodes[name].set_read_only())

    def describe(self, name: str, *, unit: str, low: float, high: float, description: str) -> None:
        """Give a node what analogue items have: a unit, a range, a description."""
        node = self._nodes[name]
        self._call(node.add_property(2, "EURange", ua.Range(low, high)))
        self._call(node.add_property(2, "EngineeringUnits", ua.EUInformation(DisplayName=ua.LocalizedText(unit))))
        text = ua.DataValue(ua.Variant(ua.LocalizedText(description)))
        self._call(node.write_attribute(ua.AttributeIds.Description, text))

    def remember(self, name: str, values: Sequence[tuple[datetime, float]], most: int = 10_000) -> None:
        """Have a node's history, at most so many values in one answer; it is forgotten at a stop."""
        self._call(self._remember(self._nodes[name], values, most))

    async def _remember(self, node: Any, values: Sequence[tuple[datetime, float]], most: int) -> None:
        for attribute in (ua.AttributeIds.AccessLevel, ua.AttributeIds.UserAccessLevel):
            await node.set_attr_bit(attribute, ua.AccessLevel.HistoryRead)
        storage = self._server.iserver.history_manager.storage
        storage.max_history_data_response_size = most
        storage._datachanges.pop(node.nodeid, None)
        await storage.new_historized_node(node.nodeid, None)
        for at, value in values:
            variant = ua.Variant(value, ua.VariantType.Double)
            await storage.save_node_value(node.nodeid, ua.DataValue(variant, SourceTimestamp=at))

    def add_folder(self, folder: str, names: Sequence[str]) -> None:
        """Add a folder of plain numbers."""
        self._call(self._add_folder(folder, names))

    async def _add_folder(self, folder: str, names: Sequence[str]) -> None:
        parent = await self._server.nodes.objects.add_folder(ua.NodeId(folder, 2), f"2:{folder}")
        for name in names:
            await parent.add_variable(ua.NodeId(f"{folder}.{name}", 2), f"2:{name}", 1.0)

    def swallow_writes(self, name: str) -> None:
        """Confirm every write from now on, and keep the content."""
        self._server.set_attribute_value_setter(self._nodes[name].nodeid, lambda node, attribute, value: None)

    def _call(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(60)

    def _run(self, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(ready))

    async def _lock(self, locks: Locks) -> None:
        server = self._server
        server.iserver.user_manager = locks
        server.set_security_policy(list(locks.policies))
        if locks.identity is not None:
            await server.set_application_uri(locks.application_uri)
            await server.load_certificate(locks.identity.der, "der")
            await server.load_private_key(locks.identity.key_pem, format="pem")

    async def _relock(self, locks: Locks) -> None:
        """Do what the library does only at a start, which takes seconds."""
        await self._lock(locks)
        self._server.iserver.endpoints.clear()
        self._server._policies.clear()
        await self._server._setup_server_nodes()
        self._server.bserver.set_policies(self._server._policies)
        for client in list(self._server.bserver.clients):
            client.transport.abort()

    async def _ready(self) -> None:
        """Add what other servers have, before anybody can connect."""

    def _note_samplings(self) -> None:
        service: Any = self._server.iserver.subscription_service
        modify = service.modify_monitored_items

        def noted(params: Any) -> Any:
            if self.refuses_samplings:
                refusal = ua.StatusCode(ua.UInt32(ua.StatusCodes.BadNotSupported))
                return [ua.MonitoredItemModifyResult(refusal) for _ in params.ItemsToModify]
            items = service.subscriptions[params.SubscriptionId].monitored_item_srv._monitored_items
            for each in params.ItemsToModify:
                name = items[each.MonitoredItemId].read_value_id.NodeId.Identifier
                self.samplings.setdefault(name, []).append(each.RequestedParameters.SamplingInterval / 1000)
            return modify(params)

        service.modify_monitored_items = noted

    async def _serve(self, ready: threading.Event) -> None:
        self._server = Server()
        await self._server.init()
        self._note_samplings()
        self._server.set_endpoint(f"opc.tcp://127.0.0.1:{self.port}/")
        await self._lock(self.locks)
        await self._server.register_namespace("urn:test")
        for name, (content, kind) in self._contents.items():
            node = await self._server.nodes.objects.add_variable(ua.NodeId(name, 2), f"2:{name}", content, kind)
            await node.set_writable()
            self._nodes[name] = node
        await self._ready()
        await self._server.start()
        self.port = self._server.bserver.port or self._server.bserver._server.sockets[0].getsockname()[1]
        ready.set()
        await self._ending.wait()
        await self._server.stop()
