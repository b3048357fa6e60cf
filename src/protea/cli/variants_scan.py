"""`protea variants scan`: every substitution of a protein, as table, heat map and page."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.language_options import (
    LanguageModelOption,
    LanguageWeightsOption,
    TokensOption,
    WindowChoice,
    WindowOption,
    WindowTokensOption,
    named_models,
    window_policy,
)
from protea.cli.options import AcceleratorChoice, AcceleratorOption, DryRunOption, JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say
from protea.cli.variants_score import StructureOption, WildTypeOption

__all__ = ["ScanMethodChoice", "scan"]


class ScanMethodChoice(StrEnum):
    """Which table a scan is read from."""

    wild_type_marginals = "wild_type_marginals"
    masked_marginals = "masked_marginals"


def scan(
    wild_type: WildTypeOption,
    weights: LanguageWeightsOption,
    out: Annotated[Path, typer.Option("--out", help="Folder for scan.csv, scan.svg, scan.html and scan.json.")],
    model: LanguageModelOption = None,
    method: Annotated[
        ScanMethodChoice, typer.Option("--method", help="Each residue hidden in turn, or none hidden (one reading).")
    ] = ScanMethodChoice.masked_marginals,
    first_number: Annotated[int, typer.Option("--first-number", help="Number of the first residue in names.")] = 1,
    structure: StructureOption = None,
    window: WindowOption = WindowChoice.auto,
    window_tokens: WindowTokensOption = None,
    tokens: TokensOption = 4096,
    overrides: SetOption = None,
    accelerator: AcceleratorOption = AcceleratorChoice.cpu,
    threads: ThreadsOption = 1,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Score all 19 substitutions of every residue; write the table, a heat map and a page that fetches nothing.

    Exit codes: 0 done; 2 a wild type or weights that cannot be used.
    """
    from protea.applications.variants.scan import scan as scan_wild_type
    from protea.applications.variants.scan_files import write_scan
    from protea.applications.variants.wild_type import one_sequence, spelled_wild_type
    from protea.applications.variants.zero_shot import ZeroShotScorer
    from protea.training.loop import arithmetic

    names = ("scan.csv", "scan.svg", "scan.html", "scan.json")
    require_folder("--out", out, [wild_type, structure, *weights], names)
    name, letters = one_sequence(wild_type)
    if dry_run:
        content = {"wild_type": name, "residues": len(letters), "substitutions": 19 * len(letters)}
        if json:
            print_json(content)
        else:
            typer.echo(f"would score {19 * len(letters):,} substitutions of {name} into {out}")
        return
    named = named_models(weights, model, overrides, accelerator)
    scorer = ZeroShotScorer(named.models, window_policy(window, window_tokens, named.models), tokens)
    spelled = spelled_wild_type(scorer.vocabulary, letters, structure)
    with arithmetic(threads):
        found = scan_wild_type(scorer, spelled, method.value, first_number)
    note = f"{named.words}; {method.value.replace('_', ' ')}; read {found.window}"
    facts = {**named.facts, "wild_type": name, "first_number": first_number, "windows": {method.value: found.window}}
    files = write_scan(found, name, note, facts, out)
    say(f"{name}: {note}")
    if json:
        print_json({**facts, "files": [str(path) for path in files], "mean": found.mean.tolist()})
        return
    for path in files:
        typer.echo(str(path))
