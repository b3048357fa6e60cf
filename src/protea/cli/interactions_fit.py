"""`protea interactions fit`: a model of unseen pairs from a network."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import EmbeddingsOption, JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

__all__ = ["fit"]


def fit(
    config: Annotated[Path, typer.Argument(help="YAML of a PairPredictorConfig.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the tables that the configuration names.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the model.")],
    embeddings: EmbeddingsOption = None,
    threads: ThreadsOption = 1,
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Fit a head over two proteins to a network; the model answers for proteins that it has never seen.

    What it reaches on test pairs is printed and kept beside the weights.

    Exit codes: 0 done; 2 a table, configuration or embeddings that cannot be used.
    """
    from protea.applications.interactions.pair_fitting import fit_pair_predictor
    from protea.applications.interactions.pair_predictor import PairPredictorConfig, save_predictor
    from protea.config import load_config
    from protea.training.loop import arithmetic

    require_folder("--out", out, [config, embeddings], ["config.yaml"])  # the name under which it is kept
    settings = load_config(PairPredictorConfig, config, set_)
    with arithmetic(threads):
        predictor = fit_pair_predictor(settings, data, embeddings, say)
    save_predictor(predictor, out)
    if json:
        print_json({"outputs": list(predictor.outputs), "threshold": predictor.threshold, **predictor.facts})
    else:
        typer.echo(f"{out}: {predictor.facts['test']} on {predictor.facts['num_test_pairs']} test pairs")
