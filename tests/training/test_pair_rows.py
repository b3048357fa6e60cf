"""Pairs as rows: each protein once in a batch, labels with their pairs, negatives drawn anew and never known ones."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.non_interactions import non_interactions
from protea.errors import InputError
from protea.objectives.pair_heads import ProductHeadConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.training.config import BatchConfig
from protea.training.data import Rows, evaluation_batches, training_steps
from protea.training.evaluation import BETWEEN_MEMBERS, evaluate_metric, predict
from protea.training.loop import fit
from protea.training.model import ModelConfig, initialised
from protea.training.pair_rows import INTERACTS, Pairs, contrasted_rows, pair_rows
from tests.training.small import HEAD, proteins, rows_of, small_model, training

MEMBER = np.array([[0, 3], [3, 5], [5, 0], [1, 1], [2, 4], [0, 3]])


def pairs_of(batch_size: int = 4) -> tuple[Rows, BatchConfig]:
    labels = {"weight": np.arange(6) * 1.5, "kinds": np.arange(12).reshape(6, 2)}
    return pair_rows(rows_of(proteins(6)), Pairs(MEMBER, labels)), BatchConfig(max_proteins=batch_size)


def test_a_batch_holds_each_protein_once_and_pairs_name_the_right_ones() -> None:
    data, _ = pairs_of()
    batch = data.load([1, 0, 2, 5])
    assert sorted(batch.ids) == ["p0", "p3", "p5"]
    named = [[batch.ids[row] for row in pair] for pair in batch.pair_member.tolist()]
    assert named == [["p3", "p5"], ["p0", "p3"], ["p5", "p0"], ["p0", "p3"]]
    assert batch.extra["weight"].value.tolist() == [1.5, 0.0, 3.0, 7.5]
    assert batch.extra["kinds"].value.tolist() == [[2, 3], [0, 1], [4, 5], [10, 11]]
    assert data.load([3]).pair_member.tolist() == [[0, 0]]


def test_the_length_of_a_pair_is_that_of_both_proteins() -> None:
    data, _ = pairs_of()
    lengths = proteins(6).lengths().tolist()
    assert data.lengths.tolist() == [lengths[a] + lengths[b] for a, b in MEMBER.tolist()]


def test_an_epoch_holds_every_pair_once() -> None:
    data, config = pairs_of()
    found = [step.batches[0].extra["weight"].value for step in training_steps(data, config, 1, 0, 0)]
    assert sorted(torch.cat(found).tolist()) == [0.0, 1.5, 3.0, 4.5, 6.0, 7.5]


def test_what_is_no_pair_is_refused() -> None:
    with pytest.raises(InputError, match="label 'weight' of pairs has another length"):
        Pairs(MEMBER, {"weight": np.arange(5)})
    with pytest.raises(InputError, match=r"not there.*0\.\.2.*0\.\.5"):
        pair_rows(rows_of(proteins(3)), Pairs(MEMBER, {}))


def toy_network() -> InteractionNetwork:
    """Six proteins of two species: four of one (three pairs of six known), two of the other (none of one known)."""
    pairs = np.array([[0, 1], [1, 2], [2, 3]])
    return InteractionNetwork(
        tuple(f"p{row}" for row in range(6)), pairs, np.ones((3, 1), bool), ("binding",), ("x",) * 4 + ("y",) * 2
    )


def negatives(data: Rows, number: int) -> list[tuple[int, int]]:
    rows = data.of_pass(number)
    batch = rows.load(rows.rows.tolist())
    is_drawn = batch.extra[INTERACTS].value == 0
    place = [int(name[1:]) for name in batch.ids]
    return sorted((place[a], place[b]) for a, b in batch.pair_member[is_drawn].tolist())


def test_negatives_of_a_toy_network_by_exhaustion() -> None:
    network = toy_network()

    def drawn(epoch: int) -> np.ndarray:
        return non_interactions(network, np.arange(2), seed=3, epoch=epoch)

    data = contrasted_rows(rows_of(proteins(6)), network.pairs[:2], drawn, is_drawn_anew=True)
    passes = [negatives(data, number) for number in range(200)]
    # Of species x, and not the third known pair, which is held out: (0, 2), (0, 3), (1, 3), two at a time.
    possible = sorted(combinations([(0, 2), (0, 3), (1, 3)], 2))
    assert sorted({tuple(found) for found in passes}) == [tuple(pair) for pair in possible]
    counts = [passes.count(list(found)) for found in possible]
    assert min(counts) > 40  # of 67 that are expected; a pass below would be four deviations off
    assert passes == [negatives(data, number) for number in range(200)]
    batch = data.of_pass(7).load([0, 1, 2, 3])
    assert batch.extra[INTERACTS].value.tolist() == [1, 1, 0, 0]


def test_an_evaluation_has_the_same_negatives_always() -> None:
    network = toy_network()
    data = contrasted_rows(
        rows_of(proteins(6)), network.pairs[:2],
        lambda epoch: non_interactions(network, np.arange(2), seed=3, epoch=epoch), is_drawn_anew=False,
    )  # fmt: skip
    assert negatives(data, 0) == negatives(data, 5)


def pair_model() -> ModelConfig:
    plain = small_model()
    objective = PairInteractionConfig(head=ProductHeadConfig(width=8, dropout=0.0))
    return plain.model_copy(update={"objectives": {"main": objective}})


def test_predictions_are_of_pairs_with_both_ids() -> None:
    network = toy_network()
    data = contrasted_rows(
        rows_of(proteins(6)), network.pairs, lambda epoch: np.array([[0, 2], [0, 3], [4, 5]]), is_drawn_anew=False
    )
    model = initialised(pair_model(), 0).double()
    found = predict(model, evaluation_batches(data, BatchConfig(max_proteins=4)), "main", 0, torch.device("cpu"))
    expected = [(0, 1), (1, 2), (2, 3), (0, 2), (0, 3), (4, 5)]
    assert found.ids == tuple(f"p{a}{BETWEEN_MEMBERS}p{b}" for a, b in expected)
    assert found.rows.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.item_ptr.tolist() == list(range(7))
    assert found.target.tolist() == [1, 1, 1, 0, 0, 0]
    # Each pair alone, in a batch of its own, gets the same probability.
    for row, (a, b) in enumerate(expected):
        batch = proteins(6).select([a, b]).replace(pair_member=torch.tensor([[0, 1]]))
        model.eval()
        alone = model(model.featurise(batch))["main"].detach().sigmoid()
        assert float(alone) == pytest.approx(float(found.score[row]), rel=1e-10)
    assert 0 <= evaluate_metric("auroc", found) <= 1


def test_proteins_that_came_as_members_of_pairs_have_no_row() -> None:
    data, config = pairs_of()
    model = initialised(small_model(head=HEAD), 0).double()
    found = predict(model, evaluation_batches(data, config), "main", 0, torch.device("cpu"))
    assert set(found.rows.tolist()) == {-1}


def test_training_on_pairs_learns_a_rule_of_both_proteins(tmp_path: Path) -> None:
    # Proteins are of two kinds, told by their residue types; unlike ones interact.
    base = proteins(12)
    kind = np.arange(12) % 2
    types = torch.where(torch.from_numpy(kind)[base.protein_of()] == 1, 3, 9)
    batch = base.replace(residue_type=types)
    every = np.array(list(combinations(range(12), 2)))
    label = (kind[every[:, 0]] != kind[every[:, 1]]).astype(np.uint8)
    data = pair_rows(rows_of(batch), Pairs(every, {INTERACTS: label}))
    config = training(epochs=25, stop_patience=25, batch=BatchConfig(max_proteins=16))
    result = fit(pair_model(), config, data, data, "auroc", tmp_path, fingerprint="made")
    assert result.progress.best_metric is not None
    assert result.progress.best_metric > 0.99
