"""Sequence window: a small network on the residue types up to seven places before and after. Sequence, no structure.

One hidden layer; the epoch with the lowest validation loss is kept, so validation serves it as it serves an encoder.
"""

from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from protea.benchmark.controls.answers import answer_kind, constant_answer, level_of, loss, num_classes
from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData, FeatureSet
from protea.benchmark.suites.interface import Suite, Task
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.regression import RegressionConfig
from protea.protein.alphabets import NUM_RESIDUE_TYPES
from protea.protein.batch import ProteinBatch

__all__ = ["REACH", "SEQUENCE_WINDOW", "WINDOW_FEATURE"]

REACH = 7
_WIDTH = 64
_EPOCHS = 8
_BATCH = 256
_LEARNING_RATE = 1e-3
_WEIGHT_DECAY = 1e-4
_DROPOUT = 0.3
_OUTSIDE = NUM_RESIDUE_TYPES
_NUM_LETTERS = NUM_RESIDUE_TYPES + 1


def _window(batch: ProteinBatch) -> Float[Tensor, "residue place"]:
    """Return the residue types of the window; beyond the chain end stands a letter of its own."""
    protein_of, row = batch.protein_of(), torch.arange(batch.num_residues)
    columns = []
    for offset in range(-REACH, REACH + 1):
        other = (row + offset).clamp(0, batch.num_residues - 1)
        is_inside = (row + offset == other) & (protein_of[other] == protein_of)
        is_inside &= batch.chain_of[other] == batch.chain_of
        columns.append(batch.residue_type[other].where(is_inside, torch.tensor(_OUTSIDE)))
    return torch.stack(columns, dim=1).to(torch.float32)


WINDOW_FEATURE = FeatureSet("residue", _window)


class _Network(nn.Module):
    """One-hot window -> hidden -> answer. The first map is a sum of one vector per (place, letter)."""

    def __init__(self, num_outputs: int) -> None:
        super().__init__()
        self.first = nn.EmbeddingBag((2 * REACH + 1) * _NUM_LETTERS, _WIDTH, mode="sum")
        nn.init.normal_(self.first.weight, std=(2 * REACH + 1) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(_WIDTH))
        self.dropout = nn.Dropout(_DROPOUT)
        self.last = nn.Linear(_WIDTH, num_outputs)
        nn.init.zeros_(self.last.weight)

    def forward(self, slot: Int[Tensor, "item place"]) -> Float[Tensor, "item output"]:
        return self.last(self.dropout(F.relu(self.first(slot) + self.bias)))


def _applies_to(suite: Suite, task: Task) -> bool:
    """Any label of residues, but not the residue type itself: the window holds it."""
    return level_of(task) == "residue" and not isinstance(task.objective, InverseFoldingConfig)


def _run(data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int) -> ControlResult:
    split = data.data.folds[fold]
    networks, losses = {}, {}
    for name, task in tasks.items():
        parts = []
        for ids in (split.train, split.validation):
            items = data.items(name, ids)
            keep = items.is_supervised
            parts.append((_slots(data.features(WINDOW_FEATURE, ids)[keep]), items.target[keep]))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            networks[name] = _fit(task, *parts[0], *parts[1])
        losses[name] = loss(task, _answer(task, networks[name], parts[0][0]), parts[0][1])
    predictions = {}
    for variant in data.variants:
        slot = _slots(data.features(WINDOW_FEATURE, split.test, variant))
        predictions[variant] = {
            name: data.items(name, split.test, variant).predictions(_answer(tasks[name], network, slot))
            for name, network in networks.items()
        }
    return ControlResult(predictions, losses)


def _slots(window: Float[np.ndarray, "item place"]) -> Int[Tensor, "item place"]:
    """Return which vector of the first map each place takes."""
    return torch.from_numpy(window.astype(np.int64)) + torch.arange(2 * REACH + 1) * _NUM_LETTERS


def _fit(task: Task, slot: Tensor, target: np.ndarray, held_slot: Tensor, held_target: np.ndarray) -> _Network:
    """Return the network of the epoch with the lowest loss on the held-out items."""
    network = _Network(_num_outputs(task, target))
    with torch.no_grad():
        network.last.bias.copy_(torch.as_tensor(_bias(task, target)))
    optimiser = torch.optim.Adam(network.parameters(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    value = torch.from_numpy(np.ascontiguousarray(target))
    best, best_state = np.inf, network.state_dict()
    for _ in range(_EPOCHS):
        network.train()
        for chosen in torch.randperm(len(slot)).split(_BATCH):
            optimiser.zero_grad()
            _loss(task, network(slot[chosen]), value[chosen]).backward()
            optimiser.step()
        reached = loss(task, _answer(task, network, held_slot), held_target)
        if reached < best:
            best, best_state = reached, {name: item.clone() for name, item in network.state_dict().items()}
    network.load_state_dict(best_state)
    return network


def _num_outputs(task: Task, target: np.ndarray) -> int:
    if answer_kind(task) == "classes":
        return num_classes(task)
    return target.shape[1] if target.ndim == 2 else 1


def _bias(task: Task, target: np.ndarray) -> np.ndarray:
    """Return the output bias that gives the training prior: training starts from what is known without the window."""
    prior = np.atleast_1d(constant_answer(task, target))
    if answer_kind(task) == "classes":
        return prior
    if answer_kind(task) == "value":
        return (prior - _centre(task)) / _scale(task)
    share = prior.clip(1e-4, 1 - 1e-4)
    return np.log(share / (1 - share))


def _loss(task: Task, output: Tensor, value: Tensor) -> Tensor:
    if answer_kind(task) == "classes":
        return F.cross_entropy(output, value.long())
    output = output if value.ndim == 2 else output[:, 0]
    if answer_kind(task) == "value":
        return F.mse_loss(output, (value.float() - _centre(task)) / _scale(task))
    return F.binary_cross_entropy_with_logits(output, value.float())


@torch.no_grad()
def _answer(task: Task, network: _Network, slot: Tensor) -> np.ndarray:
    """Return scores in the form of the task's kind of answer."""
    network.eval()
    output = torch.cat([network(part) for part in slot.split(8192)])
    if answer_kind(task) == "classes":
        return output.log_softmax(-1).numpy()
    if answer_kind(task) == "labels":
        return output.sigmoid().numpy()
    output = output[:, 0]
    return (output * _scale(task) + _centre(task) if answer_kind(task) == "value" else output.sigmoid()).numpy()


def _centre(task: Task) -> float:
    return task.objective.mean if isinstance(task.objective, RegressionConfig) else 0.0


def _scale(task: Task) -> float:
    return task.objective.scale if isinstance(task.objective, RegressionConfig) else 1.0


SEQUENCE_WINDOW = Control("sequence_window", _applies_to, _run)
