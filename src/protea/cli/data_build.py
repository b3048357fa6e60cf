"""`protea data build`: a source written into a store."""

from pathlib import Path
from typing import Annotated, Any

import typer

from protea.cli.options import DryRunOption, JsonOption, SetOption
from protea.cli.output_paths import require_folder
from protea.cli.printing import print_json, say

__all__ = ["build"]


def build(
    source: Annotated[Path, typer.Argument(help="A YAML configuration of a source, or its data.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the store.")],
    kind: Annotated[
        str, typer.Option(help="Kind of source, where SOURCE is data: folder, docking, ca_traces.")
    ] = "folder",
    overrides: SetOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Read a source of proteins into a store; what cannot be read is counted and named.

    An interrupted build goes on where it stopped. With --dry-run everything is read and nothing is written.

    Exit codes: 0 done; 2 wrong configuration, or data that are absent.
    """
    from pydantic import BaseModel

    from protea.config import apply_overrides, load_tree, parse_config
    from protea.datasets.building import build_store
    from protea.datasets.sources.catalogue import AnySource
    from protea.datasets.sources.interface import SourceReport
    from protea.datasets.store import Store

    class Source(BaseModel):
        source: AnySource

    require_folder("--out", out, [source])
    is_config = source.suffix in {".yaml", ".yml"}
    tree = load_tree(source) if is_config else {"kind": kind, "path": str(source)}
    chosen = parse_config(Source, {"source": apply_overrides(tree, overrides or [])}, where=str(source)).source
    if dry_run:
        report = SourceReport()
        num_residues = sum(len(protein) for protein in chosen.proteins(report))
    else:
        report = build_store(chosen, out)
        num_residues = int(Store(out).manifest["num_residues"])
    if json:
        content: dict[str, Any] = {
            "store": None if dry_run else str(out),
            "proteins": report.num_proteins,
            "residues": num_residues,
            "refused": report.refused,
            "ignored": report.ignored,
            "counts": report.counts,
        }
        if not dry_run:
            content |= {"fingerprint": Store(out).fingerprint, "bytes_per_residue": Store(out).bytes_per_residue()}
        print_json(content)
        return
    typer.echo(report.to_markdown(), nl=False)
    if dry_run:
        say(f"dry run: {out} was not written")
    else:
        typer.echo(f"- store: {out}, {num_residues:,} residues, {Store(out).bytes_per_residue():.1f} bytes per residue")
