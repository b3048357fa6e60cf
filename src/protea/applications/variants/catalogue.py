"""The supervised variant models and the splits of variants, by name."""

from typing import Annotated

from pydantic import Field

from protea.applications.variants.plain_score import PlainScoreConfig
from protea.applications.variants.splits import (
    ColumnSplitConfig,
    ContiguousSplitConfig,
    LowVersusHighSplitConfig,
    ModuloSplitConfig,
    MutationsSplitConfig,
    RandomSplitConfig,
)
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.network import NetworkConfig
from protea.benchmark.learners.ridge import RidgeConfig

__all__ = ["AnyLearnerConfig", "AnySplitConfig"]

AnyLearnerConfig = Annotated[
    RidgeConfig | GaussianProcessConfig | NetworkConfig | PlainScoreConfig, Field(discriminator="kind")
]

AnySplitConfig = Annotated[
    RandomSplitConfig
    | ModuloSplitConfig
    | ContiguousSplitConfig
    | MutationsSplitConfig
    | LowVersusHighSplitConfig
    | ColumnSplitConfig,
    Field(discriminator="kind"),
]
