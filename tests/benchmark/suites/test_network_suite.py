"""Suites of networks: entries are pairs, folds are the published splits, units are the families of both proteins."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import SuiteData
from protea.benchmark.suites.network_suite import NetworkSuite, seen_subsets
from protea.datasets.interactions.network_splits import published_split
from protea.errors import InputError
from tests.benchmark.suites.interaction_tables import write_network


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> NetworkSuite:
    source = write_network(tmp_path_factory.mktemp("network"))
    found = parse_suite({"kind": "shs27k", "source": source, "split_seeds": [0, 3], "max_length": 50})
    assert isinstance(found, NetworkSuite)
    return found


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def data(suite: NetworkSuite, cache: Path) -> SuiteData:
    return suite.prepare(cache)


def test_folds_are_the_published_splits(suite: NetworkSuite, data: SuiteData) -> None:
    network = suite.source.network()
    assert len(data.folds) == 2
    for fold, seed in zip(data.folds, (0, 3), strict=True):
        split = published_split(network, "bfs", seed=seed)
        for part in ("train", "validation", "test"):
            assert [data.ids.index(id) for id in getattr(fold, part)] == getattr(split, part).tolist()


def test_rows_are_pairs_with_their_types(suite: NetworkSuite, data: SuiteData) -> None:
    network = suite.source.network()
    asked = data.folds[0].test[:5]
    rows = data.rows(asked)
    batch = rows.load(rows.rows.tolist())
    assert ["\t".join(batch.ids[row] for row in pair) for pair in batch.pair_member.tolist()] == list(asked)
    expected = network.labels[[data.ids.index(id) for id in asked]]
    assert batch.extra["interaction_types"].value.numpy().tolist() == expected.astype(int).tolist()
    members = data.members_of(asked)
    assert rows.lengths.tolist() == data.proteins.lengths[members].sum(1).tolist()  # type: ignore[union-attr]
    assert int(batch.lengths().max()) <= 50


def test_long_proteins_are_cut_and_counted(data: SuiteData, suite: NetworkSuite) -> None:
    sequences = suite.source.network().sequences
    assert sequences is not None
    num = sum(len(sequence) > 50 for sequence in sequences)
    assert 0 < num < len(sequences)
    assert f"- proteins of which the first 50 residues are read: {num}" in data.notes
    assert data.num_residues == sum(min(len(sequence), 50) for sequence in sequences)


def test_subsets_say_for_each_fold_what_was_trained_on(data: SuiteData) -> None:
    for number, fold in enumerate(data.folds):
        trained = {member for id in fold.train for member in id.split("\t")}
        seen = [sum(member in trained for member in id.split("\t")) for id in fold.test]
        for name, count in (("BS", 2), ("ES", 1), ("NS", 0)):
            expected = [number_seen == count for number_seen in seen]
            found = data.in_subset(name, number, fold.test) if name in data.subsets else np.zeros(len(seen), bool)
            assert found.tolist() == expected
    assert not np.array_equal(*data.subsets["ES"])


def test_a_relative_in_training_is_told() -> None:
    member, family = np.array([[0, 1], [2, 3], [4, 5]]), np.array(list("aabcad"))
    found = seen_subsets(member, [member[:1]], family)
    assert found["neither has a relative in training"].tolist() == [[False, True, False]]
    assert found["NS"].tolist() == [[False, True, True]]
    assert "ES" not in found


def test_units_are_the_families_of_both_proteins(data: SuiteData) -> None:
    assert data.unit_of.shape == (len(data.ids), 2)
    units = data.units()
    first, second = data.ids[0].split("\t")
    assert units[data.ids[0]] == (units[first][0], units[second][0])
    assert units[first] == (units[first][0],) * 2


def test_parts_without_a_shared_protein(suite: NetworkSuite, cache: Path) -> None:
    data = suite.model_copy(update={"way": "protein", "split_seeds": (1,)}).prepare(cache)
    parts = [
        {member for id in part for member in id.split("\t")}
        for part in (data.folds[0].train, data.folds[0].validation, data.folds[0].test)
    ]
    assert not parts[0] & parts[1] | parts[0] & parts[2] | parts[1] & parts[2]
    assert list(data.subsets) == ["ES", "NS", "neither has a relative in training"] or "BS" in data.subsets
    assert data.in_subset("NS", 0, data.folds[0].test).all()


def test_an_empty_part_is_told(suite: NetworkSuite, tmp_path: Path, cache: Path) -> None:
    from tests.datasets.interactions.made_network import made_network

    source = write_network(tmp_path, made_network(4, 2, num_types=7))
    small = parse_suite({"kind": "shs27k", "source": source, "way": "random", "split_seeds": [0]})
    with pytest.raises(InputError, match=r"split 'random-0': no pair in train"):
        small.prepare(cache)


def test_the_fingerprint_follows_the_settings(suite: NetworkSuite, data: SuiteData, cache: Path) -> None:
    assert suite.prepare(cache).fingerprint == data.fingerprint
    other = suite.model_copy(update={"way": "dfs"}).prepare(cache)
    assert other.fingerprint != data.fingerprint
