"""The report finds every leak that was put in, and none in a split over components."""

import pytest

from protea.datasets.components import identity_components
from protea.datasets.leakage import Duplicate, LeakageReport, SharedComponent, leakage
from protea.datasets.splits import Split, k_fold
from protea.errors import InputError, LeakError
from tests.datasets.test_sequence_search import made_sequence, mutated

BASE = made_sequence(0)
CHAINS = {
    "train_one": [BASE],
    "train_two": [made_sequence(1)],
    "validation_one": [made_sequence(2), made_sequence(1)],  # its second chain is train_two
    "test_clean": [made_sequence(3)],
    "test_same": [BASE],
    "test_near": [mutated(BASE, 0.4)],
}
LEAKY = Split("leaky", ("train_one", "train_two"), ("validation_one",), ("test_clean", "test_same", "test_near"))


@pytest.fixture(scope="module")
def report() -> LeakageReport:
    return leakage(LEAKY, CHAINS)


def test_duplicates_are_named(report: LeakageReport) -> None:
    assert report.duplicates == (
        Duplicate("train_one", "train", "test_same", "test"),
        Duplicate("train_two", "train", "validation_one", "validation"),
    )


def test_highest_identity_of_each_test_protein(report: LeakageReport) -> None:
    assert set(report.highest_train_identity) == set(LEAKY.test)
    assert report.highest_train_identity["test_same"] == 1.0
    assert report.highest_train_identity["test_near"] == pytest.approx(0.6, abs=0.03)
    assert report.highest_train_identity["test_clean"] == 0.0
    histogram = report.histogram()
    assert histogram["no hit"] == 1
    assert histogram["1.0"] == 1
    assert sum(histogram.values()) == 3


def test_a_training_chain_inside_a_longer_test_chain_is_found() -> None:
    around = made_sequence(5)
    for index in range(6, 10):
        around += made_sequence(index)
    chains = {"domain": [BASE], "held": [made_sequence(1)], "around": [around + BASE]}
    found = leakage(Split("s", ("domain",), ("held",), ("around",)), chains)
    assert len(BASE) / len(around + BASE) < found.settings.min_coverage
    assert found.highest_train_identity == {"around": pytest.approx(1.0)}
    assert [one.name for one in found.shared_components] == ["around"]


def test_shared_families(report: LeakageReport) -> None:
    assert report.shared_components == (
        SharedComponent("test_near", num_train=1, num_validation=0, num_test=2),
        SharedComponent("train_two", num_train=1, num_validation=1, num_test=0),
    )
    assert report.num_components == 3


def test_a_leak_raises_on_request(report: LeakageReport) -> None:
    assert not report.is_clean
    with pytest.raises(
        LeakError, match=r"2 duplicates and 2 families lie in two parts.*train_one \(train\) = test_same"
    ):
        report.check()


def test_the_report_reads_well(report: LeakageReport) -> None:
    text = report.to_markdown()
    assert "2 train, 1 validation, 3 test" in text
    assert "exact duplicates across parts: 2" in text
    assert "| no hit | 1 |" in text


def test_a_split_over_components_is_clean() -> None:
    component_of = identity_components(CHAINS).of
    for split in k_fold(component_of, k=3, seed=0):
        report = leakage(split, CHAINS)
        report.check()
        assert max(report.highest_train_identity.values()) < 0.3


def test_ids_without_a_sequence_are_refused() -> None:
    with pytest.raises(InputError, match=r"1 ids of the split have no sequence.*test_near"):
        leakage(LEAKY, {id: chains for id, chains in CHAINS.items() if id != "test_near"})
