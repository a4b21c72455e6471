"""Whether a chart on a display has values and a scale to draw them on. Pure functions, any thread."""

from collections.abc import Iterator, Mapping
from typing import Any

from plant_models.project.tag_rows import TagList

Mistake = tuple[tuple[str | int, ...], str, str]
"""The path inside the item, what is wrong, what would be right."""


def chart_mistakes(kind: str, tag: str, options: Mapping[str, Any], tags: TagList | None) -> Iterator[Mistake]:
    """Yield what is wrong with the tags of a chart; unknown ones are told elsewhere."""
    if kind != "chart":
        return
    if not tag:
        yield ("kind",), "a chart without a tag", "bind it to one"
    for place, name, scale in (
        (("tag",), tag, "scale"),
        (("options", "other_tag"), options.get("other_tag"), "other_scale"),
    ):
        if tags is None or scale in options or not isinstance(name, str) or name not in tags.index:
            continue
        found = tags.tags[tags.index[name]]
        if found.low is None or found.high is None or found.high <= found.low:
            yield place, f"the tag {name!r} has no range", f"give the chart the option {scale}: its lower and upper end"
