"""`protea visualise`: a folder of embeddings as an interactive map."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from protea.cli.options import DryRunOption, JsonOption
from protea.cli.output_paths import require_apart
from protea.cli.printing import print_json, say

__all__ = ["MethodChoice", "visualise"]


class MethodChoice(StrEnum):
    """How many channels become two."""

    umap = "umap"
    pca = "pca"


def visualise(
    embeddings: Annotated[Path, typer.Argument(help="Folder of embeddings, as `protea embed` writes it.")],
    out: Annotated[Path, typer.Option("--out", help="The page to write (.html).")],
    labels: Annotated[Path | None, typer.Option(help="CSV table with a column `id` and columns of labels.")] = None,
    label: Annotated[str | None, typer.Option(help="Column that colours the points; the first if not given.")] = None,
    method: Annotated[
        MethodChoice, typer.Option(help="umap (needs the extra `visualise`) or pca.")
    ] = MethodChoice.umap,
    seed: Annotated[int, typer.Option(min=0, help="Seed of UMAP; the same seed gives the same map.")] = 0,
    neighbours: Annotated[int, typer.Option(min=2, help="Neighbours that UMAP keeps together.")] = 15,
    max_points: Annotated[int, typer.Option(min=4, help="Most proteins; of more a random part is drawn.")] = 20_000,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Draw the proteins of a folder of embeddings as one interactive HTML page that fetches nothing.

    The pointer shows ids, the legend hides and shows labels, the wheel zooms, dragging moves, a double click resets.

    Exit codes: 0 done; 2 no such folder or table, or labels that belong to no protein; 3 umap-learn is missing.
    """
    from protea.applications.embedding.embedding_map import draw_map

    require_apart({"--out": out}, [labels])
    if dry_run:
        from protea.datasets.stored_embeddings import read_embeddings

        num = len(read_embeddings(embeddings))
        if json:
            print_json({"proteins": num, "page": str(out)})
        else:
            typer.echo(f"would draw {num} proteins into {out}")
        return
    drawn = draw_map(
        embeddings, out, labels, label, method.value, seed=seed, num_neighbours=neighbours, max_points=max_points
    )
    if json:
        print_json({"page": str(out), **drawn.facts()})
        return
    for line in drawn.remarks:
        say(line)
    typer.echo(f"{out}: {drawn.num_drawn:,} proteins by {method.value}")
