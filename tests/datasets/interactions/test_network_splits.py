"""Splits of pairs: three parts that do not meet, the published list among them, saved and sent whole."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from protea.datasets.interactions.network_splits import (
    NetworkSplit,
    message_pairs,
    published_split,
    read_published_lists,
)
from protea.datasets.interactions.published_walks import Way
from protea.errors import ContractError, FileFormatError, InputError, LeakError
from tests.datasets.interactions.made_network import made_network
from tests.datasets.interactions.test_published_walks import network_of_golden

NETWORK = made_network(num_proteins=120, num_pairs=500, seed=2)


@pytest.mark.parametrize("way", ["random", "bfs", "dfs"])
def test_the_published_list_is_the_test_and_an_inner_one_the_validation(way: Way) -> None:
    plain = published_split(NETWORK, way, seed=7, validation_share=0.0)
    found = published_split(NETWORK, way, seed=7)
    assert found.test.tolist() == plain.test.tolist()
    assert np.array_equal(np.sort(np.concatenate([found.train, found.validation])), plain.train)
    assert len(plain.validation) == 0
    assert 80 <= len(found.validation) <= 80 + NETWORK.degree().max()
    assert len(found.dropped()) == 0
    assert not found.train[:-1].tolist() > found.train[1:].tolist()
    assert found.provenance["way"] == way
    assert (len(found.provenance["test_roots"]), len(found.provenance["validation_roots"])) == (
        (0, 0) if way == "random" else (1, 1)
    )
    other = published_split(NETWORK, way, seed=8)
    assert other.test.tolist() != found.test.tolist()
    assert published_split(NETWORK, way, seed=7).validation.tolist() == found.validation.tolist()


def test_validation_is_drawn_from_what_is_left_as_the_test_from_all() -> None:
    found = published_split(NETWORK, "bfs", seed=3)
    rest = np.sort(np.concatenate([found.train, found.validation]))
    left = NETWORK.with_pairs(rest)
    is_drawn = np.isin(rest, found.validation)
    is_whole = np.array([is_drawn[(left.pairs == row).any(1)].all() for row in range(120)])
    assert is_whole[left.pairs[is_drawn]].any(1).all()


@pytest.mark.parametrize("golden", ["splits_shs27k", "splits_toy"])
def test_train_lists_are_the_published_ones(shared_goldens: Path, golden: str) -> None:
    folder = shared_goldens / "gnn_ppi" / golden
    network = network_of_golden(folder)
    with np.load(folder / "outputs.npz") as outputs:
        seeds = sorted({name.partition("_")[0] for name in outputs.files})
        for seed in seeds:
            for way in ("random", "bfs", "dfs"):
                split = published_split(network, way, seed=int(seed[1:]), validation_share=0.0)  # type: ignore[arg-type]
                assert np.array_equal(split.train, outputs[f"{seed}_{way}_train_index"])


def test_what_message_passing_sees() -> None:
    split = published_split(NETWORK, "bfs", seed=1)
    assert message_pairs(NETWORK, split, "all").tolist() == list(range(500))
    seen = message_pairs(NETWORK, split, "train")
    assert seen.tolist() == sorted(split.train.tolist())
    assert not np.isin(seen, np.concatenate([split.validation, split.test])).any()
    with pytest.raises(InputError, match="another network"):
        message_pairs(made_network(), split, "all")


def test_save_load_and_send(tmp_path: Path) -> None:
    split = published_split(NETWORK, "dfs", seed=1)
    split.save(tmp_path / "s.json")
    for again in (NetworkSplit.load(tmp_path / "s.json"), pickle.loads(pickle.dumps(split))):
        assert (again.name, again.num_pairs, again.network) == ("dfs-1", 500, NETWORK.digest())
        assert dict(again.provenance) == dict(split.provenance)
        assert again.protein_part is None
        for part in ("train", "validation", "test"):
            assert getattr(again, part).tolist() == getattr(split, part).tolist()
    split.check(NETWORK)
    with pytest.raises(InputError, match="the split is of another network"):
        split.check(made_network())
    for text, message in [("[]", "not a split of a network"), ("{", "not a split")]:
        (tmp_path / "wrong.json").write_text(text)
        with pytest.raises(FileFormatError, match=message):
            NetworkSplit.load(tmp_path / "wrong.json")
    with pytest.raises(InputError, match="no such split"):
        NetworkSplit.load(tmp_path / "none.json")


def test_a_pair_in_two_parts_is_a_leak() -> None:
    one, none = np.array([1]), np.zeros(0, np.int64)
    with pytest.raises(LeakError, match="a pair stands twice"):
        NetworkSplit("x", one, none, one, 5, "digest")
    with pytest.raises(ContractError, match="a row of no pair"):
        NetworkSplit("x", one, none, np.array([5]), 5, "digest")
    split = NetworkSplit("x", one, none, np.array([3]), 5, "digest")
    assert split.dropped().tolist() == [0, 2, 4]
    with pytest.raises(ValueError, match="read-only"):
        split.train[0] = 2


def test_published_lists_from_their_file(tmp_path: Path) -> None:
    drawn = published_split(NETWORK, "bfs", seed=4, validation_share=0.0)
    path = tmp_path / "bfs.fold1.json"
    lists = {"train_index": drawn.train.tolist(), "valid_index": drawn.test.tolist()}
    path.write_text(json.dumps(lists))
    plain = read_published_lists(path, NETWORK, "bfs", seed=0, validation_share=0.0)
    assert (plain.name, plain.test.tolist(), plain.train.tolist()) == (
        "bfs.fold1", drawn.test.tolist(), drawn.train.tolist(),
    )  # fmt: skip
    found = read_published_lists(path, NETWORK, "bfs", seed=0)
    assert found.test.tolist() == drawn.test.tolist()
    assert len(found.validation) >= int(0.2 * len(drawn.train))
    assert set(found.validation.tolist()) < set(drawn.train.tolist())
    with pytest.raises(InputError, match="do not divide the pairs of this network; expected each of 200 rows once"):
        read_published_lists(path, made_network(), "bfs", seed=0)
    with pytest.raises(InputError, match="no such lists"):
        read_published_lists(tmp_path / "none.json", NETWORK, "bfs", seed=0)
    for text, message in [("{", "not JSON"), ("[1]", "not published lists"), ('{"train_index": [1]}', "not published"),
                          ('{"train_index": [1.5], "valid_index": []}', "not published lists")]:  # fmt: skip
        path.write_text(text)
        with pytest.raises(FileFormatError, match=message):
            read_published_lists(path, NETWORK, "bfs", seed=0)
