"""The sub-commands of `protea variants`, one file each."""

import typer

from protea.cli.variants_compare import compare
from protea.cli.variants_evaluate import evaluate
from protea.cli.variants_fit import fit
from protea.cli.variants_intervals import intervals
from protea.cli.variants_predict import predict
from protea.cli.variants_scan import scan
from protea.cli.variants_score import score

__all__ = ["variants"]

variants = typer.Typer(no_args_is_help=True, help="Score variants, judge scores, learn from measurements.")
for _command in (
    score,
    scan,
    evaluate,
    compare,
    intervals,
    fit,
    predict,
):
    variants.command()(_command)
