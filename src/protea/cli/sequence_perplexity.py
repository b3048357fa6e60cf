"""`protea sequence perplexity`: how likely sequences are under a language model."""

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
from protea.cli.options import AcceleratorChoice, AcceleratorOption, JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say

__all__ = ["perplexity"]


def perplexity(
    sequences: Annotated[str, typer.Argument(help="FASTA file, or the letters of one sequence.")],
    weights: LanguageWeightsOption,
    out: Annotated[Path | None, typer.Option("--out", help="CSV file to write. Not given: CSV to stdout.")] = None,
    model: LanguageModelOption = None,
    window: WindowOption = WindowChoice.auto,
    window_tokens: WindowTokensOption = None,
    tokens: TokensOption = 4096,
    overrides: SetOption = None,
    accelerator: AcceleratorOption = AcceleratorChoice.cpu,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Write the pseudo-perplexity of every sequence: each residue hidden in turn, exp of the mean of -log p.

    Columns: id, num_residues, num_scored (residues whose letter the model scores; the next two are of these),
    log_likelihood (sum, natural logarithm), perplexity, window (how it was read).

    Exit codes: 0 done; 2 sequences or weights that cannot be used.
    """
    from protea.applications.language.named_sequences import named_sequences
    from protea.applications.language.perplexity import perplexities
    from protea.benchmark.predict_files import to_csv
    from protea.encoders.language.windows import WindowPolicy
    from protea.training.loop import arithmetic

    require_apart({"--out": out}, [sequences, *weights])
    named = named_models(weights, model, overrides, accelerator)
    policy = window_policy(window, window_tokens, named.models)
    if policy is None:
        size = min(item.max_tokens or 1024 for item in named.models)
        policy = WindowPolicy.of_size("centred", size)
    with arithmetic(threads):
        rows: list[dict[str, Any]] = [
            item._asdict() for item in perplexities(named.models, named_sequences(sequences), policy, tokens)
        ]
    say(f"{len(rows):,} sequences, {named.words}")
    if json:
        print_json({**named.facts, "sequences": rows})
    elif out is None:
        typer.echo(to_csv(rows), nl=False)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(to_csv(rows), encoding="utf-8")
