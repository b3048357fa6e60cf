"""A model of unseen pairs fitted to a network: its stage and threshold by validation pairs, its figures by test pairs.

The stage is the one with the highest AUPRC, the threshold that of its highest micro-F1.

Where it is asked whether two proteins interact, every part has as many pairs that nobody has reported as known ones,
and none that is drawn for one part is drawn for another.
The saved weights are those that the figures are of; they are not fitted again to all pairs.
"""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional as F

from protea.applications.interactions.comparison import read_network
from protea.applications.interactions.pair_predictor import PairPredictor, PairPredictorConfig, state_of
from protea.applications.interactions.protein_inputs import ProteinInputs
from protea.applications.interactions.training import seeded
from protea.benchmark.machine import commit_of_code
from protea.datasets.column_scale import column_scale
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_splits import NetworkSplit, published_split
from protea.datasets.interactions.non_interactions import non_interactions
from protea.datasets.interactions.pair_classes import class_rows
from protea.datasets.interactions.protein_partition import protein_split
from protea.datasets.sequence_digest import sequence_digest
from protea.errors import InputError, describe
from protea.metrics.auprc import auprc
from protea.metrics.auroc import auroc
from protea.metrics.micro_f1 import micro_f1
from protea.metrics.micro_f1_best import Cut, best_cut
from protea.objectives.pairing import PairHead

__all__ = ["fit_pair_predictor"]

# Epochs whose draws of unreported pairs are those of the validation and the test part.
_VALIDATION, _TEST = 1_000_000, 1_000_001


class _Taken(NamedTuple):
    auprc: float
    cut: Cut
    state: dict[str, Tensor]
    epoch: int


class _Part(NamedTuple):
    pairs: Int[np.ndarray, "pair 2"]
    is_true: Bool[np.ndarray, "pair output"]


def fit_pair_predictor(
    config: PairPredictorConfig, data: Path, embeddings: Path | None, say: Callable[[str], None]
) -> PairPredictor:
    """Return the fitted model.

    Raises:
        InputError: if the network has no sequences, or embeddings are missing.
    """
    network, _ = read_network(config.network, data)
    if network.sequences is None:
        raise InputError(describe("a network without sequences", where=config.network.name, do="Name their table."))
    split = _split(config, network)
    outputs = ("interaction",) if config.asks == "interaction" else network.types
    head = seeded(config.seed, lambda: config.head.build(1, 1))
    inputs = ProteinInputs(config.inputs, network.sequences, embeddings, _reads_residues(head))
    head = seeded(config.seed, lambda: config.head.build(inputs.dim, len(outputs)))
    assert isinstance(head, PairHead)
    mean, spread = _statistics(inputs, head, network.pairs[split.train])
    test = _part(config, network, split.test, _TEST)
    validation = _part(config, network, split.validation, _VALIDATION, test.pairs)
    held_out = np.concatenate([validation.pairs, test.pairs])
    best: _Taken | None = None
    optimizer = torch.optim.AdamW(
        head.parameters(), lr=config.training.learning_rate, weight_decay=config.training.weight_decay
    )
    for epoch in range(1, config.training.epochs + 1):
        train = _part(config, network, split.train, epoch, held_out)
        _epoch(config, head, inputs, train, mean, spread, optimizer, epoch)
        if epoch % config.training.stage and epoch != config.training.epochs:
            continue
        probability = _asked(head, inputs, validation.pairs, mean, spread)
        reached = auprc(validation.is_true.astype(np.int64), probability)
        say(f"epoch {epoch}: AUPRC {reached:.3f} on {len(validation.pairs)} validation pairs")
        if best is None or reached > best.auprc:
            best = _Taken(reached, best_cut(validation.is_true, probability), copy.deepcopy(head.state_dict()), epoch)
    assert best is not None  # the last epoch is a stage
    cut, epoch = best.cut, best.epoch
    head.load_state_dict(best.state)
    found = _asked(head, inputs, test.pairs, mean, spread)
    known = np.sort(np.concatenate([split.train, split.validation]))
    facts: dict[str, object] = {
        "input_dim": inputs.dim, "epoch": epoch, "network": network.digest(), "commit": commit_of_code(),
        "num_train_pairs": len(split.train), "num_test_pairs": len(split.test),
        "classes_of_test_pairs": {name: len(rows) for name, rows in class_rows(network, known, test.pairs).items()},
        "test": {"micro_f1": micro_f1(test.is_true, found >= cut.threshold),
                 "auprc": auprc(test.is_true.astype(np.int64), found),
                 "auroc": auroc(test.is_true.astype(np.int64), found),
                 "share_of_positives": float(test.is_true.mean())},
    }  # fmt: skip
    trained_on = frozenset(sequence_digest(network.sequences[row]) for row in np.unique(network.pairs[split.train]))
    return PairPredictor(config, head.eval(), mean, spread, tuple(outputs), cut.threshold, facts, trained_on)


