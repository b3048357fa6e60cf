"""Distances of a structure from its sequence: which are asked for, that nothing of them is seen, invariance."""

import pytest
import torch

from protea.errors import ContractError
from protea.features.edges.catalogue import KNearest
from protea.features.hidden_edges import hidden_groups
from protea.objectives.coordinate_recovery import CoordinateRecoveryConfig
from protea.objectives.interface import Corruption, EncoderWidth
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.protein.batch import ProteinBatch
from tests.features.proteins import random_rotation
from tests.objectives.made import SCHEME, built, made_batch

CONFIG = CoordinateRecoveryConfig(partners=3, min_separation=2, largest=1000.0)
GRAPH_SIZES = (9, 1, 6, 2)


def corrupted(batch: ProteinBatch, config: CoordinateRecoveryConfig = CONFIG, epoch: int = 0) -> ProteinBatch:
    return config.build(EncoderWidth(6)).corrupt(batch, Corruption(0, epoch))


def test_partners_are_far_enough_and_of_the_same_protein() -> None:
    batch = made_batch(*GRAPH_SIZES)
    seen = corrupted(batch)
    member, row = hidden_groups(seen)[CONFIG.kind], torch.arange(batch.num_residues)[:, None]
    value, is_supervised = CONFIG.build(EncoderWidth(6)).targets(seen)
    assert is_supervised.tolist() == [True] * 9 + [False] + [True] * 6 + [False] * 2
    assert torch.equal(batch.protein_of()[member], batch.protein_of()[row].expand_as(member))
    assert ((member - row).abs()[is_supervised] >= 2).all()
    assert (member == row)[~is_supervised].all()
    ca = batch.ca()[0]
    expected = torch.stack([torch.stack([(ca[i] - ca[j]).norm() for j in member[i].tolist()]) for i in range(18)])
    assert torch.allclose(value, expected, atol=1e-12)


def test_every_far_residue_is_drawn_and_evenly() -> None:
    batch = made_batch(7)
    config = CoordinateRecoveryConfig(partners=4000, min_separation=3)
    member = hidden_groups(corrupted(batch, config))[config.kind]
    for row in range(7):
        count = torch.bincount(member[row], minlength=7)
        far = [other for other in range(7) if abs(other - row) >= 3]
        assert count.nonzero()[:, 0].tolist() == (far or [row])
        if far:
            share = count[far] / 4000
            assert (share - 1 / len(far)).abs().max() < 0.04  # four standard deviations of a share of one half


def test_an_unresolved_ca_is_neither_asked_nor_a_partner() -> None:
    batch = made_batch(9)
    of_atom = batch.residue_of_atom()
    keep = of_atom != 4
    bare = batch.replace(
        atom_position=batch.atom_position[keep],
        atom_code=batch.atom_code[keep],
        atom_ptr=torch.searchsorted(of_atom[keep], torch.arange(10)),
    )
    seen = corrupted(bare)
    assert CONFIG.build(EncoderWidth(6)).targets(seen).is_supervised.tolist() == [True] * 4 + [False] + [True] * 4
    member = hidden_groups(seen)[CONFIG.kind]
    assert not (member[[0, 1, 2, 3, 5, 6, 7, 8]] == 4).any()


def test_what_the_encoder_sees_does_not_depend_on_the_structure() -> None:
    batch = made_batch(9, 5)
    moved = batch.replace(atom_position=torch.randn_like(batch.atom_position))
    one, other = (SCHEME.build()(corrupted(given), KNearest(k=4)) for given in (batch, moved))
    assert torch.equal(one.scalar, other.scalar)
    assert torch.equal(one.position, other.position)
    assert not one.is_resolved.any()


def test_distances_are_those_before_another_objective_moved_the_atoms() -> None:
    batch = made_batch(9)
    noisy = StructureDenoisingConfig(sigma=5.0).build(EncoderWidth(6)).corrupt(batch, Corruption(0, 0))
    objective = CONFIG.build(EncoderWidth(6))
    assert torch.equal(objective.targets(corrupted(noisy)).value, objective.targets(corrupted(batch)).value)


def test_turning_and_mirroring_a_protein_changes_no_target() -> None:
    batch = made_batch(9)
    turn = -random_rotation(torch.float64)
    turned = batch.replace(atom_position=batch.atom_position @ turn.T + 7.0)
    objective = CONFIG.build(EncoderWidth(6))
    assert torch.allclose(objective.targets(corrupted(batch)).value, objective.targets(corrupted(turned)).value)


@pytest.mark.parametrize("read_out", ["product", "places"])
def test_a_pair_of_residues_has_one_distance(read_out: str, dtype: torch.dtype, tolerance: float) -> None:
    batch = made_batch(8, dtype=dtype)
    found = built(CoordinateRecoveryConfig(partners=7, min_separation=1, read_out=read_out), batch)
    rows = torch.arange(8)
    all_others = torch.stack([rows[rows != row] for row in range(8)])
    inputs = found.inputs.replace(hidden_groups={CONFIG.kind: all_others})
    table = torch.zeros((8, 8), dtype=dtype).scatter(1, all_others, found.objective.predict(found.encoding, inputs))
    assert table.std() > 0
    assert torch.allclose(table, table.T, rtol=tolerance, atol=tolerance)


def test_far_is_far_and_loss_and_score_are_standardised() -> None:
    config = CoordinateRecoveryConfig(partners=2, min_separation=1, largest=5.0, mean=4.0, scale=2.0)
    batch = made_batch(12)
    objective = config.build(EncoderWidth(6))
    value = objective.targets(objective.corrupt(batch, Corruption(0, 0))).value
    assert float(value.max()) == 5.0
    assert float(objective.loss_sum(torch.zeros(2, 2), torch.tensor([[4.0, 8.0], [2.0, 4.0]]))) == pytest.approx(2.5)
    assert objective.score(torch.tensor([[0.0, 1.0]])).tolist() == [[4.0, 6.0]]


def test_epochs_ask_for_other_partners_and_a_rerun_for_the_same() -> None:
    batch = made_batch(20)
    first, again, later = (hidden_groups(corrupted(batch, epoch=epoch))[CONFIG.kind] for epoch in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, later)


def test_a_batch_that_was_not_corrupted_is_refused() -> None:
    found = built(CONFIG, made_batch(5))
    with pytest.raises(ContractError, match="no partners of residues were drawn"):
        found.objective.predict(found.encoding, found.inputs.replace(hidden_groups={}))
