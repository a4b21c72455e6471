"""Encrypted connections over real sockets: policies, users, and everything that must not be accepted."""

import asyncio
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from asyncua import Client, ua

from drivers.counters import Counters
from drivers.device_secrets import keep_secret
from drivers.health import LinkState
from drivers.opcua.certificates import thumbprint
from drivers.opcua.security import Security
from drivers.opcua.trust_list import TrustList, certificates_in
from plant_models.clock import SystemClock
from plant_models.tag import DataType
from tests.fakes.certificate_maker import Identity, Wish, make, trust
from tests.fakes.clock import ManualClock
from tests.fakes.opcua_server import ENCRYPTED, OPEN, SIGNED, Locks, OpcUaServer
from tests.fakes.running_pool import RunningPool
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until

NODES = {"LEVEL": (12.5, ua.VariantType.Double)}
TAGS = [tag("LEVEL", "UA", "ns=2;s=LEVEL", DataType.F64, writable=True)]
SESAME = "sesame öffne dich"


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make()


@pytest.fixture(scope="module")
def user() -> Identity:
    return make(Wish(name="Control room", uri="urn:test:user", key_name="user"))


@pytest.fixture(scope="module")
def shared_server() -> Iterator[OpcUaServer]:
    with OpcUaServer(NODES) as one:
        yield one


@pytest.fixture
def server(shared_server: OpcUaServer, identity: Identity) -> OpcUaServer:
    """A server with every policy that lets everybody in."""
    shared_server.relock(Locks(identity=identity, policies=(*OPEN, *ENCRYPTED, *SIGNED)))
    return shared_server


@pytest.fixture
def guarded(shared_server: OpcUaServer, identity: Identity, user: Identity) -> OpcUaServer:
    """A server that lets nobody in without a name."""
    shared_server.relock(
        Locks(identity=identity, policies=ENCRYPTED, passwords={"op": SESAME}, certificates=[user.der])
    )
    return shared_server


def running(port: int, data: Path | None, **settings: object) -> RunningPool:
    settings = {"security": "", "insecure_ok": False, "timeout_s": 5.0, **settings}
    return RunningPool(small_plant([opcua_device("UA", port, **settings)], TAGS, 0.1), data)


def refusal(pool: RunningPool) -> str:
    """Return why a server is not connected to; no value of it is good."""
    wait_until(lambda: pool.health("UA").errors > 0, what="a refusal")
    assert pool.health("UA").state is LinkState.DOWN
    assert pool.sink.is_bad("LEVEL")
    return pool.health("UA").last_error


@pytest.mark.parametrize(
    ("security", "mode"),
    [
        ("Basic256Sha256", "SignAndEncrypt"),
        ("Aes128_Sha256_RsaOaep", "SignAndEncrypt"),
        ("Aes256_Sha256_RsaPss", "SignAndEncrypt"),
        ("Basic256Sha256", "Sign"),
        ("", "SignAndEncrypt"),
    ],
)
def test_every_policy_reads_and_writes(
    server: OpcUaServer, identity: Identity, tmp_path: Path, security: str, mode: str
) -> None:
    trust(tmp_path, identity)
    with running(server.port, tmp_path, security=security, security_mode=mode) as pool:
        pool.wait_good("LEVEL")
        wanted = ua.MessageSecurityMode[mode]
        assert server.channels == [(security or "Aes256_Sha256_RsaPss", wanted)]
        assert pool.write("LEVEL", 33.0).message == ""
        assert not pool.health("UA").is_insecure
        assert pool.health("UA").warning == ""


def test_without_encryption_a_connection_is_marked(server: OpcUaServer) -> None:
    with running(server.port, None, security="None", insecure_ok=True) as pool:
        pool.wait_good("LEVEL")
        assert pool.health("UA").is_insecure


