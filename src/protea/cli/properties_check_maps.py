"""`protea properties check-maps`: whether attributions of a predictor can be believed."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.printing import print_json, print_table, say

__all__ = ["check_maps"]


def check_maps(
    name: Annotated[str, typer.Argument(help="A property of the predictor.")],
    file: Annotated[Path, typer.Argument(help="FASTA, PDB, mmCIF or BinaryCIF (.gz, .zst): the proteins.")],
    predictor: Annotated[
        Path | None,
        typer.Option("--predictor", help="Folder `predictor` that `protea properties fit` left; else the shipped one."),
    ] = None,
    proteins: Annotated[int, typer.Option("--proteins", min=3, help="Most proteins, from the first on.")] = 10,
    tolerance: Annotated[float, typer.Option(min=1e-9, help="Largest error of a map, as part of the change.")] = 0.05,
    max_steps: Annotated[int, typer.Option(min=16, help="Most gradients along the path.")] = 4096,
    seed: Annotated[int, typer.Option(min=0, help="Seed of weights and of random orders.")] = 0,
    json: JsonOption = False,
) -> None:
    """Hold the maps of `protea predict --attribution` against re-drawn weights and against deletion.

    Re-drawn: the rank correlation of the sizes of a map with those of the model whose layers, from the heads down, were
    drawn anew; a map that shows the model falls towards 0. Gains: how much sooner the answer falls (deletion) or comes
    back (insertion) in the order of the map than in random orders, as area; above 0 the map says what the model uses.
    Means over proteins with 95 % intervals.

    Exit codes: 0 done; 2 no such predictor, property or file, too few proteins, or maps that do not add up.
    """
    from itertools import islice

    from protea.applications.properties.fitted.predictor import PropertyPredictor
    from protea.predict.chains import proteins_of
    from protea.predict.map_checks import check_maps as checked
    from protea.predict.reading_remarks import reading_remarks
    from protea.predict.shipped import predictor_folder

    loaded = PropertyPredictor.load(predictor_folder(predictor))
    asked = list(islice(proteins_of(file), proteins))
    for protein in asked:
        for remark in reading_remarks(protein):
            say(f"{protein.id}: {remark}")
    sequences = [protein.sequence for protein in asked]
    found = checked(loaded, name, sequences, seed=seed, tolerance=tolerance, max_steps=max_steps)
    if json:
        print_json([{key: None if value != value else value for key, value in row.items()} for row in found.rows()])
        return
    rows = [
        (row["check"], f"{row['mean']:.3f}", f"{row['low']:.3f} to {row['high']:.3f}", str(row["proteins"]))
        for row in found.rows()
    ]
    print_table(("check", "mean", "95 %", "proteins"), rows, numbers=frozenset({"mean", "proteins"}))
