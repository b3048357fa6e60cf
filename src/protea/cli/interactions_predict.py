"""`protea interactions predict`: pairs of proteins that nobody has seen."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import EmbeddingsOption, JsonOption, ThreadsOption
from protea.cli.output_paths import require_apart, require_folder
from protea.cli.printing import print_json, say

__all__ = ["predict_pairs"]


def predict_pairs(
    model: Annotated[Path, typer.Argument(help="Folder of `protea interactions fit`.")],
    proteins: Annotated[Path, typer.Argument(help="FASTA file of the proteins.")],
    pairs: Annotated[
        Path | None,
        typer.Option(
            "--pairs", help="CSV with a pair of ids per line, with or without heads; else the first two of the file."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="CSV file to write. Not given: CSV to stdout.")] = None,
    map_: Annotated[
        Path | None,
        typer.Option("--map", help="Folder for the map of residue pairs (CSV, SVG) of each pair; bilinear attention."),
    ] = None,
    embeddings: EmbeddingsOption = None,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Predict whether pairs of proteins interact, or how, from their sequences.

    Exit codes: 0 done; 2 a file, id or model that cannot be used.
    """
    from protea.applications.interactions.pair_predictor import load_predictor
    from protea.applications.interactions.pair_tables import predictions_csv
    from protea.applications.interactions.predicting import predict_table, write_maps
    from protea.training.loop import arithmetic

    require_apart({"--out": out}, [proteins, pairs])
    require_folder("--map", map_, [model, embeddings])
    predictor = load_predictor(model)
    with arithmetic(threads):
        found = predict_table(predictor, proteins, pairs, embeddings)
        files = [] if map_ is None else write_maps(predictor, found, map_)
    table = predictions_csv(found.ids, found.pairs, predictor.outputs, found.probability, predictor.threshold)
    for path in files:
        say(f"wrote {path}")
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(table, encoding="utf-8")
        say(f"wrote {out}")
    if json:
        names = [[found.ids[row] for row in pair] for pair in found.pairs]
        print_json({"outputs": list(predictor.outputs), "threshold": predictor.threshold, "pairs": names,
                    "probability": found.probability.tolist()})  # fmt: skip
    elif out is None:
        typer.echo(table, nl=False)
