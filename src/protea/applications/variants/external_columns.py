"""What other models say of a scan's variants: scores from a CSV table, embeddings from a folder."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from protea.applications.variants.mutations import Variant
from protea.applications.variants.variant_features import embedding_columns
from protea.datasets.opened_table import opened_table, require_once
from protea.datasets.stored_embeddings import Embeddings, read_embeddings
from protea.errors import FileFormatError, InputError, describe

__all__ = ["EMBEDDING_FEATURES", "ExternalColumns", "read_external_columns"]

EMBEDDING_FEATURES = {"embedding_mean": False, "embedding_sites": True}
"""Features from embeddings, and whether they are averaged over the mutated sites only."""


@dataclass(frozen=True, eq=False)
class ExternalColumns:
    """Scores of every variant by their name, in the order of the scan, and where embeddings are."""

    score_of: Mapping[str, Float[np.ndarray, " variant"]] = field(default_factory=dict)
    embeddings: Embeddings | None = None
    digest: str = ""
    """Of what was read; empty if nothing was."""

    def part(self, rows: Int[np.ndarray, " part"]) -> "ExternalColumns":
        """Return what is said of some of the variants."""
        return replace(self, score_of={name: score[rows] for name, score in self.score_of.items()})

    def with_scores(self, more: Mapping[str, Float[np.ndarray, " variant"]]) -> "ExternalColumns":
        """Return these and more scores; raise InputError where a name is there already."""
        twice = sorted({*more} & {*self.score_of})
        if twice:
            raise InputError(
                describe(f"two scores {twice[0]!r}", expected="a column of the table, or a model of this name",
                         do="Rename the model under `score_models`.")
            )  # fmt: skip
        return replace(self, score_of={**self.score_of, **more})

    def score(self, name: str) -> Float[np.ndarray, " variant"]:
        """Return the scores of this name.

        Raises:
            InputError: there are none.
        """
        if name not in self.score_of:
            raise InputError(
                describe(f"no scores {name!r}", expected="a table of scores with this column",
                         found=", ".join(self.score_of) or "none")
            )  # fmt: skip
        return self.score_of[name]

    def embedded(
        self, feature: str, names: Sequence[str], variants: Sequence[Variant]
    ) -> Float[np.ndarray, "variant channel"]:
        """Return the embedding of each variant, averaged as the feature says.

        Raises:
            InputError: no folder of embeddings was given, or it lacks a variant.
        """
        if self.embeddings is None:
            raise InputError(f"{feature} needs a folder of embeddings; name it under embeddings of the scan.")
        return embedding_columns(self.embeddings, names, variants, EMBEDDING_FEATURES[feature])


def read_external_columns(scores: Path | None, embeddings: Path | None, names: Sequence[str]) -> ExternalColumns:
    """Return the scores (a CSV whose first column names the variant) and the embeddings of the named variants.

    Raises:
        FileFormatError: two columns of one name, a line of another length, a cell that is no finite number, or a
            variant that stands twice.
        InputError: a variant without a line; lines of other variants are passed over.
    """
    parts = [] if scores is None else [hashlib.sha256(scores.read_bytes()).hexdigest()]
    found = {} if scores is None else _read_scores(scores, names)
    stored = None if embeddings is None else read_embeddings(embeddings)
    if stored is not None:
        parts.append(stored.made_by)
    return ExternalColumns(found, stored, " ".join(parts))


def _read_scores(path: Path, names: Sequence[str]) -> dict[str, Float[np.ndarray, " variant"]]:
    with opened_table(path) as handle:
        head, *lines = list(csv.reader(handle, strict=True)) or [[]]
    require_once(head, head, path)
    row_of: dict[str, list[float]] = {}
    for number, line in enumerate(lines, start=2):
        values = [_finite(cell) for cell in line[1:]]
        if len(line) != len(head) or None in values or line[0] in row_of:
            raise FileFormatError(
                describe("not a line of scores", where=f"{path}:{number}", found=",".join(line),
                         expected=f"a variant that has no other line and {len(head) - 1} finite numbers")
            )  # fmt: skip
        row_of[line[0]] = [value for value in values if value is not None]
    absent = [name for name in names if name not in row_of]
    if absent:
        raise InputError(
            describe(f"{len(absent)} of {len(names)} variants have no score", where=str(path),
                     found=f"no line of {absent[0]!r}")
        )  # fmt: skip
    table = np.array([row_of[name] for name in names], dtype=np.float64)
    return {name: table[:, place] for place, name in enumerate(head[1:])}


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None  # the caller names the line
    return value if np.isfinite(value) else None
