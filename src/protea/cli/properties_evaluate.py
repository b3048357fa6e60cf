"""`protea properties evaluate`: a fitted predictor on a labelled file."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.printing import print_json, print_table

__all__ = ["evaluate"]


def evaluate(
    name: Annotated[str, typer.Argument(help="A property of the predictor.")],
    file: Annotated[
        Path, typer.Argument(help="CSV or Parquet: sequence (or structure, chain), target; of variants also mutation.")
    ],
    predictor: Annotated[
        Path | None,
        typer.Option("--predictor", help="Folder of `fit-change`, or `predictor` of `fit`; else the shipped one."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Score the shipped predictor, or one of your own, on any labelled file, beside the trivial answer.

    Of variants, the sequence is the wild type's, `mutation` is A24V or A24V:K30E, numbered from 1 in it, and both
    directions are judged. The target is in the unit and sign that `protea properties list` states.

    Exit codes: 0 done; 2 a file or a property that is not there, or a cell that is no label.
    """
    from protea.applications.properties.changes.change_predictor import ChangePredictor, holds_change_predictor
    from protea.applications.properties.changes.labelled_changes import evaluate_changes
    from protea.applications.properties.fitted.doubt import Doubt, holds_doubt
    from protea.applications.properties.fitted.labelled_file import evaluate_file
    from protea.applications.properties.fitted.predictor import PropertyPredictor
    from protea.predict.shipped import predictor_of

    folder = predictor_of(name, predictor)
    if holds_change_predictor(folder):
        found = evaluate_changes(ChangePredictor.load(folder), name, file)
    else:
        loaded, doubt = PropertyPredictor.load(folder), Doubt.load(folder) if holds_doubt(folder) else None
        found = evaluate_file(loaded, name, file, None if doubt is None else doubt.properties.get(name))
    if json:
        print_json(found)
        return
    facts: tuple[str, ...] = ("unit", "direction", "num_examples", "num_labels", "left_out", "num_sequences_trained_on")
    facts += ("interval_level", "interval_coverage") if "interval_level" in found else ()
    typer.echo("\n".join(f"{fact}: {found[fact]}" for fact in facts))
    rows = [(metric, str(value), str(found["trivial"][metric])) for metric, value in found["metrics"].items()]
    print_table(("metric", "predictor", "trivial"), rows)
