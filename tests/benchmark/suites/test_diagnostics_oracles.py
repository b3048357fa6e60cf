import numpy as np
import pytest

from protea.benchmark.suites.diagnostics_labels import diagnostic_labels
from protea.benchmark.suites.diagnostics_oracles import later_residue_ceiling, tied_accuracy, tied_auroc
from protea.datasets.sources.generated import generate_protein, mirror_image
from protea.errors import InputError


def test_no_ties_no_limit_and_all_tied_the_commonest() -> None:
    label = np.array([0, 1, 1, 2, 1])
    assert tied_accuracy(label, np.arange(5)) == 1.0
    assert tied_accuracy(label, np.zeros(5, int)) == 3 / 5
    assert tied_accuracy(label, np.array([0, 0, 1, 1, 1])) == 3 / 5
    assert tied_auroc(np.array([0, 1, 1, 0]), np.arange(4)) == 1.0
    assert tied_auroc(np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1])) == 0.5
    assert tied_auroc(np.array([0, 1, 1, 1]), np.array([0, 0, 1, 1])) == pytest.approx(5 / 6)


def test_ceilings_of_pairs_of_mirror_images_are_exactly_one_half() -> None:
    hands, basins, residues, groups = [], [], [], []
    for index in range(4):
        original = generate_protein(0, index)
        for protein in (original, mirror_image(original)):
            labels = diagnostic_labels(protein)
            hands.append(int(labels["handedness"].value))
            known = labels["backbone_basin"].is_known
            basins.append(labels["backbone_basin"].value[known])
            residues.append(1000 * index + np.flatnonzero(known))
            groups.append(index)
    assert tied_auroc(np.array(hands), np.array(groups)) == 0.5
    assert tied_accuracy(np.concatenate(basins), np.concatenate(residues)) == 0.5


def test_later_residue_by_hand() -> None:
    # A B C D E F G H I: residues 1-4 have only i + 4, residue 5 ties E's neighbours A and I.
    assert later_residue_ceiling(["ACDEFGHIK"]) == pytest.approx((4 + 0.5) / 5)
    assert later_residue_ceiling(["ACDEFGHIA"]) == pytest.approx(5 / 5)
    rng = np.random.default_rng(0)
    long = "".join(rng.choice(list("ACDEFGHIKLMNPQRSTVWY"), size=20_000))
    assert later_residue_ceiling([long]) == pytest.approx(0.5 + 0.5 / 20, abs=0.01)


def test_no_item_is_refused() -> None:
    with pytest.raises(InputError, match="labels and groups differ"):
        tied_accuracy(np.zeros(0), np.zeros(0, int))
