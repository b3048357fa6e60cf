"""The sub-commands of `protea properties`, one file each."""

import typer

from protea.cli.properties_acquire import acquire
from protea.cli.properties_antisymmetry import antisymmetry
from protea.cli.properties_baselines import baselines
from protea.cli.properties_check_maps import check_maps
from protea.cli.properties_compare_seeds import compare_seeds
from protea.cli.properties_evaluate import evaluate
from protea.cli.properties_few_shot import few_shot
from protea.cli.properties_fit import fit
from protea.cli.properties_fit_change import fit_change
from protea.cli.properties_list import list_properties
from protea.cli.properties_probe_layers import probe_layers

__all__ = ["properties"]

properties = typer.Typer(no_args_is_help=True, help="Properties of proteins: list, fit many at once, judge.")
properties.command("list")(list_properties)
properties.command("fit-change")(fit_change)
properties.command("compare-seeds")(compare_seeds)
properties.command("few-shot")(few_shot)
properties.command("check-maps")(check_maps)
properties.command("probe-layers")(probe_layers)
for _command in (baselines, acquire, fit, evaluate, antisymmetry):
    properties.command()(_command)
