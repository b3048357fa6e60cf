"""Columns that a supervised model sees of variants, with what was fitted to the training variants, for any others."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field
from scipy import sparse

from protea.applications.variants.external_columns import EMBEDDING_FEATURES, ExternalColumns
from protea.applications.variants.mutations import Variant
from protea.applications.variants.substitution_scales import SCALE_SCORES, scale_score
from protea.applications.variants.variant_features import SEQUENCE_FEATURES, sequence_columns
from protea.benchmark.learners.learner import Columns
from protea.config import Config
from protea.datasets.column_scale import column_scale
from protea.errors import ConfigError, describe

__all__ = ["NOTHING_EXTERNAL", "SCORE_WEIGHT", "FittedColumns", "fit_columns"]

NOTHING_EXTERNAL = ExternalColumns()
"""For models that look at the variant alone."""
SCORE_WEIGHT = 10.0
"""A score column, z-scored and times ten, is hardly held back by a penalty that holds single substitutions."""


class FittedColumns(Config):
    """Features of variants of one wild type; scores and channels are standardised as the training variants were."""

    features: tuple[str, ...] = Field(min_length=1, description="Names of the features, in order.")
    length: int = Field(ge=1, description="Residues of the wild type.")
    mean: dict[str, tuple[float, ...]] = Field(
        description="Mean of each number of a feature over the training variants."
    )
    spread: dict[str, tuple[float, ...]] = Field(description="Their standard deviation; 1 where it is 0.")
    score_weight: float = Field(SCORE_WEIGHT, description="Multiplied into standardised scores.")

    def columns(
        self, names: Sequence[str], variants: Sequence[Variant], external: ExternalColumns = NOTHING_EXTERNAL
    ) -> Columns:
        """Return the columns of variants, sparse where most are 0.

        Raises:
            InputError: features that need embeddings or scores, and there are none, or a variant without columns.
        """
        blocks: list[Columns] = []
        for name in self.features:
            if name in SEQUENCE_FEATURES:
                blocks.append(sequence_columns(name, variants, self.length))
            else:
                found = _numbers(name, names, variants, external)
                weight = 1.0 if name in EMBEDDING_FEATURES else self.score_weight
                blocks.append(weight * ((found - np.array(self.mean[name])) / np.array(self.spread[name])))
        if all(isinstance(block, np.ndarray) for block in blocks):
            return np.concatenate(blocks, axis=1)
        return sparse.csr_array(sparse.hstack([sparse.csr_array(block) for block in blocks]))


def fit_columns(
    features: Sequence[str], names: Sequence[str], variants: Sequence[Variant], length: int,
    train: Int[np.ndarray, " train"], external: ExternalColumns = NOTHING_EXTERNAL,
    score_weight: float = SCORE_WEIGHT, where: str | None = None,
) -> FittedColumns:  # fmt: skip
    """Return the columns, standardised on the training rows.

    Raises:
        ConfigError: no such features.
        InputError: features that need embeddings, and there are none.
    """
    statistics: dict[str, dict[str, Any]] = {"mean": {}, "spread": {}}
    for name in features:
        if name in SEQUENCE_FEATURES:
            continue
        if name not in {*SCALE_SCORES, *EMBEDDING_FEATURES, *external.score_of}:
            known = ", ".join([*SEQUENCE_FEATURES, *SCALE_SCORES, *EMBEDDING_FEATURES, *external.score_of])
            raise ConfigError(describe("no such features", where=where, expected=f"any of {known}", found=name))
        found = _numbers(name, [names[row] for row in train], [variants[row] for row in train],
                         external.part(train))  # fmt: skip
        statistics["mean"][name] = tuple(found.mean(axis=0).tolist())
        statistics["spread"][name] = tuple(column_scale(found).tolist())
    return FittedColumns(features=tuple(features), length=length, score_weight=score_weight, **statistics)


def _numbers(
    name: str, names: Sequence[str], variants: Sequence[Variant], external: ExternalColumns
) -> Float[np.ndarray, "variant number"]:
    if name in EMBEDDING_FEATURES:
        return external.embedded(name, names, variants)
    return (scale_score(name, variants) if name in SCALE_SCORES else external.score(name))[:, None]
