import numpy as np
import pytest
import torch

from protea.benchmark.controls.burial import half_sphere
from protea.benchmark.controls.exposure import EXPOSURE, EXPOSURE_FEATURES
from protea.benchmark.controls.surroundings import Surroundings
from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.suites.diagnostics import Diagnostics
from protea.benchmark.suites.interface import Task
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.protein.batch import pack
from protea.protein.record import Protein
from tests.benchmark.controls.suites import (
    BINARY,
    PROTEIN_CLASS,
    SiteSuite,
    control_data,
    globule,
    labelled,
    suite_data,
)


def _exposed(protein: Protein) -> np.ndarray:
    """Whether fewer residues than usual lie above."""
    above, _ = half_sphere(Surroundings(pack([protein])), 13.0)
    return (above < above.quantile(0.3)).long().numpy()


@pytest.fixture(scope="module")
def proteins() -> list[Protein]:
    return [globule(f"p{index}", 100, index) for index in range(14)]


def _run(proteins: list[Protein], labels: list[np.ndarray]) -> StoredPredictions:
    named = [labelled(protein, value) for protein, value in zip(proteins, labels, strict=True)]
    data = control_data(suite_data(named, 10, 1), BINARY)
    return EXPOSURE.run(data, {"y": BINARY}, 0, 0).predictions["main"]["y"]


def test_it_learns_exposure_and_test_labels_change_nothing(proteins: list[Protein]) -> None:
    labels = [_exposed(protein) for protein in proteins]
    found = _run(proteins, labels)
    assert found.value("auroc") > 0.95
    other = _run(proteins, [*labels[:10], *(1 - value for value in labels[10:])])
    np.testing.assert_array_equal(found.score, other.score)


def test_it_learns_nothing_from_shuffled_labels(proteins: list[Protein]) -> None:
    random = np.random.default_rng(0)
    found = _run(proteins, [random.permutation(_exposed(protein)) for protein in proteins])
    assert 0.38 < found.value("auroc") < 0.62


def test_features_know_neither_the_batch_nor_the_labels(proteins: list[Protein]) -> None:
    both = EXPOSURE_FEATURES.compute(pack(proteins[:2]))
    marked = [labelled(protein, np.ones(len(protein), int)) for protein in proteins[:2]]
    alone = torch.cat([EXPOSURE_FEATURES.compute(pack([protein], ["y"])) for protein in marked])
    torch.testing.assert_close(both, alone, equal_nan=True, atol=1e-4, rtol=1e-4)


def test_it_answers_sites_only() -> None:
    assert EXPOSURE.applies_to(SiteSuite(), BINARY)
    assert not EXPOSURE.applies_to(SiteSuite(), PROTEIN_CLASS)
    assert not EXPOSURE.applies_to(SiteSuite(), Task(InverseFoldingConfig(), "perplexity"))
    assert not EXPOSURE.applies_to(Diagnostics(), BINARY)
