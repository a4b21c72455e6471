"""A small plant folder in a temporary place, for a test to spoil in one way."""

from pathlib import Path

from plant_models.plant import Plant
from plant_models.project import check_plant, load_plant
from plant_models.project.document import TABLES

PLANT = """\
format = 1

[plant]
name = "Test works"
time_zone = "Europe/London"

[scan]
fast = 0.5
normal = 1.0
slow = 5.0

[[area]]
name = "A1"
title = "Area 1"
"""

DEVICES = """\
format = 1

[[device]]
name = "PLC"
protocol = "modbus"
host = "127.0.0.1"
port = 502

[[device]]
name = "UA"
protocol = "opcua"
host = "127.0.0.1"
port = 4840
"""

GADGET = """\
format = 1
name = "gadget"
title = "Gadget"
symbol = "tank"
level = "LEVEL"

[[member]]
name = "RUN"
title = "Running"
type = "bool"
offset = 0
bit = 0
states = ["Stopped", "Running"]

[[member]]
name = "LEVEL"
title = "Level"
unit = "m"
low = 0
high = 10
offset = 1

[[member]]
name = "CMD"
title = "Command"
type = "u16"
offset = 3
writable = true

[[member]]
name = "TEMP"
title = "Temperature"
unit = "°C"
optional = true

[[member]]
name = "DOUBLE"
title = "Twice the level"
unit = "m"
expression = "2 * {LEVEL}"

[[command]]
name = "start"
title = "Start"
member = "CMD"
value = 1
requires = [{ expression = "{RUN} == 0", reason = "It runs already" }]

[[state]]
expression = "{RUN} == 1"
word = "Running"
look = "running"

[[alarm]]
member = "LEVEL"
kind = "H"
limit = 8
deadband = 0.1
text = "Level high"

[faceplate]
commands = ["start"]
indicators = ["LEVEL"]

[checks]
columns = ["area"]
"""


class PlantFolder:
    """The files of a plant without tags; `add` appends a row to a table."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("plant.toml", PLANT)
        self.write("devices.toml", DEVICES)
        self.write("equipment/gadget.toml", GADGET)
        for name, (columns, _) in TABLES.items():
            self.write(name, ",".join(columns) + "\n")

    def write(self, name: str, content: str | bytes) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, name: str) -> str:
        return (self.path / name).read_bytes().decode()

    def append(self, name: str, content: str) -> None:
        self.write(name, self.read(name) + content)

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def add(self, table: str, **cells: str) -> None:
        columns = TABLES[table][0]
        assert set(cells) <= set(columns)
        self.write(table, self.read(table) + ",".join(cells.get(column, "") for column in columns) + "\n")

    def tag(self, name: str, **cells: str) -> None:
        self.add("tags.csv", name=name, **cells)

    def register(self, name: str, address: str, type: str = "u16", **cells: str) -> None:  # noqa: A002
        """Add a tag of the Modbus device."""
        self.tag(name, type=type, device="PLC", address=address, **cells)

    def check(self) -> list[str]:
        """Return the mistakes."""
        return [str(finding) for finding in check_plant(self.path) if not finding.is_advice]

    def advice(self) -> list[str]:
        """Return what is no mistake, but had better be otherwise."""
        return [str(finding) for finding in check_plant(self.path) if finding.is_advice]

    def load(self) -> Plant:
        return load_plant(self.path)