def _split(config: PairPredictorConfig, network: InteractionNetwork) -> NetworkSplit:
    if config.way == "proteins":
        assert network.sequences is not None  # asked for before
        # One sequence under two ids is one protein.
        return protein_split(network, seed=config.seed, group_of=dict(zip(network.ids, network.sequences, strict=True)))
    return published_split(network, config.way, seed=config.seed)


def _reads_residues(head: object) -> bool:
    assert isinstance(head, PairHead)
    return head.reads_residues


def _statistics(
    inputs: ProteinInputs, head: PairHead, train: Int[np.ndarray, "pair 2"]
) -> tuple[Float[Tensor, " column"], Float[Tensor, " column"]]:
    """Return mean and standard deviation of the vectors of training proteins; 0 and 1 for residues."""
    if head.reads_residues:
        return torch.zeros(1), torch.ones(1)
    vectors = inputs.vectors(np.unique(train))
    return vectors.mean(0), torch.from_numpy(column_scale(vectors.numpy()))


def _part(
    config: PairPredictorConfig, network: InteractionNetwork, rows: Int[np.ndarray, " pair"], epoch: int,
    taken: Int[np.ndarray, "taken 2"] | None = None,
) -> _Part:  # fmt: skip
    """Return the pairs of a part and what is true of them; pairs that another part has `taken` are not drawn."""
    if config.asks == "types":
        return _Part(network.pairs[rows], network.labels[rows])
    among = np.zeros(network.num_proteins, bool)
    among[network.pairs[rows]] = True
    drawn = non_interactions(
        network, rows, seed=config.seed, epoch=epoch, known=taken, among=among, how=config.negatives
    )
    is_true = np.arange(len(rows) + len(drawn)) < len(rows)
    return _Part(np.concatenate([network.pairs[rows], drawn]), is_true[:, None])


def _epoch(
    config: PairPredictorConfig, head: PairHead, inputs: ProteinInputs, train: _Part, mean: Tensor, spread: Tensor,
    optimizer: torch.optim.Optimizer, epoch: int,
) -> None:  # fmt: skip
    head.train()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed * 1_000_003 + epoch)
        for rows in torch.randperm(len(train.pairs)).split(config.training.batch_size):
            label = torch.from_numpy(train.is_true[rows.numpy()].astype(np.float32))
            logits = _logits(head, inputs, train.pairs[rows.numpy()], mean, spread)
            loss = F.binary_cross_entropy_with_logits(logits, label)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def _logits(
    head: PairHead, inputs: ProteinInputs, pairs: Int[np.ndarray, "pair 2"], mean: Tensor, spread: Tensor
) -> Float[Tensor, "pair output"]:
    """Return the logits of pairs; each protein of them is read once."""
    proteins, place = np.unique(pairs, return_inverse=True)
    state = state_of(head, inputs, proteins, mean, spread)
    first, second = torch.from_numpy(place.reshape(pairs.shape)).T
    return head.logits(state[first], state[second])


@torch.no_grad()
def _asked(
    head: PairHead, inputs: ProteinInputs, pairs: Int[np.ndarray, "pair 2"], mean: Tensor, spread: Tensor
) -> Float[np.ndarray, "pair output"]:
    head.eval()
    return _logits(head, inputs, pairs, mean, spread).double().sigmoid().numpy()
