"""`protea data inspect`: what structure files hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from protea.cli.exit_codes import ExitCode
from protea.cli.options import JsonOption
from protea.cli.printing import print_json, print_table

if TYPE_CHECKING:
    from protea.datasets.inspection import FileSummary

__all__ = ["inspect"]


def inspect(
    path: Annotated[list[Path], typer.Argument(help="Structure or FASTA files, folders, or archives.")],
    json: JsonOption = False,
) -> None:
    """Tell of each file its chains, residues, resolved atoms, sequence, models and ligands, or why it is refused.

    With --json: a list with one entry per file, `{file, chains: [{chain, residues, resolved_atoms, sequence, models,
    ligands}]}` or `{file, error}`. Folders are searched at every depth; a member of an archive is `archive:member`.

    Exit codes: 0 every file was read; 1 at least one was refused (the list is whole all the same); 2 no such path.
    """
    from protea.datasets.inspection import inspect_paths

    summaries = list(inspect_paths(path))
    if json:
        print_json([_tree(summary) for summary in summaries])
    else:
        heads = ("file", "chain", "residues", "resolved atoms", "models", "ligands", "sequence")
        print_table(heads, [row for summary in summaries for row in _rows(summary)])
    if any(summary.error is not None for summary in summaries):
        raise typer.Exit(int(ExitCode.CHECK_FAILED))


def _tree(summary: "FileSummary") -> dict[str, Any]:
    if summary.error is not None:
        return {"file": summary.file, "error": summary.error}
    return {"file": summary.file, "chains": [chain._asdict() for chain in summary.chains]}


def _rows(summary: "FileSummary") -> list[tuple[str, ...]]:
    if summary.error is not None:
        return [(summary.file, "refused", "", "", "", "", summary.error)]
    return [
        (summary.file, chain.chain, str(chain.residues), str(chain.resolved_atoms), str(chain.models),
         " ".join(chain.ligands), chain.sequence if len(chain.sequence) <= 40 else f"{chain.sequence[:37]}...")
        for chain in summary.chains
    ]  # fmt: skip
