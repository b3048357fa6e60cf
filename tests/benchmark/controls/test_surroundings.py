import numpy as np
import torch

from protea.benchmark.controls.surroundings import Surroundings
from protea.protein.batch import pack
from tests.benchmark.controls.suites import ca_protein, globule
from tests.features.proteins import random_proteins, random_rotation


def _trace(points: list, sequence: str | None = None) -> Surroundings:
    return Surroundings(pack([ca_protein("a", sequence or "A" * len(points), np.array(points, float))]))


def test_pairs_stay_inside_a_protein_and_come_in_both_directions() -> None:
    around = Surroundings(pack([globule("a", 12, 0), globule("b", 9, 1)]))
    protein_of = around.batch.protein_of()
    assert (protein_of[around.source] == protein_of[around.target]).all()
    pairs = set(zip(around.source.tolist(), around.target.tolist(), strict=True))
    assert pairs == {(target, source) for source, target in pairs}


def test_side_chain_of_a_trace_points_out_of_the_bend() -> None:
    around = _trace([[-3, -2, 0], [0, 0, 0], [3, -2, 0]])
    torch.testing.assert_close(around.direction[1], torch.tensor([0.0, 1.0, 0.0]))


def test_chain_ends_point_away_from_their_neighbours() -> None:
    around = _trace([[0, 0, 0], [3.8, 0, 0]])
    torch.testing.assert_close(around.direction, torch.tensor([[-1.0, 0, 0], [1.0, 0, 0]]))


def test_side_chain_of_a_backbone_stands_at_110_degrees_from_n_and_c_on_the_side_of_an_l_residue() -> None:
    dense = random_proteins(20, seed=3, dtype=torch.float32)
    around = Surroundings(dense.batch())
    view = around.view
    n, c = view.n - view.ca, view.c - view.ca
    for arm in (n, c):
        cosine = (arm / arm.norm(dim=1, keepdim=True) * around.direction).sum(1)
        assert (torch.rad2deg(cosine.acos()) - 110).abs().max() < 1.5
    assert ((torch.linalg.cross(n, c) * around.direction).sum(1) > 0).all()


def test_side_chain_atoms_are_never_read() -> None:
    dense = random_proteins(20, seed=3, dtype=torch.float32)
    moved = dense.position.clone()
    moved[:, 3:4] += 5.0
    moved[:, 5:] += 5.0
    first, second = Surroundings(dense.batch()), Surroundings(dense.with_position(moved).batch())
    torch.testing.assert_close(first.direction, second.direction, rtol=0, atol=0)


def test_views_turn_with_the_protein() -> None:
    dense = random_proteins(25, seed=1, dtype=torch.float32)
    rotation = random_rotation(torch.float32)
    first = Surroundings(dense.batch())
    second = Surroundings(dense.with_position(dense.position @ rotation.T + 3.0).batch())
    torch.testing.assert_close(second.direction, first.direction @ rotation.T, atol=1e-4, rtol=0)
    torch.testing.assert_close(second.cosine, first.cosine, atol=1e-4, rtol=0)


def test_cosine_is_one_straight_above() -> None:
    around = _trace([[-3, -2, 0], [0, 0, 0], [3, -2, 0], [0, 6, 0]])
    above = (around.target == 1) & (around.source == 3)
    assert around.cosine[above].tolist() == [1.0]
    torch.testing.assert_close(around.centre[1], torch.tensor([0.0, 2.4, 0.0]))


def test_unresolved_residues_have_no_pairs() -> None:
    protein = globule("a", 10, 0)
    hidden = protein.replace(
        atom_ptr=np.array([0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9]),
        atom_code=protein.atom_code[1:],
        atom_position=np.delete(protein.atom_position, 3, axis=0),
    )
    around = Surroundings(pack([hidden]))
    assert not around.has_ca[3]
    assert not ((around.source == 3) | (around.target == 3)).any()
    assert around.direction.isfinite().all()
