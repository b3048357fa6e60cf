"""`protea properties fit-change`: a predictor of what mutations change, antisymmetric by construction."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import CacheOption, JsonOption, cache_folder
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json

__all__ = ["FunctionChoice", "fit_change"]


class FunctionChoice(StrEnum):
    """What the function of a sequence sees of a residue."""

    substitution = "substitution"
    linear = "linear"
    smooth = "smooth"


def fit_change(
    name: Annotated[str, typer.Argument(help="A property of variants by name, or a YAML of one.")],
    data: Annotated[Path, typer.Option("--data", help="Folder below which the tables lie.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the predictor.")],
    function: Annotated[
        FunctionChoice, typer.Option("--function", help="Letters alone, with their surroundings, or these and smooth.")
    ] = FunctionChoice.smooth,
    level: Annotated[float, typer.Option("--level", help="Nominal coverage of the interval.")] = 0.9,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the split.")] = 0,
    cache: CacheOption = None,
    json: JsonOption = False,
) -> None:
    """Fit G(B) - G(A) to measured changes; a fifth, whole families, judges it and calibrates its interval.

    `protea properties evaluate NAME FILE --predictor OUT` scores it on any file with sequence, mutation and target.

    Exit codes: 0 done; 2 a table that cannot be read, or a property that is no change of variants.
    """
    from protea.applications.properties.changes.change_function import (
        AnyChangeFunction,
        LinearChange,
        SmoothChange,
        SubstitutionChange,
    )
    from protea.applications.properties.changes.change_predictor import fit_change_predictor
    from protea.applications.properties.labels.catalogue import property_named

    require_folder("--out", out)
    functions: dict[str, AnyChangeFunction] = {
        "substitution": SubstitutionChange(), "linear": LinearChange(), "smooth": SmoothChange(),
    }  # fmt: skip
    predictor = fit_change_predictor(
        property_named(name), functions[function.value], data, cache_folder(cache), seed, level
    )
    predictor.save(out)
    file = predictor.file
    if json:
        print_json(file.model_dump(mode="json", exclude={"property", "trained_on"}))
        return
    typer.echo(
        f"{out}: {len(file.trained_on)} wild types learned from, {file.num_held_out} variants of others held out"
    )
    for metric, value in file.held_out.items():
        typer.echo(f"{metric}: {'-' if value is None else f'{value:.3f}'}")
