"""`displays/NAME.json`, with an optional `NAME.compact.json` for small windows. Any thread."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import Field

from plant_models.display import ITEM_KINDS, Display, Item, Layout
from plant_models.display_options import option_mistakes
from plant_models.project.chart_checks import chart_mistakes
from plant_models.project.cycles import find_cycles
from plant_models.project.finding import Finding, suggest
from plant_models.project.item_boxes import page_mistakes, place_mistakes
from plant_models.project.json_source import JsonSource, parse_json
from plant_models.project.schema import Form, Part, validate, validate_part
from plant_models.project.source import KeyPath, finding_in, read_text
from plant_models.project.tag_rows import TagList
from plant_models.project.upgrade import upgrade

FOLDER: Final = "displays"
COMPACT: Final = ".compact"


class ItemForm(Part):
    """One item: the fields of Item."""

    id: str = Field(min_length=1)
    kind: str
    box: tuple[float, float, float, float]
    tag: str = ""
    equipment: str = ""
    points: tuple[tuple[float, float], ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)


class DisplayForm(Form):
    """A display file."""

    title: str
    level: int = Field(ge=1, le=4)
    size: tuple[int, int]
    parent: str = ""
    area: str = ""
    items: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What displays may name; None where it can't be told."""

    tags: TagList | None
    equipment: Set[str] | None
    areas: Set[str] | None
    symbols: Set[str]


@dataclass(frozen=True, slots=True)
class _File:
    """A file; `items` are those without mistakes in their form, by their place in it."""

    source: JsonSource
    form: DisplayForm
    items: Mapping[int, ItemForm]


_Mistake = tuple[KeyPath, str, str]


def read_displays(folder: Path, known: Known, findings: list[Finding]) -> dict[str, Display]:
    """Return the displays by name, in order of their names."""
    files = dict(_read_files(folder / FOLDER, findings))
    names = {name for name in files if not name.endswith(COMPACT)}
    every = {path.stem for path in (folder / FOLDER).glob("*.json")}
    for name, file in files.items():
        source = file.source
        findings.extend(finding_in(source, *mistake) for mistake in _mistakes(file, known, every))
        full = name.removesuffix(COMPACT)
        if name.endswith(COMPACT) and full not in every:
            findings.append(finding_in(source, (), f"there is no display {full!r}", f"add {FOLDER}/{full}.json"))
    parents = {name: [files[name].form.parent] for name in names if files[name].form.parent}
    for cycle in find_cycles(parents):
        problem = f"parents in a circle: {' -> '.join(cycle)}"
        findings.append(finding_in(files[cycle[0]].source, ("parent",), problem, "give one of them another parent"))
    return {name: _display(name, files) for name in sorted(names)}


def _read_files(folder: Path, findings: list[Finding]) -> Iterator[tuple[str, _File]]:
    for path in sorted(folder.glob("*.json")):
        name = f"{FOLDER}/{path.name}"
        text = read_text(path, name, findings)
        source = None if text is None else parse_json(text, name, findings)
        if source and upgrade(source, findings):
            form = validate(DisplayForm, source, findings)
            if form:
                yield path.stem, _File(source, form, dict(_read_items(source, form, findings)))


def _read_items(source: JsonSource, form: DisplayForm, findings: list[Finding]) -> Iterator[tuple[int, ItemForm]]:
    for number, data in enumerate(form.items):
        item = validate_part(ItemForm, source, ("items", number), data, findings)
        if item:
            yield number, item


def _display(name: str, files: Mapping[str, _File]) -> Display:
    form = files[name].form
    compact = files.get(name + COMPACT)
    return Display(
        name=name,
        title=form.title,
        level=form.level,
        parent=form.parent,
        area=form.area,
        layout=_layout(files[name]),
        compact=_layout(compact) if compact else None,
    )


def _layout(file: _File) -> Layout:
    items = (Item(i.id, i.kind, i.box, i.tag, i.equipment, i.points, i.options) for i in file.items.values())
    return Layout(file.form.size, tuple(items))


def _mistakes(file: _File, known: Known, displays: Set[str]) -> Iterator[_Mistake]:
    form = file.form
    yield from page_mistakes(form.size)
    yield from _dangling(("parent",), "display", form.parent, displays)
    yield from _dangling(("area",), "area", form.area, known.areas)
    seen: set[str] = set()
    for number, item in file.items.items():
        path: KeyPath = ("items", number)
        if item.id in seen:
            yield (*path, "id"), f"duplicate item {item.id}", "give it an id of its own"
        seen.add(item.id)
        for inner, problem, remedy in place_mistakes(item.kind, item.box, item.points):
            yield (*path, *inner), problem, remedy
        if item.kind not in ITEM_KINDS:
            yield (*path, "kind"), f"unknown kind {item.kind!r}", suggest(item.kind, ITEM_KINDS)
        else:
            for inner, problem, remedy in option_mistakes(item.kind, item.options):
                yield (*path, "options", *inner), problem, remedy
        for inner, problem, remedy in chart_mistakes(item.kind, item.tag, item.options, known.tags):
            yield (*path, *inner), problem, remedy
        yield from _dangling_tag((*path, "tag"), item.tag, known)
        yield from _dangling((*path, "equipment"), "equipment", item.equipment, known.equipment)
        yield from _dangling_options((*path, "options"), item.options, known, displays)


def _dangling_options(
    path: KeyPath, options: Mapping[str, Any], known: Known, displays: Set[str]
) -> Iterator[_Mistake]:
    yield from _dangling((*path, "display"), "display", options.get("display"), displays)
    yield from _dangling((*path, "symbol"), "symbol", options.get("symbol"), known.symbols)
    for name in ("setpoint_tag", "limits_tag", "other_tag"):
        yield from _dangling_tag((*path, name), options.get(name), known)
    targets = options.get("target_tags")
    for number, name in enumerate(targets if isinstance(targets, list) else ()):
        yield from _dangling_tag((*path, "target_tags", number), name, known)


def _dangling_tag(path: KeyPath, name: object, known: Known) -> Iterator[_Mistake]:
    if known.tags and isinstance(name, str) and not known.tags.knows(name):
        yield from _dangling(path, "tag", name, known.tags.index.keys())


def _dangling(path: KeyPath, what: str, name: object, known: Set[str] | None) -> Iterator[_Mistake]:
    if known is not None and isinstance(name, str) and name and name not in known:
        yield path, f"unknown {what} {name!r}", suggest(name, known)
