"""`protea properties list`: what is built in, and what is not and why."""

from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.printing import print_json, print_table

__all__ = ["list_properties"]


def list_properties(
    absent: Annotated[bool, typer.Option("--absent", help="What is not built in, with the reason.")] = False,
    json: JsonOption = False,
) -> None:
    """List the built-in properties: level, kind, unit, direction, metric.

    Exit codes: 0 done.
    """
    from protea.applications.properties.labels.catalogue import BUILT_IN, absent_properties

    if absent:
        reasons = dict(absent_properties())
        if json:
            print_json(reasons)
        else:
            print_table(("property", "why not"), list(reasons.items()))
    elif json:
        print_json({name: item.model_dump(mode="json") for name, item in BUILT_IN.items()})
    else:
        rows = [
            (item.name, item.title, item.level, item.kind, item.unit, item.direction, item.metric)
            for item in BUILT_IN.values()
        ]
        print_table(("property", "title", "level", "kind", "unit", "direction", "metric"), rows)
