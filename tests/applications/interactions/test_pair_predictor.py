from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.interactions.pair_predictor import load_predictor, save_predictor
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.datasets.sequence_digest import sequence_digest
from protea.errors import InputError
from tests.applications.interactions.made_predictor import made_predictor
from tests.applications.interactions.made_problem import telling_network


@pytest.mark.parametrize("maps", [False, True])
def test_a_model_from_its_folder_answers_as_before(maps: bool, tmp_path: Path) -> None:
    predictor = made_predictor(maps=maps, outputs=("binding", "reaction"))
    save_predictor(predictor, tmp_path / "model")
    loaded = load_predictor(tmp_path / "model")
    assert (loaded.outputs, loaded.threshold, loaded.facts) == (("binding", "reaction"), 0.5, predictor.facts)
    network = telling_network()
    assert network.sequences is not None
    inputs = ProteinInputs(predictor.config.inputs, network.sequences, None, maps)
    rows = np.arange(6)
    for model in (predictor, loaded):
        state = model.states(inputs, rows)
        found = model.probability(state[:3], state[3:])
        assert found.shape == (3, 2)
        expected = predictor.probability(*predictor.states(inputs, rows).split(3))
        assert torch.equal(found, expected)


@torch.no_grad()
def test_vectors_are_standardised_before_the_head() -> None:
    predictor = made_predictor()
    network = telling_network()
    assert network.sequences is not None
    inputs = ProteinInputs(predictor.config.inputs, network.sequences, None, False)
    rows = np.arange(4)
    expected = predictor.head.state(None, None, (inputs.vectors(rows) - 0.05) / 0.1)
    assert torch.allclose(predictor.states(inputs, rows), expected)


def test_training_proteins_are_known_again(tmp_path: Path) -> None:
    plain = made_predictor()
    assert plain.is_trained_on("MKV") is None
    told = replace(plain, trained_on=frozenset({sequence_digest("MKV")}))
    save_predictor(told, tmp_path)
    loaded = load_predictor(tmp_path)
    assert (loaded.is_trained_on("MKV"), loaded.is_trained_on("MKL")) == (True, False)
    assert loaded.digest() == plain.digest()
    save_predictor(plain, tmp_path)  # where a model was that could tell
    assert load_predictor(tmp_path).is_trained_on("MKV") is None


@pytest.mark.parametrize("maps", [False, True])
def test_other_weights_scale_or_outputs_are_another_digest(maps: bool, tmp_path: Path) -> None:
    plain, weights = made_predictor(maps=maps), made_predictor(maps=maps)
    save_predictor(plain, tmp_path)
    assert load_predictor(tmp_path).digest() == plain.digest()
    next(weights.head.parameters()).data.add_(1e-3)
    others = (weights, replace(plain, spread=plain.spread + 1), replace(plain, outputs=("binding",)))
    assert len({one.digest() for one in (plain, *others)}) == 4


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model of pairs"):
        load_predictor(tmp_path)
