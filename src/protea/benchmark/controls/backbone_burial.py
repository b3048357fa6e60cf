"""Backbone and burial: boosted trees on backbone angles and neighbour counts. The bar for inverse folding.

Reads N, CA, C, O only; the residue type shows in none of the columns. Perplexity 18 is the prior's; what local angles
and burial alone give is what an encoder must beat to claim that it sees more.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from protea.benchmark.controls.boosting import BoostingSettings, run_trees
from protea.benchmark.controls.burial import burial_columns, shape_columns
from protea.benchmark.controls.chain_columns import shifted, trace_columns
from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData, FeatureSet
from protea.benchmark.controls.surroundings import Surroundings
from protea.benchmark.suites.interface import Suite, Task
from protea.features.residue.alpha import ALPHA
from protea.features.residue.backbone_dihedrals import BACKBONE_DIHEDRALS
from protea.features.residue.kappa import KAPPA
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.protein.batch import ProteinBatch

__all__ = ["BACKBONE_BURIAL", "BACKBONE_FEATURES"]

_SETTINGS = BoostingSettings(num_rounds=80, learning_rate=0.1, num_leaves=15, min_in_leaf=40, l2=5.0, column_share=0.3)


def _features(batch: ProteinBatch) -> Float[Tensor, "residue feature"]:
    around = Surroundings(batch)
    angles = torch.cat([feature.compute(around.view) for feature in (BACKBONE_DIHEDRALS, ALPHA, KAPPA)], dim=1)
    burial = burial_columns(around)
    return torch.cat(
        [
            angles,
            shifted(angles, around, -1),
            shifted(angles, around, 1),
            burial,
            shifted(burial[:, :1], around, -1),
            shifted(burial[:, :1], around, 1),
            shape_columns(around),
            trace_columns(around),
        ],
        dim=1,
    )


BACKBONE_FEATURES = FeatureSet("residue", _features)


def _applies_to(suite: Suite, task: Task) -> bool:
    return isinstance(task.objective, InverseFoldingConfig)


def _run(data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int) -> ControlResult:
    return run_trees(data, tasks, fold, seed, BACKBONE_FEATURES, _SETTINGS)


BACKBONE_BURIAL = Control("backbone_burial", _applies_to, _run)
