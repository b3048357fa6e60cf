"""Turns of the stated spread, their columns as target, and what the published version got wrong."""

import math

import pytest
import torch

from protea.features.residue.backbone_dihedrals import backbone_dihedrals
from protea.features.structure_view import StructureView
from protea.objectives.interface import Corruption
from protea.objectives.original_positions import uncorrupted_structure
from protea.objectives.torsional_denoising import TorsionalDenoisingConfig
from protea.protein.batch import ProteinBatch
from protea.protein.chemistry import ATOM_CODE
from tests.features.proteins import angles_of, is_written, random_proteins
from tests.objectives.made import built, made_batch

CONFIG = TorsionalDenoisingConfig(sigma=0.2)


def torsions(batch: ProteinBatch) -> torch.Tensor:
    return backbone_dihedrals(StructureView(batch))[0].T


def test_measured_torsions_have_turned_by_what_the_target_says(dtype: torch.dtype) -> None:
    batch = made_batch(30, 12, dtype=dtype)
    objective = built(CONFIG, batch).objective
    noisy = objective.corrupt(batch, Corruption(0, 0))
    value, is_supervised = objective.targets(noisy)
    assert value.dtype == dtype
    assert bool(is_supervised.all())
    assert is_written(value)[[0, 29, 30, 41]].tolist() == [[False, True, True], [True, False, False]] * 2
    apart = torsions(noisy) - torsions(batch) - angles_of(value)
    apart = torch.atan2(apart.sin(), apart.cos())[is_written(value)]
    assert float(apart.abs().max()) < (2e-4 if dtype == torch.float32 else 1e-9)


@pytest.mark.parametrize(("noise", "spread"), [("gaussian", 0.2), ("uniform", 0.2 / math.sqrt(3))])
def test_turns_have_the_stated_spread(noise: str, spread: float) -> None:
    batch = made_batch(900, 600)
    objective = built(TorsionalDenoisingConfig(sigma=0.2, noise=noise), batch).objective  # type: ignore[arg-type]
    value = objective.targets(objective.corrupt(batch, Corruption(0, 0))).value
    turn = angles_of(value)[1:899]
    assert turn.std(0).tolist() == pytest.approx([spread] * 3, rel=0.06)
    assert float(turn.mean(0).abs().max()) < 0.03
    assert noise == "gaussian" or float(turn.abs().max()) <= 0.2


def test_all_atoms_are_kept_and_the_clean_structure_travels_along() -> None:
    batch = made_batch(15, 4)
    noisy = built(CONFIG, batch).objective.corrupt(batch, Corruption(0, 0))
    assert torch.equal(noisy.atom_code, batch.atom_code)
    assert not torch.equal(noisy.atom_position, batch.atom_position)
    assert torch.equal(uncorrupted_structure(noisy).atom_position, batch.atom_position)


def test_what_was_not_turned_is_not_supervised() -> None:
    # One residue alone has no torsion; a missing atom takes its residue and the angles that need it.
    batch = random_proteins(1, 8).without((4, ATOM_CODE["CA"])).batch()
    objective = built(CONFIG, batch).objective
    value, is_supervised = objective.targets(objective.corrupt(batch, Corruption(0, 0)))
    assert is_supervised.tolist() == [False, True, True, True, False, True, True, True, True]
    assert is_written(value)[3].tolist() == [True, False, False]
    assert is_written(value)[5].tolist() == [False, True, True]


def test_turns_are_a_function_of_seed_epoch_and_protein() -> None:
    batch = made_batch(9, 7)
    objective = built(CONFIG, batch).objective
    whole = objective.corrupt(batch, Corruption(0, 0))
    alone = objective.corrupt(batch.select([1]), Corruption(0, 0))
    assert torch.allclose(whole.select([1]).atom_position, alone.atom_position, atol=1e-12)
    assert torch.equal(objective.targets(whole).value[9:], objective.targets(alone).value)
    for other in (Corruption(0, 1), Corruption(1, 0)):
        assert not torch.equal(objective.targets(objective.corrupt(batch, other)).value, objective.targets(whole).value)


def test_the_loss_is_the_mean_over_six_columns() -> None:
    objective = built(CONFIG, made_batch(5)).objective
    value = torch.tensor([[1.0, 0.0] * 3], dtype=torch.float64)
    assert float(objective.loss_sum(value + 0.5, value)) == pytest.approx(0.25)
    assert torch.equal(objective.score(value), value)
