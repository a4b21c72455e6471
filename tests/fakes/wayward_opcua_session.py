"""An OPC UA session that answers what no honest server would. It stands for what the library hands to the driver."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from asyncua import ua


@dataclass(slots=True)
class WaywardOpcUaSession:
    """Answers each write and call with `results`, or raises them, and each read with `reads`; `sent` counts the former.

    It has the shape of `drivers.opcua.session.Session` as far as commands go.
    """

    results: Any
    reads: Sequence[Any] = ()
    sent: int = 0
    client: Any = field(init=False)

    def __post_init__(self) -> None:
        self.client = SimpleNamespace(get_node=lambda _node: self, uaclient=SimpleNamespace(session=self))

    async def read_data_type_as_variant_type(self) -> ua.VariantType:
        return ua.VariantType.Double

    async def read_attributes(self, _nodes: object, _attribute: object) -> Sequence[Any]:
        return self.reads

    async def write_attributes(self, _nodes: object, _values: object) -> Any:
        return self._answer()

    async def call(self, _calls: object) -> Any:
        return self._answer()

    def _answer(self) -> Any:
        self.sent += 1
        if isinstance(self.results, Exception):
            raise self.results
        return self.results


def double(value: float) -> list[ua.DataValue]:
    """Return the answer to a read of one node."""
    return [ua.DataValue(ua.Variant(value, ua.VariantType.Double))]
