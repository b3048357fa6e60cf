"""Contacts of residues: cells and targets worked by hand, symmetry, and what can be learned."""

import numpy as np
import pytest
import torch

from protea.encoders.interface import Encoding
from protea.errors import ContractError
from protea.features.edges.catalogue import KNearest
from protea.features.interface import FeaturisedBatch
from protea.metrics.precision_at_l import BETWEEN_CHAINS
from protea.objectives.interface import EncoderWidth
from protea.objectives.residue_contacts import ResidueContacts, ResidueContactsConfig, cells_of_pairs
from protea.protein.batch import Extra, ProteinBatch, pack
from protea.protein.record import protein_from_sequence
from tests.objectives.made import SCHEME, made_batch

PTR = torch.tensor([0, 3, 5, 9])


def batch_of(position: torch.Tensor, is_known: torch.Tensor) -> ProteinBatch:
    """Proteins a, b, c of 3, 2 and 4 residues; a with b and c with a are pairs."""
    proteins = [protein_from_sequence(name, "A" * length) for name, length in zip("abc", (3, 2, 4), strict=True)]
    made = pack(proteins).replace(pair_member=torch.tensor([[0, 1], [2, 0]]))
    return made.with_extra(
        **{"complex_position": Extra("residue", position), "complex_position.is_known": Extra("residue", is_known)}
    )


def test_cells_between_are_rows_by_columns() -> None:
    cells = cells_of_pairs(PTR, torch.tensor([[1, 0]]), "between", 6)
    assert cells.first.tolist() == [3, 3, 3, 4, 4, 4]
    assert cells.second.tolist() == [0, 1, 2, 0, 1, 2]
    assert set(cells.separation.tolist()) == {BETWEEN_CHAINS}
    assert (cells.num_cells, cells.proteins) == ((6,), ((1, 0),))


def test_cells_within_lie_above_a_diagonal_of_each_of_the_two() -> None:
    cells = cells_of_pairs(PTR, torch.tensor([[2, 0]]), "within", 2)
    assert list(zip(cells.first.tolist(), cells.second.tolist(), strict=True)) == [(5, 7), (5, 8), (6, 8), (0, 2)]
    assert cells.separation.tolist() == [2, 3, 2, 2]
    assert (cells.num_cells, cells.proteins) == ((3, 1), ((2,), (0,)))


def test_no_pair_has_no_cell_between_and_every_protein_a_map_within() -> None:
    none = torch.zeros((0, 2), dtype=torch.int64)
    cells = cells_of_pairs(PTR, none, "between", 6)
    assert (len(cells.first), cells.num_cells) == (0, ())
    cells = cells_of_pairs(PTR, none, "within", 2)
    assert list(zip(cells.first.tolist(), cells.second.tolist(), strict=True)) == [(0, 2), (5, 7), (5, 8), (6, 8)]
    assert (cells.num_cells, cells.proteins) == ((1, 0, 3), ((0,), (1,), (2,)))


def test_inputs_without_pairs_are_answered_within() -> None:
    torch.manual_seed(0)
    inputs = SCHEME.build()(made_batch(3, 2, 4), KNearest(k=2))
    objective = ResidueContactsConfig(where="within", min_separation=2).build(EncoderWidth(5)).eval()
    torch.nn.init.normal_(objective.together)
    residue = torch.randn(9, 5)
    found = objective.predict(encoding_of(residue), inputs)
    pairs = SCHEME.build()(made_batch(3, 2, 4).replace(pair_member=torch.tensor([[0, 2]])), KNearest(k=2))
    torch.testing.assert_close(found, objective.predict(encoding_of(residue), pairs))


