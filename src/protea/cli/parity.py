"""`protea parity`: published models against their own outputs."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from protea.cli.exit_codes import ExitCode
from protea.cli.options import JsonOption
from protea.cli.printing import print_json, print_table, say, stdout_console

if TYPE_CHECKING:
    from protea.benchmark.parity.comparison import Comparison, GoldenReport

__all__ = ["parity"]


def parity(
    golden_dir: Annotated[list[Path], typer.Argument(help="Goldens, or folders of goldens.")],
    json: JsonOption = False,
) -> None:
    """Compare Protea with reference values: features, encoders from their published weights, metrics.

    Each golden is built from its own configuration, its weights are loaded by their original names, and every output is
    compared in float32 and float64: max |difference| / max |reference| against the tolerance of the golden's card.

    Exit codes: 0 every output agrees; 1 one does not; 2 nothing differs, but a golden cannot be read, lacks an output
    that it has in float64, or its weights do not fit (the others are compared all the same); 4 all that could be
    compared agrees, but a golden is of something that Protea does not have yet (it is named). What is left aside is
    told: an output that we do not make, or that only the card names.
    """
    from protea.benchmark.parity.check import check_goldens

    reports = check_goldens(golden_dir)
    if json:
        print_json([_tree(report) for report in reports])
    else:
        _print(reports)
    states = {report.status for report in reports}
    if "differs" in states:
        raise typer.Exit(int(ExitCode.CHECK_FAILED))
    if "cannot be read" in states:
        raise typer.Exit(int(ExitCode.WRONG_INPUT))
    if "not implemented" in states:
        raise typer.Exit(int(ExitCode.NOT_IMPLEMENTED))


def _tree(report: "GoldenReport") -> dict[str, Any]:
    return {
        "golden": report.golden,
        "kind": report.kind,
        "status": report.status,
        "reason": report.reason or None,
        "outputs": [
            {
                "output": item.output,
                "precision": item.precision,
                "difference": item.difference if math.isfinite(item.difference) else None,
                "tolerance": item.tolerance,
                "is_within": item.is_within,
                "note": item.note or None,
            }
            for item in report.comparisons
        ],
        "not_compared": dict(report.not_compared),
    }


def _print(reports: "list[GoldenReport]") -> None:
    rows = [_row(report.golden, item) for report in reports for item in report.comparisons]
    if rows:
        heads = ("golden", "output", "precision", "difference", "tolerance", "", "note")
        print_table(heads, rows, numbers=frozenset({"difference", "tolerance"}))
    console = stdout_console()
    for report in reports:
        aside = f"; left aside: {', '.join(report.not_compared)}" if report.not_compared else ""
        text = f"{report.golden}: {report.kind}: {report.status}{': ' + report.reason if report.reason else ''}{aside}"
        if report.is_unreadable:
            say(f"error: {text}")
        else:
            console.print(text, markup=False, highlight=False)


def _row(golden: str, item: "Comparison") -> tuple[str, ...]:
    verdict = "ok" if item.is_within else "BEYOND"
    return (golden, item.output, item.precision, f"{item.difference:.2e}", f"{item.tolerance:.1e}", verdict, item.note)
