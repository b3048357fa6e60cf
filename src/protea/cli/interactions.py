"""The sub-commands of `protea interactions`, one file each."""

import typer

from protea.cli.interactions_compare import compare
from protea.cli.interactions_fit import fit
from protea.cli.interactions_predict import predict_pairs
from protea.cli.interactions_screen import screen_proteins

__all__ = ["interactions"]

interactions = typer.Typer(no_args_is_help=True, help="Which proteins interact: compare, fit, predict, screen.")
interactions.command()(compare)
interactions.command()(fit)
interactions.command("predict")(predict_pairs)
interactions.command("screen")(screen_proteins)
