import numpy as np
import torch

from protea.benchmark.controls.patch import composition_columns, exposure_weight, patch_columns, patch_mean
from protea.benchmark.controls.surroundings import Surroundings
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.batch import pack
from tests.benchmark.controls.suites import ca_protein, globule

SQUARE = np.array([[0, 0, 0], [3.8, 0, 0], [3.8, 3.8, 0], [30, 0, 0]], float)


def test_composition_counts_types_nearby_without_the_residue_itself() -> None:
    found = composition_columns(Surroundings(pack([ca_protein("a", "AACW", SQUARE)])))
    a, c, w = (STANDARD_LETTERS.index(letter) for letter in "ACW")
    assert found[0, [a, c, w]].tolist() == [1, 1, 0]
    assert found[2, [a, c, w]].tolist() == [2, 0, 0]
    assert found[3].sum() == 0


def test_unknown_residues_are_not_counted() -> None:
    found = composition_columns(Surroundings(pack([ca_protein("a", "AAXW", SQUARE)])))
    assert found[0].tolist() == [1.0, *[0.0] * 19]


def test_patch_mean_by_hand() -> None:
    around = Surroundings(pack([ca_protein("a", "AAAA", SQUARE)]))
    value, weight = torch.tensor([[1.0], [2.0], [6.0], [50.0]]), torch.tensor([1.0, 1.0, 2.0, 1.0])
    found = patch_mean(around, value, weight, 15.0)[:, 0]
    torch.testing.assert_close(found, torch.tensor([3.75, 3.75, 3.75, 50.0]))


def test_a_constant_stays_itself() -> None:
    around = Surroundings(pack([globule("a", 40, 0)]))
    found = patch_mean(around, torch.full((40, 1), 2.5), exposure_weight(around), 9.0)
    torch.testing.assert_close(found, torch.full((40, 1), 2.5))


def test_exposure_falls_with_the_residues_above() -> None:
    points = np.array([[-3, -2, 0], [0, 0, 0], [3, -2, 0], [0, 6, 0], [0, 9, 0]], float)
    weight = exposure_weight(Surroundings(pack([ca_protein("a", "A" * 5, points)])))
    open_weight = exposure_weight(Surroundings(pack([ca_protein("a", "A" * 3, points[:3])])))
    assert open_weight[1] == 1
    torch.testing.assert_close(weight[1], torch.tensor(np.exp(-2 / 12), dtype=torch.float32))


def test_columns_are_finite_for_a_single_residue() -> None:
    around = Surroundings(pack([ca_protein("a", "A", np.zeros((1, 3)))]))
    assert patch_columns(around).isfinite().all()
