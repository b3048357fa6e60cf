"""`protea properties evaluate`: a fitted predictor on a labelled file."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.printing import print_json, print_table

__all__ = ["evaluate"]


def evaluate(
    name: Annotated[str, typer.Argument(help="A property of the predictor.")],
    file: Annotated[Path, typer.Argument(help="CSV or Parquet file with the columns `sequence` and `target`.")],
    predictor: Annotated[
        Path | None,
        typer.Option("--predictor", help="Folder `predictor` that `protea properties fit` left; else the shipped one."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Score the shipped predictor, or one of your own, on any labelled file, beside the trivial answer.

    The target is in the unit and sign that `protea properties list` states. Exit codes: 0 done; 2 a file or a property
    that is not there, or a cell that is no label.
    """
    from protea.applications.properties.labelled_file import evaluate_file
    from protea.applications.properties.predictor import PropertyPredictor
    from protea.predict.shipped import predictor_folder

    found = evaluate_file(PropertyPredictor.load(predictor_folder(predictor)), name, file)
    if json:
        print_json(found)
        return
    facts = ("unit", "direction", "num_examples", "num_labels", "left_out", "num_sequences_trained_on")
    typer.echo("\n".join(f"{fact}: {found[fact]}" for fact in facts))
    rows = [(metric, str(value), str(found["trivial"][metric])) for metric, value in found["metrics"].items()]
    print_table(("metric", "predictor", "trivial"), rows)
