"""`protea sequence fit-contacts`: a contact head fitted on structures and judged on others."""

from pathlib import Path
from typing import Annotated, Any

import typer

from protea.cli.language_options import LanguageModelOption, LanguageWeightsOption, named_models
from protea.cli.options import AcceleratorChoice, AcceleratorOption, JsonOption, SetOption, ThreadsOption
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, print_table, say

__all__ = ["fit_contacts"]


def fit_contacts(
    structures: Annotated[list[Path], typer.Argument(help="Structure files to fit on; the paper took 20.")],
    weights: LanguageWeightsOption,
    out: Annotated[Path, typer.Option("--out", help="The head to write (.safetensors).")],
    test: Annotated[
        list[Path] | None, typer.Option("--test", help="Structure file to judge on, unlike all others. Repeatable.")
    ] = None,
    model: LanguageModelOption = None,
    strength: Annotated[float, typer.Option("--strength", min=1e-9, help="Inverse of the L1 penalty.")] = 0.15,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the solver.")] = 0,
    overrides: SetOption = None,
    accelerator: AcceleratorOption = AcceleratorChoice.cpu,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Fit a contact head by logistic regression on attention maps; every chain of the files counts.

    On the --test files: precision of the best L, L/2 and L/5 pairs by separation (short 6-11, medium 12-23, long 24 and
    more), beside what separation alone tells. `protea sequence contacts --contact-head` uses the head.

    Exit codes: 0 done; 2 structures or weights that cannot be used.
    """
    from protea.applications.language.contact_files import write_contact_head
    from protea.applications.language.contact_fitting import fit_contact_head, judge_contacts
    from protea.applications.language.contact_truth import contacts_of_chains
    from protea.errors import ConfigError, describe
    from protea.protein.readers.read import read_protein
    from protea.training.loop import arithmetic

    if len(weights) > 1:
        raise ConfigError(describe("several models", where="--weights", expected="one: a head belongs to one model"))
    require_apart({"--out": out}, [*structures, *(test or ()), *weights])
    named = named_models(weights, model, overrides, accelerator)
    (chosen,) = named.models
    truths = [truth for path in structures for truth in contacts_of_chains(read_protein(path))]
    tests = [truth for path in test or () for truth in contacts_of_chains(read_protein(path))]
    with arithmetic(threads):
        chosen.contact_head = fit_contact_head(chosen, truths, strength=strength, seed=seed)
        report = judge_contacts(chosen, tests, truths) if tests else None
    write_contact_head(chosen.contact_head, out)
    num_used = int((chosen.contact_head.weight != 0).sum())
    num_heads = len(chosen.contact_head.weight)
    say(f"wrote {out}: fitted on {len(truths)} chains, {num_used} of {num_heads} attention heads have a weight")
    if json:
        facts: dict[str, Any] = {**named.facts, "chains": len(truths), "heads": num_heads, "heads_used": num_used}
        judged = None if report is None else {
            "precision": report.mean, "prior": report.prior_mean, "of_protein": report.of_protein
        }  # fmt: skip
        print_json({**facts, "test": judged})
    elif report is not None:
        rows = [
            (name, *("none" if value is None else f"{value:.3f}" for value in (mean, report.prior_mean[name])))
            for name, mean in report.mean.items()
        ]
        print_table(("pairs", "precision", "by separation"), rows, numbers=frozenset({"precision", "by separation"}))