def test_targets_are_distances_in_the_complex(dtype: torch.dtype) -> None:
    position = torch.zeros((9, 3), dtype=dtype)
    position[:, 0] = torch.arange(9) * 4.0
    is_known = torch.ones(9, dtype=torch.bool)
    is_known[4] = False
    objective = ResidueContactsConfig().build(EncoderWidth(2))
    value, known = objective.targets(batch_of(position, is_known))
    # Of a with b: residues 0, 1, 2 against 3, 4; 8 angstrom is a contact, and 4 is unknown.
    assert value[:6].reshape(3, 2).tolist() == [[0, 0], [1, 0], [1, 1]]
    assert known[:6].reshape(3, 2).tolist() == [[True, False]] * 3
    maps = objective.maps(batch_of(position, is_known))
    assert maps.members == (("a", "b"), ("c", "a"))
    assert (maps.num_cells, maps.length) == ((6, 12), (2, 3))


def encoding_of(residue: torch.Tensor) -> Encoding:
    return Encoding(residue, residue[:3])


def inputs_of(pair: list[list[int]]) -> FeaturisedBatch:
    return SCHEME.build()(made_batch(3, 2, 4).replace(pair_member=torch.tensor(pair)), KNearest(k=2))


def perturbed(where: str, dtype: torch.dtype) -> ResidueContacts:
    objective = ResidueContactsConfig(where=where, min_separation=1).build(EncoderWidth(5)).to(dtype).eval()  # type: ignore[arg-type]
    generator = torch.Generator().manual_seed(0)
    for parameter in objective.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator, dtype=torch.float64).to(dtype)
    return objective


def test_swapping_the_proteins_transposes_the_map(dtype: torch.dtype, tolerance: float) -> None:
    objective = perturbed("between", dtype)
    residue = torch.randn((9, 5), generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(dtype)
    one, other = (objective.predict(encoding_of(residue), inputs_of([pair])) for pair in ([0, 2], [2, 0]))
    assert torch.allclose(one.reshape(3, 4), other.reshape(4, 3).T, atol=tolerance)


def test_a_cell_is_its_definition(dtype: torch.dtype, tolerance: float) -> None:
    objective = perturbed("within", dtype)
    residue = torch.randn((9, 5), generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(dtype)
    found = objective.predict(encoding_of(residue), inputs_of([[0, 2]]))
    channel = torch.relu(objective.project(objective.norm(residue)))
    cells = objective.cells(PTR, torch.tensor([[0, 2]]))
    for place, (i, j) in enumerate(zip(cells.first.tolist(), cells.second.tolist(), strict=True)):
        expected = (objective.together * channel[i] * channel[j]).sum() + objective.alone(channel[i] + channel[j])[0]
        assert abs(float((found[place] - expected - objective.bias[0]).detach())) < 50 * tolerance


def test_inputs_without_pairs_are_refused() -> None:
    objective = perturbed("between", torch.float32)
    with pytest.raises(ContractError, match="name no pairs"):
        objective.predict(encoding_of(torch.zeros(9, 5)), inputs_of([[0, 1]]).replace(pair_member=None))


def test_contacts_of_residues_that_mark_themselves_are_learned() -> None:
    torch.manual_seed(0)
    residue = torch.randn(9, 5)
    is_marked = np.array([1, 0, 0, 1, 0, 0, 0, 1, 0], bool)
    residue[:, 0] = torch.from_numpy(is_marked).float() * 4 - 2
    objective = ResidueContactsConfig(dropout=0.0).build(EncoderWidth(5))
    cells = objective.cells(PTR, torch.tensor([[0, 1], [0, 2]]))
    value = torch.from_numpy((is_marked[cells.first] & is_marked[cells.second]).astype(np.uint8))
    optimizer = torch.optim.Adam(objective.parameters(), lr=0.05)
    for _ in range(150):
        loss = objective.loss_sum(objective.predict(encoding_of(residue), inputs_of([[0, 1], [0, 2]])), value)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    score = objective.score(objective.predict(encoding_of(residue), inputs_of([[0, 1], [0, 2]])))
    assert bool((score[value == 1] > 0.5).all())
    assert bool((score[value == 0] < 0.5).all())
