"""Tiles are the matrix of all pairs, however wide they are; the best of a row go by score, then by place."""

import numpy as np
import pytest

from protea.applications.interactions import tiles
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.applications.interactions.tiles import all_states, best_columns, probability_tiles
from tests.applications.interactions.made_predictor import made_predictor
from tests.applications.interactions.made_problem import telling_network


@pytest.mark.parametrize("width", [16, 20, 60])
def test_tiles_are_the_whole_matrix(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "_TILE_BYTES", 4 * 6 * 8 * width)
    predictor, sequences = made_predictor(outputs=("binding", "reaction")), telling_network().sequences
    assert sequences is not None
    state = all_states(predictor, ProteinInputs(predictor.config.inputs, sequences, None, False), 60)
    found = list(probability_tiles(predictor, state[:8], state, 8))
    assert [start for start, _ in found] == list(range(0, 60, width))
    expected = predictor.probability(state[:8, None], state).numpy()
    assert np.allclose(np.concatenate([tile for _, tile in found], axis=1), expected, atol=1e-6)


def test_ties_go_to_the_earlier_column() -> None:
    found = best_columns(np.array([[0.5, 0.9, 0.5, 0.5]], np.float32), 3)
    assert found.row.tolist() == [[1, 0, 2]]
