"""A control room in front of an OPC UA server: what the server shows of itself and what it has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from drivers.address_space import ROOT, SpaceLevel, SpaceNode
from drivers.certificate_facts import CertificateFacts, ServerCertificate
from drivers.health import DeviceHealth, LinkState
from plant_models.message import message
from plant_models.plant import Plant
from plant_models.tag import DataType
from station.session import Session
from tests.fakes.desk import Desk, demo_plant, open_desk

SERVER = "WTW_UA"
ENGINEER = Session(user="eve", roles=frozenset({"operator", "engineer"}), seat="desk-2", is_logged_on=False)
DAY_US = 86_400_000_000


@cache
def encrypted_plant() -> Plant:
    """Return the demo plant with a server that is reached with encryption only."""
    plant = demo_plant()
    server = replace(plant.devices[SERVER], security="", insecure_ok=False)
    return replace(plant, devices={**plant.devices, SERVER: server})


@contextmanager
def open_opcua_desk(session: Session = ENGINEER, **settings: Any) -> Iterator[Desk]:
    """Give a desk with the server's page open."""
    with open_desk(plant=encrypted_plant(), session=session, **settings) as desk:
        desk.station.space = dict(SPACE)
        desk.window.open_device(SERVER)
        desk.tick()
        yield desk


def facts(desk: Desk, ends_in_days: float = 365.0) -> CertificateFacts:
    """Return what stands in a certificate that ends so many days from now."""
    now_us = desk.station.clock.wall_us()
    return CertificateFacts(
        name="PLC 7", subject="CN=PLC 7", issuer="CN=Works CA", begins_us=now_us - 400 * DAY_US,
        ends_us=now_us + round(ends_in_days * DAY_US), sha1="AB12" * 10, sha256="CD34" * 16, hosts=("plc7", "10.1.2.3"),
        application_uri="urn:plc7", is_self_signed=False, der=b"the certificate",
    )  # fmt: skip


def put_certificate(desk: Desk, shown: ServerCertificate | None, state: LinkState = LinkState.DOWN) -> None:
    """Let the server show a certificate."""
    health = DeviceHealth(device=SERVER, state=state, since_us=desk.station.clock.wall_us(), certificate=shown)
    devices = tuple(health if each.device == SERVER else each for each in desk.station.health.devices)
    desk.station.health = replace(desk.station.health, devices=devices)
    desk.tick(2)


def folder(name: str) -> SpaceNode:
    return SpaceNode(address=f"ns=2;s={name}", name=name)


def variable(name: str, kind: DataType | None = DataType.F64, **more: Any) -> SpaceNode:
    return SpaceNode(address=f"ns=2;s={name}", name=name, is_variable=True, is_open=False, type=kind, **more)


SPACE = {
    ROOT: SpaceLevel((folder("Works"), variable("Mode", DataType.U16, value="3"))),
    "ns=2;s=Works": SpaceLevel((folder("Inlet"), folder("Filters"))),
    "ns=2;s=Inlet": SpaceLevel(
        (
            variable("Flow", value="412.6", unit="m³/h", low=0.0, high=600.0, description="Raw water"),
            variable("Curve", None, problem=message("It is an array")),
        )
    ),
    "ns=2;s=Filters": SpaceLevel((variable("DP 1", unit="bar"), variable("DP/1"), folder("Works"))),
}
"""A small server; the last folder leads back to the first."""
