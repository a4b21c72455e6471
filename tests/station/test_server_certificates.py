"""Whom the station trusts, decided at a window: recorded, carried out by the driver, and kept over a restart."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from drivers.certificate_facts import EXPIRED, Standing
from drivers.health import DeviceHealth, LinkState
from station.protocol import ActResult
from station.session import Session
from tests.fakes.audit_rows import audit_rows
from tests.fakes.certificate_maker import Identity, Wish, make, revocations, trust
from tests.fakes.opcua_server import ENCRYPTED, Locks, OpcUaServer
from tests.fakes.opcua_station import DEVICE, ENGINEER, OPERATOR, OpcUaStation, opcua_plant, running_opcua_station
from tests.fakes.waiting import wait_until

SUPERVISOR = Session(user="sam", roles=frozenset({"supervisor"}), seat="desk 3", is_logged_on=True)


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make()


@pytest.fixture
def server(opcua_server: OpcUaServer, identity: Identity) -> OpcUaServer:
    opcua_server.relock(Locks(identity=identity, policies=ENCRYPTED[:1]))
    return opcua_server


@pytest.fixture
def plant(server: OpcUaServer, tmp_path: Path) -> Path:
    return opcua_plant(tmp_path / "plant", server.port, settings="")


@pytest.fixture
def running(plant: Path, tmp_path: Path) -> Iterator[OpcUaStation]:
    with running_opcua_station(plant, tmp_path / "data") as running:
        yield running


def _health(running: OpcUaStation) -> DeviceHealth:
    return running.station.health.devices[0]


def _wait(running: OpcUaStation, state: LinkState) -> None:
    wait_until(lambda: _health(running).certificate and _health(running).state is state, what=state.value)


def _rows(data: Path) -> list[tuple[str, ...]]:
    keys = ("user", "tag", "reason", "state")
    return [tuple(row[key] for key in keys) for row in audit_rows(data, "certificate")]


def test_trust_brings_the_connection_up_and_its_end_ends_it(
    running: OpcUaStation, identity: Identity, plant: Path, tmp_path: Path
) -> None:
    _wait(running, LinkState.DOWN)
    shown = _health(running).certificate
    assert shown is not None
    facts = shown.facts
    assert (shown.standing, shown.problems, facts.der) == (Standing.UNKNOWN, (), identity.der)
    assert (facts.subject, facts.issuer, facts.is_self_signed) == ("CN=Test server", "CN=Test server", True)
    assert (facts.hosts, facts.application_uri) == (("127.0.0.1",), "urn:test:server")
    assert (len(facts.sha1), len(facts.sha256), facts.begins_us < facts.ends_us) == (40, 64, True)
    assert running.decide(True) == ActResult(True)
    _wait(running, LinkState.CONNECTED)
    trusted = _health(running).certificate
    assert trusted is not None
    assert trusted.standing is Standing.TRUSTED
    assert running.decide(False, session=SUPERVISOR) == ActResult(True)
    _wait(running, LinkState.DOWN)
    wait_until(lambda: "is not trusted" in _health(running).last_error, what="the words")
    assert running.decide(True) == ActResult(True)
    running.station.stop()
    first = ("eve", DEVICE, "seen at the panel")
    assert _rows(tmp_path / "data") == [
        (*first, "sent"), (*first, "verified"), ("sam", *first[1:], "sent"), ("sam", *first[1:], "verified"),
        (*first, "sent"), (*first, "verified"),
    ]  # fmt: skip
    with running_opcua_station(plant, tmp_path / "data") as again:
        _wait(again, LinkState.CONNECTED)


def test_who_may_not_decide_or_says_no_reason_is_refused(running: OpcUaStation, tmp_path: Path) -> None:
    _wait(running, LinkState.DOWN)
    for session, reason, words in (
        (OPERATOR, "why not", "Only a supervisor, an engineer or an administrator may"),
        (ENGINEER, " ", "It needs a reason"),
    ):
        result = running.decide(True, reason, session)
        assert not result.is_done
        assert words in result.message
    assert [row[-1] for row in _rows(tmp_path / "data")] == ["rejected", "rejected"]
    assert not list((tmp_path / "data" / "certificates" / "trusted").iterdir())


def test_a_certificate_that_was_exchanged_meanwhile_is_not_trusted(running: OpcUaStation, server: OpcUaServer) -> None:
    _wait(running, LinkState.DOWN)
    seen = _health(running).certificate
    other = make(Wish(name="Somebody else", key_name="other"))
    server.relock(Locks(identity=other, policies=ENCRYPTED[:1]))
    wait_until(lambda: _health(running).certificate != seen, what="the other certificate")
    assert seen is not None
    result = running.decide(True, sha256=seen.facts.sha256)
    assert result == ActResult(False, f"{DEVICE} shows another certificate now; look at it again")


def test_nothing_is_trusted_that_cannot_be_recorded(running: OpcUaStation, tmp_path: Path) -> None:
    _wait(running, LinkState.DOWN)
    engine = running.station._parts.audit._engine
    assert engine is not None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    result = running.decide(True)
    assert not result.is_done
    assert "It can't be recorded" in result.message
    assert not list((tmp_path / "data" / "certificates" / "trusted").iterdir())


def test_what_else_is_wrong_and_when_it_ends_is_told_too(
    running: OpcUaStation, server: OpcUaServer, tmp_path: Path
) -> None:
    old = make(Wish(name="Old", hosts=("plc7.example",), begins_in_days=-30, ends_in_days=-2))
    server.relock(Locks(identity=old, policies=ENCRYPTED[:1]))

    def is_shown() -> bool:
        shown = _health(running).certificate
        return shown is not None and shown.facts.name == "Old"

    wait_until(is_shown, what="the old certificate")
    shown = _health(running).certificate
    assert shown is not None
    assert [words.split(" of ")[0] for words in shown.problems] == ["The certificate", "The certificate"]
    assert "expired on" in shown.problems[0]
    assert shown.facts.days_left(running.station._clock.wall_us()) == EXPIRED
    day_us = 86_400_000_000
    left = [shown.facts.days_left(shown.facts.ends_us - round(days * day_us)) for days in (31, 29, 6, 0.5)]
    assert left == [None, 30, 7, 1]


def test_what_is_trusted_for_its_issuer_is_revoked_by_the_issuer(
    running: OpcUaStation, server: OpcUaServer, tmp_path: Path
) -> None:
    authority = make(Wish(name="Works CA", key_name="root", is_authority=True))
    issued = make(Wish(name="PLC 7", issuer=authority))
    server.relock(Locks(identity=issued, policies=ENCRYPTED[:1]))
    trust(tmp_path / "data", authority)
    _wait(running, LinkState.CONNECTED)
    shown = _health(running).certificate
    assert shown is not None
    assert (shown.standing, shown.authority) == (Standing.BY_AUTHORITY, "Works CA")
    assert "It is trusted because Works CA issued it" in running.decide(False).message
    folder = tmp_path / "data" / "certificates" / "trusted"
    (folder / "works.crl").write_bytes(revocations(authority, issued))
    _wait(running, LinkState.DOWN)


def test_the_stations_own_certificate_is_made_and_told_with_its_file(running: OpcUaStation, tmp_path: Path) -> None:
    own = asyncio.run(running.station.own_certificate())
    assert own.facts is not None
    assert own.path == str(tmp_path / "data" / "certificates" / "own.der")
    assert Path(own.path).read_bytes() == own.facts.der
    Path(own.path).write_bytes(b"nonsense")
    spoilt = asyncio.run(running.station.own_certificate())
    assert spoilt.facts is None
    assert "can't be read" in spoilt.problem
    running.station.stop()
    assert asyncio.run(running.station.own_certificate()).problem == "The station is not running"
    assert running.decide(True) == ActResult(False, "The station is not running")
