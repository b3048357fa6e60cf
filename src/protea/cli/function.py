"""The sub-commands of `protea function`, one file each."""

import typer

from protea.cli.function_compare import compare
from protea.cli.function_evaluate import evaluate
from protea.cli.function_predict import predict

__all__ = ["function"]

function = typer.Typer(no_args_is_help=True, help="Predict function by ontology, judge predictions, compare models.")
for _command in (
    predict,
    evaluate,
    compare,
):
    function.command()(_command)
