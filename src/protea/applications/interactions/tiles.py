"""Some proteins scored against all others, tile by tile, and the best of each.

A tile is as wide as its memory allows for a number of rows that is given, not for the rows that are asked: so the
roundings of a score do not follow from how many are asked at once. Axes: protein, row and column (proteins of a tile).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.applications.interactions.pair_predictor import PairPredictor
from protea.applications.interactions.protein_inputs import ProteinInputs

__all__ = ["Best", "all_states", "best_columns", "probability_tiles"]

_TILE_BYTES = 64 * 2**20
"""About the size of the largest array that a tile of pairs makes."""
_READ_AT_ONCE = 64


class Best(NamedTuple):
    """Scores and rows, the best first."""

    score: Float[np.ndarray, "..."]
    row: Int[np.ndarray, "..."]


def all_states(predictor: PairPredictor, inputs: ProteinInputs, num: int) -> Float[Tensor, "protein *state"]:
    """Return the states of the first `num` proteins, each read once."""
    rows, step = np.arange(num), _READ_AT_ONCE
    return torch.cat([predictor.states(inputs, rows[start : start + step]) for start in range(0, num, step)])


def probability_tiles(
    predictor: PairPredictor, own: Float[Tensor, "row *state"], state: Float[Tensor, "protein *state"], num_rows: int
) -> Iterator[tuple[int, Float[np.ndarray, "row column output"]]]:
    """Yield where each tile begins, and its probabilities; `num_rows` is what its width is chosen for."""
    edge = max(_TILE_BYTES // (4 * max(state[0].numel(), 1) * num_rows), 16)
    for start in range(0, len(state), edge):
        yield start, predictor.probability(own[:, None], state[start : start + edge]).numpy()


def best_columns(score: Float[np.ndarray, "row column"], num: int) -> Best:
    """Return the highest scores of each row, the earlier column first where they tie."""
    # A partition leaves ties at its border to chance: all at or above the last score are sorted, then cut.
    scores, columns = [], []
    for row in score:
        last = np.partition(row, len(row) - num)[len(row) - num]
        found = np.flatnonzero(row >= last)
        order = found[np.argsort(-row[found], kind="stable")][:num]
        scores.append(row[order])
        columns.append(order)
    return Best(np.stack(scores), np.stack(columns).astype(np.int64))
