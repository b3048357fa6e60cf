"""`protea interactions screen`: all pairs of a proteome."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import EmbeddingsOption, JsonOption, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

__all__ = ["screen_proteins"]


def screen_proteins(
    model: Annotated[Path, typer.Argument(help="Folder of `protea interactions fit`.")],
    proteins: Annotated[Path, typer.Argument(help="FASTA file of the proteins.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for partners.csv and pairs.csv; resumed if there.")],
    output: Annotated[
        str | None, typer.Option("--output", help="What to screen for; the model's first output if not given.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Partners kept of each protein.")] = 20,
    top_pairs: Annotated[int, typer.Option("--top-pairs", min=1, help="Pairs kept of all.")] = 1000,
    embeddings: EmbeddingsOption = None,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Score every protein against every other, and keep the best partners of each and the best pairs of all.

    A run that was cut short goes on where it stopped and ends with the same files.

    Exit codes: 0 done; 2 a file or model that cannot be used, or a folder of another screen.
    """
    from protea.applications.interactions.pair_predictor import load_predictor
    from protea.applications.interactions.predicting import read_proteins
    from protea.applications.interactions.protein_inputs import ProteinInputs
    from protea.applications.interactions.screening import screen
    from protea.training.loop import arithmetic

    require_folder("--out", out, [model, proteins, embeddings], ["partners.csv", "pairs.csv"])
    predictor = load_predictor(model)
    ids, sequences = read_proteins(proteins)
    with arithmetic(threads):
        inputs = ProteinInputs(predictor.config.inputs, sequences, embeddings, predictor.head.reads_residues)
        found = screen(predictor, inputs, ids, output or predictor.outputs[0], out, top=top, top_pairs=top_pairs,
                       say=say)  # fmt: skip
    if json:
        print_json({"proteins": found.num_proteins, "pairs": found.num_pairs, "files": [str(p) for p in found.files]})
    else:
        typer.echo(f"{found.num_pairs:,} pairs of {found.num_proteins:,} proteins: {', '.join(map(str, found.files))}")
