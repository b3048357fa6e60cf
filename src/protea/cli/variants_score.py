"""`protea variants score`: variants of one wild type scored by language models without any measurement."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

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
from protea.cli.output_paths import require_table_with_facts
from protea.cli.printing import print_json, say

__all__ = ["MethodChoice", "StructureOption", "WildTypeOption", "score"]


class MethodChoice(StrEnum):
    """What a score is; `protea.applications.variants.zero_shot` defines each."""

    wild_type_marginals = "wild_type_marginals"
    masked_marginals = "masked_marginals"
    joint_marginals = "joint_marginals"
    likelihood_ratio = "likelihood_ratio"
    mean_likelihood_ratio = "mean_likelihood_ratio"


WildTypeOption = Annotated[
    str, typer.Option("--wild-type", help="FASTA file with the wild type alone, or its letters.")
]
StructureOption = Annotated[
    str | None,
    typer.Option("--structure", help="For SaProt: file of the wild type's structure, or its 3Di letters (or FASTA)."),
]


def score(
    table: Annotated[Path, typer.Argument(help="CSV file with a line of heads and a variant per line.")],
    wild_type: WildTypeOption,
    weights: LanguageWeightsOption,
    out: Annotated[
        Path | None, typer.Option("--out", help="NAME.csv to write, and NAME.json beside it. Not given: CSV to stdout.")
    ] = None,
    model: LanguageModelOption = None,
    method: Annotated[
        list[MethodChoice] | None, typer.Option("--method", help="What a score is. Repeatable: a column each.")
    ] = None,
    column: Annotated[str, typer.Option("--column", help="Column with names such as A24V:K30E.")] = "mutant",
    prefix: Annotated[str, typer.Option("--prefix", help="Put before the names of the columns of scores.")] = "",
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
    """Score variants by language models; every column of the table stays, a column per method is added.

    Higher is fitter; the wild type has 0. masked_marginals (the default) hides one position at a time and sums,
    joint_marginals hides all positions of a variant together, wild_type_marginals hides none. Insertions, deletions and
    stops need likelihood_ratio or mean_likelihood_ratio, which read each sequence once per residue. Several --weights
    (the seeds of ESM-1v) are averaged. How long sequences were read is said on stderr and in the JSON file.

    Exit codes: 0 done; 2 a table, wild type, name or weights that cannot be used.
    """
    from protea.applications.variants.scoring_files import read_variants, require_new_columns, scores_csv, write_scores
    from protea.applications.variants.wild_type import one_sequence, spelled_wild_type
    from protea.applications.variants.zero_shot import Method, ZeroShotScorer
    from protea.training.loop import arithmetic

    require_table_with_facts(out, [table, wild_type, structure, *weights])
    name, letters = one_sequence(wild_type)
    file = read_variants(table, column, letters, first_number)
    methods: list[Method] = [item.value for item in dict.fromkeys(method or [MethodChoice.masked_marginals])]
    require_new_columns(file, [f"{prefix}{item}" for item in methods])  # before hours of work, not after
    if dry_run:
        content = {"variants": len(file.variants), "wild_type": name, "residues": len(letters), "methods": methods}
        if json:
            print_json(content)
        else:
            typer.echo(f"would score {len(file.variants):,} variants of {name} by {', '.join(methods)}")
        return
    named = named_models(weights, model, overrides, accelerator)
    scorer = ZeroShotScorer(named.models, window_policy(window, window_tokens, named.models), tokens)
    spelled = spelled_wild_type(scorer.vocabulary, letters, structure)
    with arithmetic(threads):
        scores = {f"{prefix}{item}": scorer.scores(spelled, file.variants, item) for item in methods}
    windows = {item: scorer.window_words(spelled, item) for item in methods}
    facts: dict[str, Any] = {
        **named.facts, "wild_type": name, "residues": len(letters), "first_number": first_number, "windows": windows,
    }  # fmt: skip
    for item in methods:
        say(f"{item}: {len(file.variants):,} variants of {name}, {named.words}, read {windows[item]}")
    if out is not None:
        say(f"wrote {out} and {write_scores(file, scores, facts, out)}")
    if json:
        print_json({**facts, "scores": {name: column.tolist() for name, column in scores.items()}})
    elif out is None:
        typer.echo(scores_csv(file, scores), nl=False)
