"""`protea predict`: everything that is said of a protein, as a table and as a page."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption
from protea.cli.printing import print_json, say

__all__ = ["predict"]


def predict(
    file: Annotated[list[Path], typer.Argument(help="FASTA or structure files (.gz, .zst); their sequences are read.")],
    predictor: Annotated[
        Path | None,
        typer.Option("--predictor", help="Folder of `protea properties fit`; the shipped one if not given."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Table to write: .csv, .parquet or .json; `<first file>.csv` if not given."),
    ] = None,
    residues: Annotated[Path | None, typer.Option(help="Table of residues to write, of the same kinds.")] = None,
    report: Annotated[Path | None, typer.Option(help="HTML page to write, of the first proteins.")] = None,
    title: Annotated[
        str | None, typer.Option(help="Title of the page; the name of the first file if not given.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Predict all properties of proteins, with intervals and a word on how familiar each protein is.

    Stop it whenever you like: the same command goes on after the last whole part of 500 proteins. Columns `low` and
    `high` hold the true value with the probability `level`; where `is_in_domain` is false the protein is unlike those
    of the training, and the interval may be too narrow.

    Exit codes: 0 done; 2 a file that cannot be read, two proteins of one name, or no predictor.
    """
    from protea.predict.many import Asked, predict_many
    from protea.predict.predictor import Predictor
    from protea.predict.report.page import MOST_PROTEINS, report_page
    from protea.predict.shipped import predictor_folder
    from protea.protein.readers.read import read_proteins

    table = out or Path(f"{file[0].name.split('.')[0]}.csv")
    loaded = Predictor.load(predictor_folder(predictor))
    asked = Asked(file, table, residues)
    number, first = predict_many(
        loaded, lambda: (protein for path in file for protein in read_proteins(path)), asked, say,
        keep=0 if report is None else MOST_PROTEINS,
    )  # fmt: skip
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        page = report_page(first, title or file[0].name, loaded.note(number, len(first)))
        report.write_text(page, encoding="utf-8")
        say(f"page: {report}" + (f" (the first {len(first)} of {number:,})" if number > len(first) else ""))
    if json:
        print_json({"proteins": number, "table": str(table), "residues": residues and str(residues),
                    "page": report and str(report)})  # fmt: skip
    else:
        typer.echo(f"{number:,} proteins: {table}")
