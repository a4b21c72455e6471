"""A real station of one OPC UA server, with a plant folder of its own on the disk."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plant_models.clock import SystemClock
from plant_models.project.load import load_plant
from plant_models.project.starter import init_plant
from station.local import LocalStation
from station.protocol import ActResult, Browsed, CertificateDecision, NewTags
from station.session import Session

ENGINEER = Session(user="eve", roles=frozenset({"engineer"}), seat="desk 2", is_logged_on=True)
OPERATOR = Session(user="ada", roles=frozenset({"operator"}), seat="desk 1", is_logged_on=True)
DEVICE = "WORKS"


def opcua_plant(folder: Path, port: int, settings: str = 'security = "None"\ninsecure_ok = true\n') -> Path:
    """Make a plant folder with one OPC UA server and no tags."""
    init_plant(folder)
    (folder / "devices.toml").write_text(
        f'format = 1\n\n[[device]]\nname = "{DEVICE}"\nprotocol = "opcua"\nhost = "127.0.0.1"\nport = {port}\n'
        f"timeout_s = 5\nback_off_s = 0.2\n{settings}"
    )
    for name in ("tags.csv", "equipment.csv", "alarms.csv"):
        text = (folder / name).read_text().splitlines(keepends=True)
        header = next(at for at, line in enumerate(text) if not line.startswith("#") and line.strip())
        (folder / name).write_text("".join(text[: header + 1]))
    for display in (folder / "displays").glob("*.json"):
        display.unlink()
    lines = (folder / "plant.toml").read_text().splitlines(keepends=True)
    (folder / "plant.toml").write_text("".join(line for line in lines if not line.startswith("home")))
    return folder


class OpcUaStation:
    """What tests ask of it, from outside its loop."""

    def __init__(self, station: LocalStation) -> None:
        self.station = station

    def browse(self, *addresses: str, session: Session = ENGINEER) -> Browsed:
        return asyncio.run(self.station.browse(DEVICE, addresses, session))

    def add(self, wanted: NewTags, session: Session = ENGINEER) -> ActResult:
        return asyncio.run(self.station.add_tags(wanted, session))

    def decide(
        self, is_trusted: bool, reason: str = "seen at the panel", session: Session = ENGINEER, sha256: str = ""
    ) -> ActResult:
        """Decide about a certificate, the one that is shown now if its thumbprint is left out."""
        shown = self.station.health.devices[0].certificate
        sha256 = sha256 or (shown.facts.sha256 if shown else "")
        decision = CertificateDecision(device=DEVICE, sha256=sha256, is_trusted=is_trusted, reason=reason)
        return asyncio.run(self.station.decide_certificate(decision, session))


@contextmanager
def running_opcua_station(plant: Path, data: Path) -> Iterator[OpcUaStation]:
    """Run the station of a plant folder."""
    station = LocalStation(load_plant(plant), data, SystemClock())
    station.start()
    try:
        yield OpcUaStation(station)
    finally:
        station.stop()
