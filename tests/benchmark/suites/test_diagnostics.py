import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.diagnostics import Diagnostics, LabelledGenerated
from protea.benchmark.suites.diagnostics_labels import diagnostic_labels
from protea.benchmark.suites.diagnostics_questions import DIAGNOSTICS
from protea.benchmark.suites.interface import SuiteData
from protea.datasets.sources.generated import GeneratedConfig, original_id
from protea.errors import ConfigError
from protea.features.edges.k_nearest import KNearest
from protea.features.schemes import SchemeConfig
from protea.objectives.regression import RegressionConfig
from protea.protein.batch import ProteinBatch

SUITE = Diagnostics(source=GeneratedConfig(num_proteins=24, min_length=40, max_length=60), num_folds=3)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> SuiteData:
    return SUITE.prepare(tmp_path_factory.mktemp("cache"))


def batch_of(data: SuiteData, ids: tuple[str, ...]) -> ProteinBatch:
    rows = data.rows(ids)
    return rows.load(rows.rows.tolist())


def features_of(batch: ProteinBatch, scheme: str) -> torch.Tensor:
    return SchemeConfig(kind=scheme).build()(batch, KNearest()).scalar


def pooled(batch: ProteinBatch, scheme: str) -> np.ndarray:
    """Mean feature per protein: all that a control without an encoder has."""
    scalar, ptr = features_of(batch, scheme).numpy(), batch.residue_ptr.tolist()
    return np.stack([scalar[start:stop].mean(0) for start, stop in itertools.pairwise(ptr)])


def test_pairs_share_their_part_and_their_unit(data: SuiteData) -> None:
    assert len(data.ids) == 48
    for split in data.folds:
        part = split.part_of()
        assert all(part[f"{original_id(name)}m"] == part[original_id(name)] for name in data.ids)
        hands = batch_of(data, split.test).extra["handedness"].value
        assert hands.float().mean() == 0.5  # so the chance of an AUROC is exact
    assert len(set(data.unit_of)) == 24


def test_labels_travel_unchanged_through_the_store(data: SuiteData) -> None:
    batch = batch_of(data, data.ids[:4])
    expected = [diagnostic_labels(protein) for protein, _ in zip(SUITE.source.proteins(), range(4), strict=False)]
    for name, item in DIAGNOSTICS.items():
        assert batch.extra[name].axis == item.level
        value = np.concatenate([np.atleast_1d(labels[name].value) for labels in expected])
        np.testing.assert_array_equal(batch.extra[name].value.numpy(), value, err_msg=name)
        known = np.concatenate([np.atleast_1d(labels[name].is_known) for labels in expected])
        np.testing.assert_array_equal(batch.extra[f"{name}.is_known"].value.numpy(), known, err_msg=name)


def test_one_task_per_question_with_its_metric(data: SuiteData) -> None:
    tasks = SUITE.tasks(data)
    assert set(tasks) == set(DIAGNOSTICS)
    assert next(iter(tasks)) == "half_sphere_bisector"
    for name, task in tasks.items():
        assert task.metric == DIAGNOSTICS[name].metric
        assert task.objective.label == name
        if isinstance(task.objective, RegressionConfig):
            value = batch_of(data, data.ids).extra[name].value.float()
            standard = (value - task.objective.mean) / task.objective.scale
            assert abs(standard.mean()) < 1.0
            assert 0.4 < standard.std() < 1.6


def test_identity_of_ca_bb_solves_basin_and_hand_by_a_linear_model(data: SuiteData) -> None:
    split = data.folds[0]
    train, test = batch_of(data, split.train), batch_of(data, split.test)
    known = [batch.extra["backbone_basin.is_known"].value.numpy() for batch in (train, test)]
    basin = [batch.extra["backbone_basin"].value.numpy() for batch in (train, test)]
    feature = [features_of(batch, "ca_bb").numpy() for batch in (train, test)]
    model = LogisticRegression(max_iter=500, C=100).fit(feature[0][known[0]], basin[0][known[0]])
    assert model.score(feature[1][known[1]], basin[1][known[1]]) > 0.97
    hand = [batch.extra["handedness"].value.numpy() for batch in (train, test)]
    model = LogisticRegression(max_iter=500, C=100).fit(pooled(train, "ca_bb"), hand[0])
    assert model.score(pooled(test, "ca_bb"), hand[1]) == 1.0


@pytest.mark.parametrize("scheme", ["ca_base", "ca_seq"])
def test_hand_cannot_be_told_from_even_features_by_any_model(data: SuiteData, scheme: str) -> None:
    """All that an E(3)-invariant encoder reads is the same, bit for bit, for a protein and its mirror image."""
    originals = [name for name in data.ids if not name.endswith("m")]
    ours = SchemeConfig(kind=scheme).build()(batch_of(data, tuple(originals)), KNearest())
    theirs = SchemeConfig(kind=scheme).build()(batch_of(data, tuple(f"{name}m" for name in originals)), KNearest())
    assert torch.equal(ours.scalar, theirs.scalar)
    assert torch.equal(ours.graph.neighbour, theirs.graph.neighbour)
    assert torch.equal(ours.graph.distance, theirs.graph.distance)
    assert not torch.equal(ours.position, theirs.position)


def test_odd_features_turn_over_in_the_mirror(data: SuiteData) -> None:
    original, mirrored = (features_of(batch_of(data, (name,)), "ca_bb") for name in (data.ids[0], f"{data.ids[0]}m"))
    parity = torch.tensor(SchemeConfig(kind="ca_bb").build().parity)
    torch.testing.assert_close(mirrored, original * parity, atol=1e-5, rtol=0)
    assert (parity == -1).any()


def test_configuration_and_fingerprint() -> None:
    suite = parse_suite({"kind": "diagnostics", "source": {"kind": "generated", "num_proteins": 5}})
    assert isinstance(suite, Diagnostics)
    few, more = (LabelledGenerated(source=GeneratedConfig(num_proteins=count)) for count in (5, 6))
    assert few.fingerprint() != more.fingerprint()
    assert few.fingerprint() != few.source.fingerprint()


def test_preparing_twice_builds_once(tmp_path: Path) -> None:
    suite = Diagnostics(source=GeneratedConfig(num_proteins=3, min_length=40, max_length=42), num_folds=3)
    first = suite.prepare(tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    again = suite.prepare(tmp_path)
    assert again.fingerprint == first.fingerprint
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == stamps


def test_a_scheme_of_which_nothing_was_stated_is_refused() -> None:
    assert Diagnostics().scheme("ca_sc").kind == "ca_sc"
    with pytest.raises(ConfigError, match=r"no expectation is stated.*all_invariant_ca"):
        Diagnostics().scheme("all_invariant_ca")
