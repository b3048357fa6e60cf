"""What others reached on a property, as lines of a Markdown table."""

from collections.abc import Iterable

from protea.applications.properties.labels.property import Property

__all__ = ["published_table"]


def published_table(properties: Iterable[Property]) -> list[str]:
    """Return the table; a figure of another training or test part says so."""
    lines = ["| property | method | metric | figure | on | source |", "|---|---|---|--:|---|---|"]
    for item in properties:
        for one in item.published:
            on = one.test if one.is_same_test else f"{one.test} (another split)"
            lines.append(f"| {item.name} | {one.method} | {one.metric} | {one.value:g} | {on} | {one.source} |")
    return lines
