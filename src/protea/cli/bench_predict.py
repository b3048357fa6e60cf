"""`protea bench predict`: a trained run applied to structure files."""

from pathlib import Path
from typing import Annotated, Any

import typer

from protea.cli.options import DryRunOption, EmbeddingsOption, JsonOption, StructureChoice
from protea.cli.output_paths import require_apart, require_folder
from protea.cli.printing import print_json, say

__all__ = ["predict"]


def predict(
    file: Annotated[
        list[Path],
        typer.Argument(help="Structure files (PDB, mmCIF, BinaryCIF; .gz, .zst); FASTA for encoders of sequences."),
    ],
    run: Annotated[Path, typer.Option("--run", help="Folder of a trained run: run.yaml and best.safetensors.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Table to write: .csv or .json. Not given: CSV to stdout.")
    ] = None,
    structures: Annotated[
        Path | None, typer.Option(help="Folder for structure files with the value per residue in the B-factor column.")
    ] = None,
    structure_format: Annotated[StructureChoice, typer.Option(help="Format of these files.")] = StructureChoice.mmcif,
    objective: Annotated[
        str | None, typer.Option(help="Which objective of the run answers; its main one if not given.")
    ] = None,
    embeddings: EmbeddingsOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Predict with a trained run, per residue or per protein.

    The column named like the objective holds the probability of 1, the value in the label's unit, or (with classes)
    the probability of the class in `predicted`. `has_ca` is false for residues that could not be placed in space. PDB
    holds two decimals in the B-factor column, mmCIF all.

    Exit codes: 0 done; 2 no such run, or a file that cannot be read or predicted.
    """
    from protea.benchmark.predict_files import predict_files, require_distinct_names, rows_of, to_csv, write_structure
    from protea.benchmark.trained import load_run, reading_from

    _require_outputs(file, out, structures, structure_format)
    trained = load_run(run) if embeddings is None else reading_from(load_run(run), embeddings)
    if dry_run:
        name = objective or trained.model.main
        level = trained.model.objective(name).level
        if json:
            print_json({"objective": name, "level": level, "files": [str(item) for item in file]})
        else:
            typer.echo(f"would predict {name} per {level} of {len(file)} files")
        return
    if structures is not None:
        require_distinct_names(file)
    rows: list[dict[str, Any]] = []
    for answer in predict_files(trained, file, objective):
        rows += rows_of(answer)
        if structures is not None:
            say(f"wrote {write_structure(answer, structures, structure_format.value)}")
    if out is not None:
        import json as json_format

        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(to_csv(rows) if out.suffix == ".csv" else json_format.dumps(rows, indent=1), encoding="utf-8")
        say(f"wrote {out}")
    if json:
        print_json(rows)
    elif out is None:
        typer.echo(to_csv(rows), nl=False)


def _require_outputs(
    files: list[Path], out: Path | None, structures: Path | None, structure_format: StructureChoice
) -> None:
    """Return if what is asked for can be written, and takes the place of nothing that is read."""
    from protea.benchmark.predict_files import structure_name
    from protea.errors import InputError, describe

    if out is not None and out.suffix not in {".csv", ".json"}:
        raise InputError(describe("unknown kind of table", where=f"--out {out}", expected=".csv or .json"))
    require_apart({"--out": out}, files)
    require_folder("--structures", structures, files, [structure_name(one, structure_format.value) for one in files])
