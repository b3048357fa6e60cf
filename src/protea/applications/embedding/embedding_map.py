"""A folder of embeddings and a table of labels drawn as a map on one page."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from protea.applications.embedding.map_page import map_page
from protea.applications.embedding.point_labels import PointLabels, read_point_labels
from protea.applications.embedding.projection import ProjectionMethod, project
from protea.datasets.stored_embeddings import read_embeddings
from protea.errors import InputError, describe

__all__ = ["DrawnMap", "draw_map"]


@dataclass(frozen=True)
class DrawnMap:
    """What was drawn, and what a reader of the map has to know."""

    num_proteins: int
    num_drawn: int
    num_without_label: int
    num_unmatched_labels: int
    remarks: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """Return the counts."""
        return {
            "proteins": self.num_proteins,
            "drawn": self.num_drawn,
            "without_label": self.num_without_label,
            "unmatched_labels": self.num_unmatched_labels,
            "remarks": list(self.remarks),
        }


def draw_map(
    folder: Path, page: Path, table: Path | None, column: str | None, method: ProjectionMethod, *, seed: int = 0,
    num_neighbours: int = 15, max_points: int = 20_000,
) -> DrawnMap:  # fmt: skip
    """Write the map of the protein embeddings of a folder; of more than `max_points` a random part, by the seed.

    Raises:
        InputError: if the folder holds no protein embeddings, or no label belongs to any of them.
        MissingExtraError: if UMAP is asked for and umap-learn is not installed.
    """
    found = read_embeddings(folder)
    if found.protein is None:
        raise InputError(describe("no protein embeddings", where=str(folder), do="Embed with --level protein."))
    rows = np.arange(len(found))
    remarks = [] if found.is_complete else ["The folder is not complete: `protea embed` was stopped."]
    if len(rows) > max_points:
        rows = np.sort(np.random.default_rng(seed).choice(len(found), max_points, replace=False))
        remarks.append(f"{max_points:,} of {len(found):,} proteins are drawn, chosen at random with seed {seed}.")
    projection = project(np.asarray(found.protein[rows]), method, seed=seed, num_neighbours=num_neighbours)
    labels = None if table is None else read_point_labels(table, found.ids, column)
    if labels is not None and labels.unmatched:
        some = ", ".join(labels.unmatched[:3])
        remarks.append(f"{len(labels.unmatched):,} ids of the table have no embedding (first: {some}).")
    shown = None if labels is None else PointLabels(labels.name, tuple(labels.value[row] for row in rows), ())
    ids = tuple(found.ids[row] for row in rows)
    about = found.manifest["about"]
    note = f"{len(rows):,} proteins, {about['encoder']}, weights {found.weights_sha256[:12]}."
    text = map_page(projection, ids, shown, folder.resolve().name, " ".join([note, *remarks]))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
    num_missing = 0 if shown is None else shown.num_missing
    return DrawnMap(len(found), len(rows), num_missing, 0 if labels is None else len(labels.unmatched), tuple(remarks))
