"""`protea predict`: everything that is said of a protein, as a table and as a page."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from protea.cli.bench_predict import predict as predict_with_run
from protea.cli.options import EmbeddingsOption, JsonOption, RayOption, SharedOption, StructureChoice
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say
from protea.cli.refusals import end_if_refused, tell_refused

if TYPE_CHECKING:
    from protea.predict.answer import ProteinAnswers
    from protea.predict.asked_proteins import AskedProteins
    from protea.predict.predictor import Predictor

__all__ = ["predict"]

_PredictorOption = Annotated[
    Path | None,
    typer.Option("--predictor", help="Folder of `protea properties fit`; the shipped one if not given."),
]
_FunctionOption = Annotated[
    Path | None,
    typer.Option("--function", help="Folder of `protea function compare --run`, whose terms join table and page."),
]
_InteractionsOption = Annotated[
    Path | None,
    typer.Option("--interactions", help="Folder of `protea interactions fit`, by which partners join table and page."),
]
_PartnersOption = Annotated[
    Path | None,
    typer.Option("--partners", help="With --interactions: FASTA of partners; the other proteins if not given."),
]
_NumPartnersOption = Annotated[
    int | None,
    typer.Option("--num-partners", min=1, help="With --interactions: partners told of each protein; 5 if not given."),
]
_RunOption = Annotated[
    Path | None,
    typer.Option("--run", help="Folder of a trained run that answers instead, as by `protea bench predict`."),
]
_StructuresOption = Annotated[
    Path | None, typer.Option("--structures", help="With --run: folder for structures with the value per residue.")
]
_FormatOption = Annotated[
    StructureChoice, typer.Option("--structure-format", help="With --run: format of these files.")
]
_TableOption = Annotated[
    Path | None,
    typer.Option(
        "--out", help="Table to write: .csv, .parquet or .json; `<first file>.csv` if not given, where none is yet."
    ),
]
_ScanOption = Annotated[
    list[str] | None,
    typer.Option("--scan", metavar="PROPERTY", help="Follow a property through every substitution. Repeatable."),
]
_AttributionOption = Annotated[
    bool, typer.Option("--attribution", help="Also what each residue adds to each answer (integrated gradients).")
]
_ScanTableOption = Annotated[
    Path | None, typer.Option("--scan-out", help="CSV of the scan; `<table>_scan.csv` if not given.")
]
_TitleOption = Annotated[
    str | None, typer.Option("--title", help="Title of the page; the name of the first file if not given.")
]


def predict(
    file: Annotated[list[Path], typer.Argument(help="FASTA, PDB, mmCIF or BinaryCIF (.gz, .zst).")],
    predictor: _PredictorOption = None,
    function: _FunctionOption = None,
    interactions: _InteractionsOption = None,
    partners: _PartnersOption = None,
    num_partners: _NumPartnersOption = None,
    embeddings: EmbeddingsOption = None,
    run: _RunOption = None,
    structures: _StructuresOption = None,
    structure_format: _FormatOption = StructureChoice.mmcif,
    out: _TableOption = None,
    residues: Annotated[Path | None, typer.Option(help="Table of residues to write, of the same kinds.")] = None,
    report: Annotated[Path | None, typer.Option(help="HTML page to write, of the first proteins.")] = None,
    attribution: _AttributionOption = False,
    scan: _ScanOption = None,
    scan_out: _ScanTableOption = None,
    title: _TitleOption = None,
    shared: SharedOption = False,
    ray: RayOption = None,
    json: JsonOption = False,
) -> None:
    """Predict all properties of proteins, with intervals and a word on how familiar each protein is.

    Stop it whenever you like: the same command goes on after the last whole part of 500 proteins. With --shared, any
    number of machines run it on the same folder, and one of them writes tables and page. Columns `low` and
    `high` hold the true value with the probability `level`; where `is_in_domain` is false the protein is unlike those
    of the training, and the interval may be too narrow. Of a structure each chain of the first model is read for its
    sequence, and shown in space on the page; nothing is predicted from its coordinates. Residues of its SEQRES that
    were not observed belong to it; where the observed ones are not among them, they alone are asked about, and that is
    said on stderr, in --json and on the page.

    With --function the table has a row `function` for each term that scores 0.1 or more: its id in `predicted`, its
    score in `value`, which is no probability and has no interval.

    With --interactions it has a row `interaction` for each of the best partners: its id in `predicted`, its score in
    `value`, which is no calibrated probability, and in `type` the likeliest type where the run tells types. Partners
    are those of --partners, the protein itself too if it stands there, or else the other proteins of FILE.

    --attribution adds tracks to the page: they add up to the answer within five percent, or the page says that they
    do not. --scan asks for every substitution, one at a time. Both are for the first 20 proteins.

    With --run a run of `protea train` or `protea bench run` answers, from coordinates; the options are --out (.csv or
    .json; CSV to stdout if not given), --structures and --structure-format. `protea bench predict` has more.

    A record of FASTA or a structure that cannot be read, and a protein whose name came before, costs no other an
    answer: it is named on stderr, in --json and on the page.

    Exit codes: 0 done; 1 done, but some proteins were refused; 2 no protein that can be read, no predictor or property.
    """
    from protea.cli.workers import chosen_workers
    from protea.errors import ConfigError, describe
    from protea.predict.asked_proteins import AskedProteins
    from protea.predict.attribution import with_maps
    from protea.predict.many import Asked, predict_many
    from protea.predict.predictor import Predictor
    from protea.predict.report.page import MOST_PROTEINS
    from protea.predict.scan import MOST_SCANNED
    from protea.predict.shipped import predictor_folder

    if run is not None or structures is not None:
        alone = _run_alone(
            run, predictor, function, interactions, partners, num_partners, embeddings, residues, report, scan,
            scan_out, title, attribution or shared, ray,
        )  # fmt: skip
        predict_with_run(file, alone, out, structures, structure_format, json=json)
        return
    table = _table_apart(file, partners, out, residues, report, scan_out, is_scanned=bool(scan))
    loaded = Predictor.load(predictor_folder(predictor), function)
    asked = Asked(file, table, residues)
    for name in scan or ():
        loaded.properties.property(name)  # before hours of work, not after
    if attribution and report is None:
        raise ConfigError(describe("attributions are shown on a page", expected="--report PAGE with --attribution"))
    proteins = AskedProteins(file)
    loaded = _with_partners(loaded, proteins, interactions, partners, num_partners, embeddings)
    keep = MOST_PROTEINS if report is not None else MOST_SCANNED if scan else 0
    number, first = predict_many(
        loaded, proteins, asked, say, keep=keep, is_shared=shared, workers=chosen_workers(ray, threads=1)
    )
    if attribution:
        first = with_maps(loaded.properties, first, say)
    if scan and first:
        first = _scanned(loaded, first, scan, _scan_table(table, scan_out))
    if report is not None and first:
        _write_page(report, first, title or file[0].name, loaded.note(number, len(first), proteins.refused), number)
    _tell(number, table, residues, report, proteins, as_json=json)


def _run_alone(run: Path | None, *others: object) -> Path:
    """Return the run; raise ConfigError where options of both ways to predict are given, or --structures alone."""
    from protea.errors import ConfigError, describe

    if run is None or any(others):
        raise ConfigError(
            describe("two ways to predict", where="--run", expected="--run with --out, --structures, "
                     "--structure-format and --json alone, or none of --run and --structures")
        )  # fmt: skip
    return run


def _scan_table(table: Path, given: Path | None) -> Path:
    """Return where the scan is written."""
    return given or table.with_name(f"{table.stem}_scan.csv")


def _table_apart(
    file: list[Path], partners: Path | None, out: Path | None, residues: Path | None, report: Path | None,
    scan_out: Path | None, *, is_scanned: bool,
) -> Path:  # fmt: skip
    """Return where the table is written; raise ConfigError where one file would be written over another."""
    from protea.protein.readers.sniff import stem_of

    table = out or Path(f"{stem_of(file[0].name)}.csv")
    scan = _scan_table(table, scan_out) if is_scanned else None
    outputs = {"--out": table, "--residues": residues, "--report": report, "--scan-out": scan}
    require_apart(outputs, [*file, partners])
    if out is None:
        _require_unwritten(table, scan if scan_out is None else None)
    return table


def _require_unwritten(table: Path, scan: Path | None) -> None:
    """Return if no file stands where nobody asked for one, or what stands there is of this command, which goes on."""
    from protea.errors import ConfigError, describe
    from protea.predict.many import parts_folder

    there = [path for path in (table, scan) if path is not None and path.exists()]
    if there and not parts_folder(table).is_dir():
        raise ConfigError(describe("there is a file already", where=str(there[0]),
                                   do="Name the table by --out; a file that is named is replaced."))  # fmt: skip


def _with_partners(
    predictor: "Predictor", proteins: "AskedProteins", run: Path | None, partners: Path | None,
    num: int | None, embeddings: Path | None,
) -> "Predictor":  # fmt: skip
    """Return the predictor, looking for partners where a run is given; raise ConfigError for partners without one."""
    from protea.errors import ConfigError, describe
    from protea.predict.partners import NUM_PARTNERS, asked_partners, listed_proteins

    if run is None:
        if not (partners is None and num is None and embeddings is None):
            raise ConfigError(
                describe("no run tells partners", expected="--interactions RUN with --partners, --num-partners and "
                         "--embeddings")
            )  # fmt: skip
        return predictor
    known = proteins() if partners is None else listed_proteins(partners)
    return predictor.looking_for(
        asked_partners(run, known, num or NUM_PARTNERS, is_listed=partners is not None, embeddings=embeddings)
    )


def _tell(
    number: int, table: Path, residues: Path | None, page: Path | None, asked: "AskedProteins", *, as_json: bool
) -> None:
    """Say what was written, what was asked in part and what was refused; end with 1 where anything was refused."""
    if as_json:
        print_json({"proteins": number, "table": str(table), "residues": residues and str(residues),
                    "page": page and str(page), "remarks": [one._asdict() for one in asked.remarks],
                    "refused": [one._asdict() for one in asked.refused]})  # fmt: skip
    else:
        typer.echo(f"{number:,} proteins: {table}")
    names_of: dict[str, list[str]] = {}
    for name, remark in asked.remarks:
        names_of.setdefault(remark, []).append(name)
    for remark, names in names_of.items():
        some = f"{', '.join(names[:3])} and {len(names) - 3:,} others" if len(names) > 3 else ", ".join(names)
        say(f"{some}: {remark}")
    tell_refused(asked.refused)
    end_if_refused(asked.refused)


def _scanned(
    predictor: "Predictor", first: "list[ProteinAnswers]", names: list[str], table: Path
) -> "list[ProteinAnswers]":
    """Return the answers with their scans, which are written to a table, too."""
    from protea.predict.scan import with_scans, write_scans

    found = with_scans(predictor, first, names, say)
    write_scans(found, table)
    say(f"scan: {table}")
    return found


def _write_page(path: Path, first: "list[ProteinAnswers]", title: str, note: str, number: int) -> None:
    """Write the page of the first proteins and say where it is."""
    from protea.predict.report.molstar import installed_molstar
    from protea.predict.report.page import report_page

    path.parent.mkdir(parents=True, exist_ok=True)
    page = report_page(first, title, note, installed_molstar())
    path.write_text(page, encoding="utf-8")
    say(f"page: {path}" + (f" (the first {len(first)} of {number:,})" if number > len(first) else ""))
