"""`protea prompts show`: how far each residue moves when a prompt is on."""

from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import JsonOption, StructureChoice, ThreadsOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json

__all__ = ["show"]


def show(
    files: Annotated[list[Path], typer.Argument(help="Structure files, or FASTA files with one record.")],
    run: Annotated[Path, typer.Option("--run", help="Folder of a run with prompts.")],
    prompt: Annotated[list[str], typer.Option("--prompt", help="Prompt that is on; repeat for more.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for shift.csv, shift.html and coloured structures.")],
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Prompts that are on before; none if not given.")
    ] = None,
    structure_format: Annotated[
        StructureChoice, typer.Option("--structure-format", help="Format of the structures.")
    ] = StructureChoice.mmcif,
    rotations: Annotated[int, typer.Option("--rotations", min=1, help="Rotations behind the p-values.")] = 1000,
    threads: ThreadsOption = 1,
    json: JsonOption = False,
) -> None:
    """Write how far the embedding of each residue moves when prompts are on, and whether surface residues move most.

    The structure has the shifts in its B-factor column. With structures, the AUROC of the shift for surface residues,
    and for residues that touch another chain, is taken inside each protein, with p from shifts rotated along chains.

    Exit codes: 0 done; 2 no such run, prompt or file.
    """
    from protea.applications.prompts.moved_residues import trait_test
    from protea.applications.prompts.shift import shift_of
    from protea.applications.prompts.shift_files import write_shifts
    from protea.benchmark.predict_files import require_distinct_names, structure_name
    from protea.benchmark.trained import load_run
    from protea.protein.readers.read import read_protein
    from protea.training.loop import arithmetic

    require_distinct_names(files)
    names = ("shift.csv", "shift.html", *(structure_name(file, structure_format.value) for file in files))
    require_folder("--out", out, files, names)
    trained = load_run(run)
    with arithmetic(threads):
        shifts = shift_of(trained, [read_protein(file) for file in files], prompt, without or ())
    placed = [shift for shift in shifts if len(shift.protein.atom_position)]
    asked = [trait_test(placed, "surface", num_rotations=rotations), trait_test(placed, "interface",
                                                                                num_rotations=rotations)]  # fmt: skip
    tests = [test for test in asked if test is not None]
    words = " + ".join(shifts[0].prompts) or "none"
    note = f"Run {run.name}: embeddings under {words}, against {' + '.join(without or ()) or 'no prompt'}."
    written = write_shifts(shifts, tests, files, out, f"Shift map of {words}", note, structure_format.value)
    if json:
        print_json({"prompts": list(shifts[0].prompts), "tests": [test._asdict() for test in tests],
                    "files": [str(path) for path in written]})  # fmt: skip
        return
    for test in tests:
        bounds = "" if test.low is None else f" ({test.low:.3f} to {test.high:.3f})"
        typer.echo(f"{test.trait}: AUROC {test.auroc:.3f}{bounds}, p {test.p_value:.3g}, {test.num_proteins} proteins")
    for path in written:
        typer.echo(str(path))
