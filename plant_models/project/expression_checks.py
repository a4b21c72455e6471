"""Whether the expressions of calculated tags can be read, name tags that exist, and don't go in circles. Any thread."""

from plant_models.expression import parse_expression
from plant_models.project.cycles import find_cycles
from plant_models.project.finding import Finding, suggest
from plant_models.project.tag_rows import TagList


def check_expressions(tags: TagList, findings: list[Finding]) -> None:
    """Add a finding for each expression that can't be evaluated."""
    needs: dict[str, list[str]] = {}
    for position, tag in enumerate(tags.tags):
        if not tag.expression:
            continue
        try:
            inputs = parse_expression(tag.expression).inputs
        except ValueError as error:
            problem, _, remedy = str(error).partition("; ")
            findings.append(tags.finding(position, "expression", f"{tag.name}: {problem}", remedy or "correct it"))
            continue
        needs[tag.name] = [name for name in inputs if name in tags.index]
        for name in inputs:
            if not tags.knows(name):
                problem = f"{tag.name}: the expression names the unknown tag {name!r}"
                findings.append(tags.finding(position, "expression", problem, suggest(name, tags.index)))
            elif name in tags.index and tags.tags[tags.index[name]].is_text:
                problem = f"{tag.name}: the expression names {name}, which is a text"
                findings.append(tags.finding(position, "expression", problem, "use tags with numbers"))
    for cycle in find_cycles(needs):
        problem = f"calculated tags in a circle: {' -> '.join(cycle)}"
        findings.append(tags.finding(tags.index[cycle[0]], "expression", problem, "break the circle at one of them"))
