"""Thresholds worked by hand; a cell never chooses by what it is tested on."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from protea.applications.interactions.cell import resampled_proteins, run_cell
from protea.applications.interactions.controls import ClassPriorConfig, LabelProfileConfig
from protea.applications.interactions.pair_network import PairNetworkConfig
from protea.applications.interactions.training import EpochsConfig
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_splits import published_split
from protea.metrics.micro_f1_best import best_cut
from protea.objectives.pair_heads import ProductHeadConfig
from tests.applications.interactions.made_problem import telling_network

NETWORK = telling_network()
COLUMNS = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
SMALL = PairNetworkConfig(head=ProductHeadConfig(width=4), training=EpochsConfig(epochs=4, stage=1))


def test_tested_labels_choose_neither_stage_nor_threshold() -> None:
    split = published_split(NETWORK, "bfs", seed=0)
    labels = NETWORK.labels.copy()
    labels[split.test] = ~labels[split.test]
    other = InteractionNetwork(NETWORK.ids, NETWORK.pairs, labels, NETWORK.types, NETWORK.species, NETWORK.sequences)
    one, two = (run_cell(network, COLUMNS, split, SMALL, "train", 0, 5) for network in (NETWORK, other))
    assert (one["stage"], one["threshold"]) == (two["stage"], two["threshold"])
    assert one["validation_micro_f1"] == two["validation_micro_f1"]
    assert one["micro_f1"] != two["micro_f1"]


def test_a_cell_of_the_label_profile_written_plainly() -> None:
    split = published_split(NETWORK, "random", seed=0)
    found = run_cell(NETWORK, COLUMNS, split, LabelProfileConfig(), "train", 0, 5)

    def answer(known: np.ndarray, asked: np.ndarray) -> np.ndarray:
        rows = np.tile(NETWORK.labels[known].mean(0), (60, 1))
        for protein in range(60):
            own = NETWORK.labels[known][(NETWORK.pairs[known] == protein).any(1)]
            rows[protein] = own.mean(0) if len(own) else rows[protein]
        return rows[NETWORK.pairs[asked]].mean(1)

    cut = best_cut(NETWORK.labels[split.validation], answer(split.train, split.validation))
    predicted = answer(np.concatenate([split.train, split.validation]), split.test) >= cut.threshold
    assert found["micro_f1"] == pytest.approx(f1_score(NETWORK.labels[split.test].ravel(), predicted.ravel()))
    assert sum(part["num"] for part in found["classes"].values()) == len(split.test)


def test_the_published_protocol_is_the_best_stage_at_one_half() -> None:
    split = published_split(NETWORK, "random", seed=0)
    found = run_cell(NETWORK, COLUMNS, split, ClassPriorConfig(), "train", 0, 5)
    known = np.concatenate([split.train, split.validation])
    predicted = np.tile(NETWORK.labels[known].mean(0) >= 0.5, (len(split.test), 1))
    assert found["published_protocol_micro_f1"] == pytest.approx(
        f1_score(NETWORK.labels[split.test].ravel(), predicted.ravel())
    )


def test_resamples_count_a_pair_by_both_proteins() -> None:
    pairs = np.array([[0, 1], [1, 2]])
    is_true = np.array([[True], [True]])
    found = resampled_proteins(pairs, is_true, np.array([[True], [False]]), 300, 0)
    known = [value for value in found if value is not None]
    assert None in found  # a draw without any whole pair
    # 0-1 right, 1-2 missed, of equal weight on average: F1 of (right 1, true 2, predicted 1)
    assert 0.4 < np.mean(known) < 0.8
    assert min(known) == 0.0
    assert max(known) == 1.0
