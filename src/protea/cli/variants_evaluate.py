"""`protea variants evaluate`: scores of variants against what was measured."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, print_table, say

__all__ = ["evaluate"]


def evaluate(
    tables: Annotated[list[Path], typer.Argument(help="CSV files, one per assay, named after it.")],
    score: Annotated[
        list[str] | None, typer.Option("--score", help="Column with scores; every other but `DMS_score_bin` if none.")
    ] = None,
    measured: Annotated[
        str, typer.Option("--measured", help="Column of the measurement, higher is fitter.")
    ] = "DMS_score",
    variant: Annotated[str, typer.Option("--variant", help="Column of the variant's name.")] = "mutant",
    fit: Annotated[
        str | None,
        typer.Option("--fit", help="Column with 1 for fit, 0 for unfit; the median is the cut if not given."),
    ] = None,
    assays: Annotated[
        Path | None,
        typer.Option("--assays", help="CSV with assay, protein, function (or ProteinGym's reference file)."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the page, the JSON and the CSV tables.")] = None,
    resamples: Annotated[int, typer.Option(min=2, help="Resamples behind the standard errors.")] = 10_000,
    json: JsonOption = False,
) -> None:
    """Judge scores as ProteinGym does: Spearman, AUC, MCC, NDCG, top-10 % recall; per assay and over classes.

    Exit codes: 0 done; 2 a table that cannot be read, a missing score, a metric without a value.
    """
    from protea.applications.variants.evaluation import ASSAY_METRICS, evaluate_assays
    from protea.applications.variants.evaluation_report import evaluation_json, write_evaluation
    from protea.applications.variants.score_tables import ScoreTableColumns, read_origins, read_score_table

    names = ("evaluation.md", "evaluation.json", "assays.csv", "summary.csv")
    require_folder("--out", out, [*tables, assays], names)
    columns = ScoreTableColumns(variant, measured, fit, tuple(score or ()))
    read = [read_score_table(path, columns) for path in tables]
    origins = read_origins(assays, [table.name for table in read])
    found = evaluate_assays(
        origins,
        [table.measured for table in read],
        [table.score_of for table in read],
        [table.is_fit for table in read],
        resamples,
    )
    if out is not None:
        write_evaluation(found, out)
    if json:
        print_json({**evaluation_json(found), "unmeasured": {table.name: table.num_unmeasured for table in read}})
        return
    for table in read:
        if table.num_unmeasured:
            say(f"{table.name}: {table.num_unmeasured} lines without a measurement left out")
    order = sorted(range(len(found.models)), key=lambda row: -found.summary_of["spearman"].mean[row])
    heads = ["model", *ASSAY_METRICS, "SE to best"]
    rows = [
        [found.models[row]]
        + [f"{found.summary_of[metric].mean[row]:.3f}" for metric in ASSAY_METRICS]
        + [f"{found.summary_of['spearman'].standard_error[row]:.3f}"]
        for row in order
    ]
    print_table(heads, rows, numbers=frozenset(heads[1:]))
