"""From the variables of a server to rows of tags.csv: which could become tags, under which names. Pure, any thread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from drivers.opcua.browse import FoundVariable
from plant_models.plant import Plant
from plant_models.project.new_tags import NewTag, tag_name


@dataclass(frozen=True, slots=True)
class Offer:
    """A variable under the name that its tag has or would have; `cells` make the row, none if it can't be made.

    `words` say why not, or that there is such a tag already.
    """

    name: str
    node: str
    cells: Mapping[str, str]
    words: str = ""

    @property
    def is_new(self) -> bool:
        return bool(self.cells)

    def __str__(self) -> str:
        what = self.words or " ".join(filter(None, (self.cells["type"], self.cells["unit"])))
        return f"{self.name}  {self.node}  {what}"


def offers(plant: Plant, device: str, found: Iterable[FoundVariable], match: str = "*") -> list[Offer]:
    """Return an offer for each variable whose name fits `match` (a pattern with * and ?), in their order.

    A tag is never writable by this: what may be commanded is for an engineer to say.
    """
    present = {tag.address: tag.name for tag in plant.tags if tag.device == device}
    taken = {tag.name for tag in plant.tags}
    made: list[Offer] = []
    for variable in found:
        name = present.get(variable.node) or tag_name(variable.path, taken)
        if not fnmatchcase(name, match):
            continue
        if variable.node in present:
            made.append(Offer(name, variable.node, {}, "is a tag already"))
        elif variable.type is None or variable.problem:
            made.append(Offer(name, variable.node, {}, variable.problem))
        else:
            taken.add(name)
            made.append(Offer(name, variable.node, _cells(name, device, variable)))
    return made


def new_rows(offered: Sequence[Offer]) -> list[Mapping[str, str]]:
    """Return the rows of those that can become tags."""
    return [offer.cells for offer in offered if offer.is_new]


def _cells(name: str, device: str, variable: FoundVariable) -> dict[str, str]:
    assert variable.type is not None
    made = NewTag(
        name=name,
        device=device,
        address=variable.node,
        type=variable.type,
        description=variable.description,
        unit=variable.unit,
        low=variable.low,
        high=variable.high,
    )
    return made.cells()
