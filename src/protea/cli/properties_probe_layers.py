"""`protea properties probe-layers`: what is known at which depth of a language model."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.language_options import LanguageModelOption, LanguageWeightsOption, named_models
from protea.cli.options import (
    AcceleratorChoice,
    AcceleratorOption,
    CacheOption,
    JsonOption,
    SetOption,
    ThreadsOption,
    cache_folder,
)
from protea.cli.printing import print_json, print_table, say

__all__ = ["probe_layers"]


def probe_layers(
    name: Annotated[str, typer.Argument(help="A property of residues or proteins, or a YAML of one.")],
    data: Annotated[Path, typer.Option("--data", help="Folder below which the tables lie.")],
    weights: LanguageWeightsOption,
    model: LanguageModelOption = None,
    proteins: Annotated[int, typer.Option("--proteins", min=3, help="Most proteins of each part, drawn.")] = 150,
    residues: Annotated[int, typer.Option("--residues", min=1, help="Most residues of each protein, drawn.")] = 30,
    longest: Annotated[int, typer.Option("--longest", min=1, help="Residues of the longest protein.")] = 400,
    seed: Annotated[int, typer.Option(min=0, help="Seed of split, draws and control task.")] = 0,
    cache: CacheOption = None,
    overrides: SetOption = None,
    accelerator: AcceleratorOption = AcceleratorChoice.cpu,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Probe every layer of a language model for a property, beside a control task; whole families on one side.

    Layer 0 is the embedding of letters. The control task gives each residue type one label; a probe whose value is not
    above its control (selectivity) knows letters, not the property. Intervals are over proteins.

    Exit codes: 0 done; 2 a table, a property or weights that cannot be used.
    """
    from protea.applications.properties.cheap.layer_probe import probe_layers as probe
    from protea.applications.properties.labels.catalogue import property_named
    from protea.errors import ConfigError, describe
    from protea.training.loop import arithmetic

    named = named_models(weights, model, overrides, accelerator)
    if len(named.models) != 1:
        raise ConfigError(describe("layers of several models", where="--weights", expected="one model"))
    with arithmetic(threads):
        found = probe(
            named.models[0], property_named(name), data, cache_folder(cache), seed=seed, longest=longest,
            most_proteins=proteins, most_residues=residues, say=say,
        )  # fmt: skip
    if json:
        print_json([{**vars(one), "selectivity": one.selectivity} for one in found])
        return
    rows = [
        (str(one.layer), f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}", f"{one.control:.3f}",
         f"{one.selectivity:+.3f}")
        for one in found
    ]  # fmt: skip
    print_table(("layer", found[0].metric, "95 %", "control", "selectivity"), rows,
                numbers=frozenset({found[0].metric, "control", "selectivity"}))  # fmt: skip
