"""`protea bench calibrate`: intervals and probabilities made true on validation items, judged on test items."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, print_table

__all__ = ["calibrate"]


def calibrate(
    source: Annotated[
        Path, typer.Argument(help="Folder of a run, or a CSV table of predictions of any tool.", metavar="RUN_OR_TABLE")
    ],
    task: Annotated[str | None, typer.Option(help="Objective of the run, if it has several.")] = None,
    variant: Annotated[str | None, typer.Option(help="Input variant of the run's test, if it has several.")] = None,
    level: Annotated[float, typer.Option(help="Nominal coverage of intervals and sets.")] = 0.9,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the page, the tables and the fitted calibrators.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=2, help="Bootstrap resamples of units.")] = 200,
    json: JsonOption = False,
) -> None:
    """Fit calibrators to a run's validation predictions and judge them on its test predictions.

    Values get intervals (coverage, width, miscalibration, error retention), yes/no labels and classes get probabilities
    (ECE, Brier) and sets. The 99 % band says how far coverage may lie from its level by chance; residues of one protein
    are one unit. A table has the columns split (calibration, test), target, and value [sigma | low, high], probability,
    or probability_0, probability_1, ...; unit and group are optional.

    Exit codes: 0 done; 2 no such run or table, or predictions that cannot be calibrated.
    """
    from protea.benchmark.calibration.judge import judge
    from protea.benchmark.calibration.judgement import as_plain
    from protea.benchmark.calibration.judgement_page import coverage_rows, group_rows, measure_rows, write_judgement
    from protea.benchmark.calibration.outside_table import read_outside_table
    from protea.benchmark.calibration.stored_parts import parts_of_run

    require_folder("--out", out)
    if source.is_dir():
        known, judged, name = parts_of_run(source, task, variant)
        title, num_left_out = f"{source.name}: {name}", 0
    else:
        known, judged, num_left_out = read_outside_table(source)
        title = source.name
    found = judge(known, judged, level, resamples)
    files = [] if out is None else write_judgement(found, judged, title, out)
    if json:
        print_json(as_plain(found))
        return
    for rows in (coverage_rows(found), group_rows(found), measure_rows(found)):
        if len(rows) > 1:
            print_table(rows[0], rows[1:])
            typer.echo("")
    for note in found.notes:
        typer.echo(note)
    if num_left_out:
        typer.echo(f"{num_left_out} lines of another part were left out.")
    for path in files[:2]:
        typer.echo(str(path))