def test_allowed_or_not_no_connection_goes_without_encryption_where_the_server_offers_it(
    server: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    with running(server.port, tmp_path, insecure_ok=True) as pool:
        pool.wait_good("LEVEL")
        assert not pool.health("UA").is_insecure


def test_a_server_that_offers_no_encryption_is_refused_unless_that_is_allowed(
    server: OpcUaServer, tmp_path: Path
) -> None:
    server.relock(Locks(policies=OPEN))
    with running(server.port, tmp_path) as pool:
        assert "UA offers no encryption" in refusal(pool)
    with running(server.port, tmp_path, insecure_ok=True) as pool:
        pool.wait_good("LEVEL")
        assert pool.health("UA").is_insecure
    with running(server.port, tmp_path, insecure_ok=True, user="op") as pool:
        assert "Nobody logs in over a connection without encryption" in refusal(pool)


def test_a_policy_that_is_not_offered_is_told_with_those_that_are(
    server: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    server.relock(Locks(identity=identity, policies=(ua.SecurityPolicyType.Basic256Sha256_Sign,)))
    with running(server.port, tmp_path, security="Aes256_Sha256_RsaPss") as pool:
        words = "UA doesn't offer Aes256_Sha256_RsaPss (SignAndEncrypt); it offers Basic256Sha256 (Sign)"
        assert refusal(pool) == words


def test_an_unknown_server_is_refused_kept_for_people_and_trusted_by_them(
    server: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    with running(server.port, tmp_path) as pool:
        words = refusal(pool)
        mark = thumbprint(identity.certificate)
        assert "The certificate of UA is not trusted" in words
        assert f"main.py certificates trust {mark}" in words
        lists = TrustList(tmp_path / "certificates")
        ((path, kept),) = certificates_in(lists.rejected)
        assert mark in path.name
        assert kept == identity.certificate
        lists.move(mark[:8], is_trusted=True)
        pool.wait_good("LEVEL")


def test_a_server_that_is_trusted_no_longer_is_left_at_once(
    server: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    with running(server.port, tmp_path) as pool:
        pool.wait_good("LEVEL")
        TrustList(tmp_path / "certificates").move(thumbprint(identity.certificate), is_trusted=False)
        pool.wait_bad("LEVEL")
        assert "is not trusted" in pool.health("UA").last_error


def test_files_of_certificates_are_nobody_elses_business(
    server: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with running(server.port, data) as pool:
        refusal(pool)
    files = [path for path in data.rglob("*") if path.is_file()]
    assert {path.name for path in files} > {"own.der", "own_key.pem"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in data.rglob("*") if path.is_dir()} == {0o700}


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(begins_in_days=-30, ends_in_days=-2), "The certificate of UA expired on "),
        (Wish(hosts=("plc7.example", "10.1.2.3")), "is made out to plc7.example, 10.1.2.3, not to 127.0.0.1"),
        (Wish(uri="urn:somebody:else"), "belongs to the application urn:somebody:else, but the server calls itself"),
    ],
    ids=["expired", "wrong host", "wrong application"],
)
def test_a_trusted_certificate_that_is_wrong_is_refused(
    server: OpcUaServer, tmp_path: Path, wish: Wish, words: str
) -> None:
    wrong = make(wish)
    trust(tmp_path, wrong)
    server.relock(Locks(identity=wrong, policies=ENCRYPTED))
    with running(server.port, tmp_path) as pool:
        assert words in refusal(pool)
        assert server.locks.attempts == 0


def test_the_host_is_not_looked_at_where_the_plant_folder_says_so(server: OpcUaServer, tmp_path: Path) -> None:
    strange = make(Wish(hosts=("plc7.example",), ends_in_days=20))
    trust(tmp_path, strange)
    server.relock(Locks(identity=strange, policies=ENCRYPTED))
    with running(server.port, tmp_path, host_check=False) as pool:
        pool.wait_good("LEVEL")
        assert "The certificate of UA expires on " in pool.health("UA").warning


def test_a_certificate_replaced_while_running_is_refused_and_told(
    server: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    with running(server.port, tmp_path) as pool:
        pool.wait_good("LEVEL")
        server.relock(Locks(identity=make(Wish(key_name="other")), policies=ENCRYPTED))
        pool.wait_bad("LEVEL")
        wait_until(lambda: "is not trusted" in pool.health("UA").last_error, what="a refusal")
        assert pool.health("UA").state is LinkState.DOWN
        assert server.locks.attempts == 0


def test_a_list_of_endpoints_that_was_forged_on_its_way_is_found_out(
    server: OpcUaServer, identity: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(tmp_path, identity)
    whole = Client.connect_and_get_server_endpoints

    async def weakest(client: Client) -> list[ua.EndpointDescription]:
        return [each for each in await whole(client) if "Aes128" in each.SecurityPolicyUri]

    monkeypatch.setattr(Client, "connect_and_get_server_endpoints", weakest)
    with running(server.port, tmp_path) as pool:
        assert "the server offers other endpoints than before" in refusal(pool)


def test_a_connection_goes_on_when_a_date_goes_by_and_tells_of_it(
    server: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    clock = ManualClock(wall_us=SystemClock().wall_us())
    device = opcua_device("UA", server.port, security="", timeout_s=5.0)
    counters = Counters("UA", clock)
    security = Security(device, tmp_path, clock, counters)
    told: list[str] = []

    async def live() -> None:
        client = Client(f"opc.tcp://127.0.0.1:{server.port}", timeout=5)
        await security.connect(client)
        for days in (300, 40, 40):
            clock.advance(days * 86_400)
            assert security.problem() == ""
            told.append(counters.warning)
        await client.disconnect()

    asyncio.run(live())
    assert told[0] == ""
    assert "The certificate of UA expires on " in told[1]
    assert "The certificate of UA expired on " in told[2]
    assert "This connection goes on; the next one will be refused" in told[2]


def test_a_server_that_shows_a_certificate_without_having_its_key_gets_nowhere(
    server: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    keep_secret(tmp_path, "UA", SESAME)
    thief = Identity(identity.certificate, make(Wish(key_name="other")).key)
    server.relock(Locks(identity=thief, policies=ENCRYPTED, passwords={"op": SESAME}))
    with running(server.port, tmp_path, timeout_s=1.0, user="op") as pool:
        wait_until(lambda: pool.health("UA").timeouts > 0, what="no answer")
        assert pool.health("UA").state is LinkState.DOWN
        assert pool.sink.is_bad("LEVEL")
        assert server.locks.attempts == 0


def test_a_user_logs_in_with_a_password(guarded: OpcUaServer, identity: Identity, tmp_path: Path) -> None:
    trust(tmp_path, identity)
    keep_secret(tmp_path, "UA", SESAME)
    with running(guarded.port, tmp_path, user="op") as pool:
        pool.wait_good("LEVEL")


def test_a_wrong_password_is_told_and_not_tried_again_and_again(
    guarded: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    keep_secret(tmp_path, "UA", "wrong")
    before = guarded.locks.attempts
    with running(guarded.port, tmp_path, user="op") as pool:
        assert refusal(pool) == "UA refuses the user op or its password"
        pool.clock.sleep(1.0)  # five times the longest wait between attempts
        assert guarded.locks.attempts - before == 1


def test_a_user_without_a_password_and_nobody_at_all_are_told(
    guarded: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    with running(guarded.port, tmp_path, user="op") as pool:
        assert "main.py secret set UA" in refusal(pool)
    with running(guarded.port, tmp_path) as pool:
        assert "UA lets nobody in without a name" in refusal(pool)


def test_a_user_logs_in_with_a_certificate(
    guarded: OpcUaServer, identity: Identity, user: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    key = tmp_path / "certificates" / "user.pem"
    (tmp_path / "certificates" / "user.der").write_bytes(user.der)
    key.write_bytes(user.key_pem)
    os.chmod(key, 0o644)
    with running(guarded.port, tmp_path, user_certificate="user.der", user_key="user.pem") as pool:
        assert f"Others can read the key {key}" in refusal(pool)
        os.chmod(key, 0o600)
        pool.wait_good("LEVEL")


def test_a_users_certificate_that_the_server_does_not_know(
    guarded: OpcUaServer, identity: Identity, tmp_path: Path
) -> None:
    trust(tmp_path, identity)
    stranger = make(Wish(name="Stranger", key_name="other"))
    (tmp_path / "certificates" / "user.der").write_bytes(stranger.der)
    key = tmp_path / "certificates" / "user.pem"
    key.write_bytes(stranger.key_pem)
    os.chmod(key, 0o600)
    with running(guarded.port, tmp_path, user_certificate="user.der", user_key="user.pem") as pool:
        assert refusal(pool) == "UA refuses the user of user.der"
