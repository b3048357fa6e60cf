"""`protea explain`: what each residue adds to a prediction."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.options import (
    AcceleratorChoice,
    AcceleratorOption,
    DryRunOption,
    JsonOption,
    StructureChoice,
    ThreadsOption,
)
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

if TYPE_CHECKING:
    from protea.applications.explanations.explain import Explanation

__all__ = ["BaselineChoice", "explain"]


class BaselineChoice(StrEnum):
    """What a residue is held against."""

    zeros = "zeros"
    mean = "mean"


def explain(
    file: Annotated[Path, typer.Argument(help="Structure file (PDB, mmCIF, BinaryCIF; .gz, .zst).")],
    run: Annotated[Path, typer.Option("--run", help="Folder of a trained run: run.yaml and best.safetensors.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for table, structure and picture. Not given: CSV to stdout.")
    ] = None,
    residue: Annotated[
        str | None, typer.Option(help="The residue whose prediction is explained: A:45, in the author's numbering.")
    ] = None,
    protein: Annotated[
        bool, typer.Option("--protein", help="Explain the protein's prediction (the default), or the residues' mean.")
    ] = False,
    objective: Annotated[
        str | None, typer.Option(help="Which objective of the run is explained; its main one if not given.")
    ] = None,
    output: Annotated[
        int | None, typer.Option(help="Class or column of the prediction; the largest if not given.")
    ] = None,
    baseline: Annotated[
        BaselineChoice, typer.Option(help="Features of the baseline: zeros, or the mean over the protein's residues.")
    ] = BaselineChoice.zeros,
    tolerance: Annotated[float, typer.Option(min=1e-9, help="Largest error of the sum, as part of the change.")] = 1e-3,
    max_steps: Annotated[int, typer.Option(min=16, help="Most gradients along the path.")] = 4096,
    structure_format: Annotated[StructureChoice, typer.Option(help="Format of the structure.")] = StructureChoice.mmcif,
    accelerator: AcceleratorOption = AcceleratorChoice.cpu,
    threads: ThreadsOption = 1,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Attribute a prediction to residues by integrated gradients of their scalar features; positions stay as they are.

    Without --residue the protein's prediction is explained; where an objective answers per residue, that is the mean
    over its residues. The attributions add up to the raw prediction (a logit, or a standardised value) minus that of
    the baseline: steps are added until they do within the tolerance; if they never do, that is an error. The structure
    has the attributions in its B-factor column; PDB holds two decimals there, mmCIF all.

    Exit codes: 0 done; 2 no such run, file, residue or output, or the attributions do not add up.
    """
    from protea.applications.explanations.explain import Question
    from protea.applications.explanations.explain import explain as explain_file
    from protea.applications.explanations.explanation_files import explanation_names, write_explanation
    from protea.benchmark.trained import load_run
    from protea.errors import ConfigError, describe
    from protea.training.device import device_named
    from protea.training.loop import arithmetic

    require_folder("--out", out, [file], explanation_names(file, structure_format.value))
    if protein and residue is not None:
        raise ConfigError(describe("what is explained?", expected="--protein or --residue", found="both"))
    trained = load_run(run)
    if dry_run:
        name = objective or trained.model.main
        trained.model.objective(name)
        asked = {"objective": name, "residue": residue, "file": str(file)}
        if json:
            print_json(asked)
        else:
            typer.echo(f"would explain {name} of {residue or 'the protein'} in {file}")
        return
    question = Question(objective, residue, output, baseline.value)
    with arithmetic(threads):
        found = explain_file(
            trained, file, question, device_named(accelerator.value), tolerance=tolerance, max_steps=max_steps
        )
    if out is not None:
        for path in write_explanation(found, out, structure_format.value):
            say(f"wrote {path}")
    _tell(found, json=json, is_table_shown=out is None)


def _tell(found: "Explanation", *, json: bool, is_table_shown: bool) -> None:
    from protea.applications.explanations.explanation_files import explanation_rows
    from protea.benchmark.predict_files import to_csv

    say(
        f"{found.asked}: {found.value:.6g}, baseline {found.baseline_value:.6g}; attributions add up within "
        f"{found.error:.2g} after {found.num_steps} steps"
    )
    if json:
        print_json(
            {
                "asked": found.asked, "value": found.value, "baseline": found.baseline,
                "baseline_value": found.baseline_value, "error": found.error, "steps": found.num_steps,
                "residues": explanation_rows(found),
            }
        )  # fmt: skip
    elif is_table_shown:
        typer.echo(to_csv(explanation_rows(found)), nl=False)
