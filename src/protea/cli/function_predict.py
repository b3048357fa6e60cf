"""`protea function predict`: closed scores of terms for sequences."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, print_table, say
from protea.cli.refusals import end_if_refused, tell_refused

__all__ = ["EntailmentChoice", "predict"]


class EntailmentChoice(StrEnum):
    """How the degrees of several models become one."""

    mean = "mean"
    min = "min"
    max = "max"


def predict(
    sequences: Annotated[Path, typer.Argument(help="FASTA file (plain, .gz, .zst), or a structure.")],
    run: Annotated[Path, typer.Option("--run", help="Folder that `protea function compare --run` wrote.")],
    out: Annotated[Path | None, typer.Option("--out", help="Table to write: .csv, or .npz with every score.")] = None,
    how: Annotated[
        EntailmentChoice, typer.Option("--how", help="Over the models: mean; min: true in all; max: true in some.")
    ] = EntailmentChoice.mean,
    min_score: Annotated[float, typer.Option("--min-score", min=0, max=1, help="Least score of a printed line.")] = 0.1,
    json: JsonOption = False,
) -> None:
    """Predict the terms of sequences; no term scores above one of its ancestors.

    A record that cannot be read, and a protein whose name came before, costs no other an answer: it is named on stderr.

    Exit codes: 0 done; 1 done, but some proteins were refused; 2 no such run, or no protein that can be read.
    """
    from protea.applications.function.function_run import load_function_run
    from protea.applications.function.prediction_files import (
        PredictedTerms,
        predicted_rows,
        require_predictions_name,
        write_predictions,
    )
    from protea.applications.function.sequence_columns import has_columns
    from protea.datasets.stored_embeddings import Refusal
    from protea.errors import InputError, describe
    from protea.predict.asked_proteins import AskedProteins

    if out is not None:
        require_predictions_name(out)  # before the work, not after
        require_apart({"--out": out}, [sequences])
    loaded = load_function_run(run)
    asked = AskedProteins([sequences])
    read = list(asked())
    proteins = [protein for protein in read if has_columns(protein.sequence)]
    reason = "none of the twenty letters is in the sequence"
    refused = (*asked.refused, *(Refusal(one.id, reason) for one in read if not has_columns(one.sequence)))
    if not proteins:
        raise InputError(describe("no protein to predict", where=str(sequences), found=refused[0].reason))
    score = loaded.predict([protein.sequence for protein in proteins], how.value)
    predicted = PredictedTerms(tuple(protein.id for protein in proteins), loaded.classes.hierarchy.names, score)
    if out is not None:
        write_predictions(out, predicted, loaded.classes.name_of, min_score)
        say(f"wrote {out}")
    rows = list(predicted_rows(predicted, loaded.classes.name_of, min_score))
    if json:
        print_json(rows)
    elif out is None:
        heads = ("protein", "term", "name", "score")
        table = [[str(row["protein"]), str(row["term"]), str(row["name"]), f"{row['score']:.3f}"] for row in rows]
        print_table(heads, table, numbers=frozenset({"score"}))
    tell_refused(refused)
    end_if_refused(refused)
