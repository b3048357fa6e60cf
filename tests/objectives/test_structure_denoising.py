"""Noise of the stated size on every atom; the noise of the CA is the target."""

import pytest
import torch

from protea.encoders.interface import Encoding
from protea.features.edges.catalogue import KNearest, Radius
from protea.objectives.interface import Corruption
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.protein.chemistry import ATOM_CODE
from tests.features.proteins import random_proteins, random_rotation
from tests.objectives.made import SCHEME, built, made_batch

CONFIG = StructureDenoisingConfig(sigma=0.2)


def test_the_noise_has_the_stated_spread_on_all_atoms_and_all_axes() -> None:
    batch = made_batch(600, 400)
    noisy = built(CONFIG, batch).objective.corrupt(batch, Corruption(0, 0))
    noise = noisy.atom_position - batch.atom_position
    assert len(noise) > 7000
    assert noise.std(0).tolist() == pytest.approx([0.2] * 3, rel=0.05)
    assert noise.mean(0).abs().max() < 0.02
    assert bool((noise != 0).all())
    backbone = noise[batch.atom_code == ATOM_CODE["CA"]]
    assert float(backbone.std()) == pytest.approx(0.2, rel=0.05)


def test_the_target_is_the_noise_of_the_ca(dtype: torch.dtype) -> None:
    batch = made_batch(12, 5, dtype=dtype)
    objective = built(CONFIG, batch).objective
    noisy = objective.corrupt(batch, Corruption(0, 0))
    targets = objective.targets(noisy)
    assert targets.value.dtype == dtype
    moved = noisy.ca()[0] - batch.ca()[0]
    assert float((targets.value - moved).abs().max()) < (1e-5 if dtype == torch.float32 else 1e-12)
    assert bool(targets.is_supervised.all())


def test_a_residue_without_ca_is_not_supervised() -> None:
    batch = random_proteins(6).without((2, ATOM_CODE["CA"])).batch()
    objective = built(CONFIG, batch).objective
    targets = objective.targets(objective.corrupt(batch, Corruption(0, 0)))
    assert targets.is_supervised.tolist() == [True, True, False, True, True, True]


def test_loss_is_in_units_of_sigma_and_averaged_over_axes(dtype: torch.dtype, tolerance: float) -> None:
    objective = built(CONFIG, made_batch(5, dtype=dtype)).objective
    prediction = torch.zeros(2, 3, dtype=dtype)
    value = torch.tensor([[0.2, 0.0, 0.0], [0.2, 0.4, 0.6]], dtype=dtype)  # 1, 0, 0 and 1, 2, 3 sigma
    assert float(objective.loss_sum(prediction, value)) == pytest.approx(15 / 3, rel=tolerance)
    assert objective.score(torch.ones(1, 3, dtype=dtype)).tolist() == [pytest.approx([0.2] * 3)]


def test_uniform_noise_fills_its_range_and_no_more() -> None:
    batch = made_batch(600, 400)
    config = StructureDenoisingConfig(noise="uniform", sigma=0.2)
    noise = built(config, batch).objective.corrupt(batch, Corruption(0, 0)).atom_position - batch.atom_position
    assert 0.199 < float(noise.abs().max()) <= 0.2 + 1e-9
    assert noise.std(0).tolist() == pytest.approx([0.2 / 3**0.5] * 3, rel=0.03)
    assert noise.mean(0).abs().max() < 0.01


def test_original_positions_are_the_target_where_positions_are_predicted(dtype: torch.dtype, tolerance: float) -> None:
    batch = made_batch(12, 5, dtype=dtype)
    config = StructureDenoisingConfig(sigma=0.2, predict="position")
    objective = built(config, batch).objective
    noisy = objective.corrupt(batch, Corruption(0, 0))
    value, is_supervised = objective.targets(noisy)
    assert torch.equal(value, batch.ca()[0])
    assert bool(is_supervised.all())
    # Who leaves the atoms where they stand has an error of one sigma; who finds the places has none.
    standing = objective.loss_sum(noisy.ca()[0], value) / 17
    assert 0.4 < float(standing) < 1.8
    assert float(objective.loss_sum(value, value)) == 0.0
    assert float(objective.loss_sum(value + 0.2, value)) == pytest.approx(17.0, rel=100 * tolerance)
    assert torch.equal(objective.score(value), value)


@torch.no_grad()
def test_a_predicted_position_starts_where_the_encoder_left_the_residue() -> None:
    batch = made_batch(8)
    found = built(StructureDenoisingConfig(predict="position"), batch)
    noise = built(StructureDenoisingConfig(), batch).objective.predict(found.encoding, found.inputs)
    moved = Encoding(found.encoding.residue, found.encoding.protein, position=found.inputs.position + 3.0)
    assert torch.allclose(found.predict(), found.inputs.position + 0.1 * noise, atol=1e-12)
    assert torch.allclose(found.objective.predict(moved, found.inputs), found.predict() + 3.0, atol=1e-12)


def test_noise_is_a_function_of_seed_epoch_and_protein() -> None:
    batch = made_batch(9, 7)
    objective = built(CONFIG, batch).objective
    whole = objective.corrupt(batch, Corruption(0, 0))
    alone = objective.corrupt(batch.select([1]), Corruption(0, 0))
    assert torch.equal(whole.select([1]).atom_position, alone.atom_position)
    other = objective.corrupt(batch, Corruption(0, 1))
    assert not torch.equal(whole.atom_position, other.atom_position)


@torch.no_grad()
@pytest.mark.parametrize("graph", [KNearest(k=4), Radius(radius=10.0)])
def test_the_prediction_turns_with_the_protein(graph: KNearest | Radius) -> None:
    batch = made_batch(11, 6)
    found = built(CONFIG, batch)
    rotation = random_rotation(torch.float64)
    turned = batch.replace(atom_position=batch.atom_position @ rotation.T + 4.0)
    predictions = [found.objective.predict(found.encoding, SCHEME.build()(item, graph)) for item in (batch, turned)]
    assert predictions[0].abs().max() > 0.01
    assert torch.allclose(predictions[1], predictions[0] @ rotation.T, atol=1e-9)
