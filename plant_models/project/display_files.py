"""`displays/NAME.json`, with an optional `NAME.compact.json` for small windows. Any thread."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from plant_models.display import ITEM_KINDS, Display, Item, Layout
from plant_models.display_options import option_mistakes
from plant_models.project.cycles import find_cycles
from plant_models.project.finding import Finding, suggest
from plant_models.project.json_source import JsonSource, parse_json
from plant_models.project.schema import Form, validate
from plant_models.project.source import KeyPath, finding_in, read_text
from plant_models.project.upgrade import upgrade

FOLDER: Final = "displays"
COMPACT: Final = ".compact"


class ItemForm(BaseModel):
    """One item: the fields of Item."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)

    id: str = Field(min_length=1)
    kind: str
    box: tuple[float, float, float, float]
    tag: str = ""
    equipment: str = ""
    points: tuple[tuple[float, float], ...] = ()
    options: dict[str, Any] = {}


class DisplayForm(Form):
    """A display file."""

    title: str
    level: int = Field(ge=1, le=4)
    size: tuple[int, int]
    parent: str = ""
    area: str = ""
    items: tuple[ItemForm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What displays may name; None where it can't be told."""

    tags: Set[str] | None
    equipment: Set[str] | None
    areas: Set[str] | None
    symbols: Set[str]


_File = tuple[JsonSource, DisplayForm]
_Mistake = tuple[KeyPath, str, str]


def read_displays(folder: Path, known: Known, findings: list[Finding]) -> dict[str, Display]:
    """Return the displays by name, in order of their names."""
    files = dict(_read_files(folder / FOLDER, findings))
    names = {name for name in files if not name.endswith(COMPACT)}
    every = {path.stem for path in (folder / FOLDER).glob("*.json")}
    for name, (source, form) in files.items():
        findings.extend(finding_in(source, *mistake) for mistake in _mistakes(form, known, every))
        full = name.removesuffix(COMPACT)
        if name.endswith(COMPACT) and full not in every:
            findings.append(finding_in(source, (), f"there is no display {full!r}", f"add {FOLDER}/{full}.json"))
    parents = {name: [files[name][1].parent] for name in names if files[name][1].parent}
    for cycle in find_cycles(parents):
        problem = f"parents in a circle: {' -> '.join(cycle)}"
        findings.append(finding_in(files[cycle[0]][0], ("parent",), problem, "give one of them another parent"))
    return {name: _display(name, files) for name in sorted(names)}


def _read_files(folder: Path, findings: list[Finding]) -> Iterator[tuple[str, _File]]:
    for path in sorted(folder.glob("*.json")):
        name = f"{FOLDER}/{path.name}"
        text = read_text(path, name, findings)
        source = None if text is None else parse_json(text, name, findings)
        if source and upgrade(source, findings):
            form = validate(DisplayForm, source, findings)
            if form:
                yield path.stem, (source, form)


def _display(name: str, files: Mapping[str, _File]) -> Display:
    form = files[name][1]
    compact = files.get(name + COMPACT)
    return Display(
        name=name,
        title=form.title,
        level=form.level,
        parent=form.parent,
        area=form.area,
        layout=_layout(form),
        compact=_layout(compact[1]) if compact else None,
    )


def _layout(form: DisplayForm) -> Layout:
    items = (Item(i.id, i.kind, i.box, i.tag, i.equipment, i.points, i.options) for i in form.items)
    return Layout(form.size, tuple(items))


def _mistakes(form: DisplayForm, known: Known, displays: Set[str]) -> Iterator[_Mistake]:
    if min(form.size) <= 0:
        yield ("size",), f"a page of {form.size[0]} x {form.size[1]}", "use a width and height above 0"
    yield from _dangling(("parent",), "display", form.parent, displays)
    yield from _dangling(("area",), "area", form.area, known.areas)
    seen: set[str] = set()
    for number, item in enumerate(form.items):
        path: KeyPath = ("items", number)
        if item.id in seen:
            yield (*path, "id"), f"duplicate item {item.id}", "give it an id of its own"
        seen.add(item.id)
        if item.kind not in ITEM_KINDS:
            yield (*path, "kind"), f"unknown kind {item.kind!r}", suggest(item.kind, ITEM_KINDS)
        else:
            for inner, problem, remedy in option_mistakes(item.kind, item.options):
                yield (*path, "options", *inner), problem, remedy
        yield from _dangling((*path, "tag"), "tag", item.tag, known.tags)
        yield from _dangling((*path, "equipment"), "equipment", item.equipment, known.equipment)
        yield from _dangling_options((*path, "options"), item.options, known, displays)


def _dangling_options(
    path: KeyPath, options: Mapping[str, Any], known: Known, displays: Set[str]
) -> Iterator[_Mistake]:
    yield from _dangling((*path, "display"), "display", options.get("display"), displays)
    yield from _dangling((*path, "symbol"), "symbol", options.get("symbol"), known.symbols)
    yield from _dangling((*path, "setpoint_tag"), "tag", options.get("setpoint_tag"), known.tags)
    targets = options.get("target_tags")
    for number, name in enumerate(targets if isinstance(targets, list) else ()):
        yield from _dangling((*path, "target_tags", number), "tag", name, known.tags)


def _dangling(path: KeyPath, what: str, name: object, known: Set[str] | None) -> Iterator[_Mistake]:
    if known is not None and isinstance(name, str) and name and name not in known:
        yield path, f"unknown {what} {name!r}", suggest(name, known)
