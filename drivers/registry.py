"""Which driver speaks a protocol. A driver and its library are imported when the first device needs them.

Other packages bring drivers by an entry point of the group `clearwell.drivers`, whose name is the protocol. Any thread.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final, cast

from drivers.connection import Driver
from plant_models.protocols import BUILT_IN, GROUP

_MODULES: Final[Mapping[str, str]] = {name: f"drivers.{name}.driver" for name in BUILT_IN}


def driver_of(protocol: str) -> Driver:
    """Return the driver of a protocol.

    Raises:
        LookupError: there is none.
    """
    if protocol in _MODULES:
        return cast(Driver, import_module(_MODULES[protocol]).DRIVER)
    for entry in entry_points(group=GROUP, name=protocol):
        return cast(Driver, entry.load())
    raise LookupError(protocol)
