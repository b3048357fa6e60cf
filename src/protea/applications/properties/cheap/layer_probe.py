"""What is known at which depth of a language model: a linear probe on every hidden layer, beside a control task.

The probe is a ridge regression (numbers) or a logistic one (yes or no, classes); whole families are on one side. In the
control task (Hewitt and Liang, 2019) each residue type has one label, drawn from those of training, so that a probe can
learn it only by knowing the letter; labels of proteins are shuffled among them instead. Selectivity is the metric of
the probe minus that on the control task: a probe that is merely strong has none. Axes: item (residue or protein),
channel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped

from protea.applications.properties.cheap.columns import standard_columns
from protea.applications.properties.cheap.learners import fit_linear
from protea.applications.properties.labels.joint_data import joint_data
from protea.applications.properties.labels.partition import SplitConfig
from protea.applications.properties.labels.property import Property
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.tokens import pack_tokens
from protea.errors import InputError, describe
from protea.metrics.catalogue import metric_named
from protea.metrics.undefined import UndefinedMetric
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.record import Label, Protein

__all__ = ["METRIC_OF", "LayerProbe", "ProbedItems", "control_labels", "probe_layers", "probed", "states_of"]

METRIC_OF = {"value": "spearman", "binary": "auroc", "classes": "accuracy"}
_RESAMPLES = 200


@dataclass(frozen=True)
class LayerProbe:
    """The probe of one layer (0 is the embedding of letters), its interval over proteins, and the control."""

    layer: int
    metric: str
    value: float
    low: float
    high: float
    control: float
    num_train: int
    num_test: int

    @property
    def selectivity(self) -> float:
        """How much better the probe is than on the control task."""
        return self.value - self.control


@dataclass(frozen=True, eq=False)
class ProbedItems:
    """Items of a part: their labels and residue types, and the protein of each."""

    label: Shaped[np.ndarray, " item"]
    letter: Int[np.ndarray, " item"]
    protein: Int[np.ndarray, " item"]


def probe_layers(
    model: LanguageModel, item: Property, folder: Path, cache: Path, *, seed: int = 0, longest: int = 400,
    most_proteins: int = 150, most_residues: int = 30, say: Callable[[str], None] = lambda line: None,
) -> list[LayerProbe]:  # fmt: skip
    """Return a probe per layer of a property of residues or proteins.

    Args:
        model: in evaluation mode.
        item: the property; it is split by families, whatever its tables say.
        folder: of its tables.
        cache: where families are kept.
        seed: of split, draws and control.
        longest: residues of the longest protein.
        most_proteins: of each part, drawn.
        most_residues: of each protein, drawn.
        say: is told of progress.

    Raises:
        InputError: if the property has several labels at once, or the tables cannot be read.
    """
    if item.kind not in METRIC_OF:
        raise InputError(describe("no probe for several labels at once", where=item.name,
                                  expected=f"a property that is {', '.join(METRIC_OF)}", found=item.kind))  # fmt: skip
    by_family = item.model_copy(update={"split": SplitConfig()})
    data = joint_data([by_family], folder, cache, seed, longest=longest, most_train=most_proteins,
                      most_test=most_proteins)  # fmt: skip
    rows = {"train": data.train[item.name], "validation": data.validation[item.name],
            "test": np.concatenate(list(data.tests[item.name].values()))}  # fmt: skip
    labels = data.tables[item.name].of
    items: dict[str, ProbedItems] = {}
    states: dict[str, dict[int, np.ndarray]] = {}
    for part, chosen in rows.items():
        proteins = [data.proteins[row] for row in chosen.tolist()]
        draw = np.random.default_rng([seed, len(items)])
        places = [_drawn(labels[protein.id], item.level, most_residues, draw) for protein in proteins]
        items[part] = _items(proteins, labels, places, item.level)
        states[part] = states_of(model, proteins, places, item.level)
        say(f"{part}: {len(proteins)} proteins, {len(items[part].label):,} labels")
    return [
        probed(item, layer, {part: states[part][layer] for part in states}, items, seed)
        for layer in range(model.num_layers + 1)
    ]


def _drawn(label: Label, level: str, most: int, draw: np.random.Generator) -> Int[np.ndarray, " place"]:
    """Return the places of a protein that are probed; for a property of proteins all of them make the mean."""
    if level == "protein":
        return np.zeros(0, dtype=np.int64)
    known = np.flatnonzero(label.is_known)
    return np.sort(draw.permutation(known)[:most])


def _items(
    proteins: Sequence[Protein], labels: Any, places: Sequence[Int[np.ndarray, " place"]], level: str
) -> ProbedItems:
    if level == "protein":
        label = np.stack([labels[protein.id].value for protein in proteins])
        return ProbedItems(label, np.full(len(proteins), -1), np.arange(len(proteins)))
    label = np.concatenate([labels[one.id].value[at] for one, at in zip(proteins, places, strict=True)])
    letter = np.concatenate([one.residue_type()[at] for one, at in zip(proteins, places, strict=True)]).astype(np.int64)
    return ProbedItems(label, letter, np.repeat(np.arange(len(proteins)), [len(at) for at in places]))


@torch.no_grad()
def states_of(
    model: LanguageModel, proteins: Sequence[Protein], places: Sequence[Int[np.ndarray, " place"]], level: str
) -> dict[int, Float[np.ndarray, "item channel"]]:
    """Return every state of the chosen residues, or its mean over the residues of each protein."""
    layers = range(model.num_layers + 1)
    found: dict[int, list[np.ndarray]] = {layer: [] for layer in layers}
    device = model.embedding.token.weight.device
    for protein, at in zip(proteins, places, strict=True):
        tokens = pack_tokens([model.vocabulary.encode(protein.sequence)]).to(device)
        reading = model(tokens, states=layers)
        (own,) = model.residues(tokens)
        for layer in layers:
            state = reading.states[layer][own].double().cpu().numpy()
            found[layer].append(state.mean(0, keepdims=True) if level == "protein" else state[at])
    return {layer: np.concatenate(parts) for layer, parts in found.items()}


def probed(
    item: Property, layer: int, states: dict[str, Float[np.ndarray, "_ _"]], items: dict[str, ProbedItems], seed: int
) -> LayerProbe:
    """Return the probe of one layer, from the states and labels of the parts `train`, `validation` and `test`."""
    metric = metric_named(METRIC_OF[item.kind])
    scored = _score(item, states, {part: one.label for part, one in items.items()})
    control = control_labels(items, seed)
    of_control = _score(item, states, control)
    test = items["test"]

    def value(label: np.ndarray, score: np.ndarray) -> float:
        try:
            return float(metric.function(label, score.argmax(1) if item.kind == "classes" else score, None))
        except UndefinedMetric:
            return float("nan")

    draw = np.random.default_rng(seed)
    rows_of = [np.flatnonzero(test.protein == protein) for protein in np.unique(test.protein)]
    resampled = []
    for _ in range(_RESAMPLES):
        rows = np.concatenate([rows_of[place] for place in draw.integers(0, len(rows_of), len(rows_of))])
        resampled.append(value(test.label[rows], scored[rows]))
    low, high = np.nanquantile(resampled, (0.025, 0.975)).tolist() if np.isfinite(resampled).any() else (np.nan, np.nan)
    return LayerProbe(
        layer, METRIC_OF[item.kind], value(test.label, scored), low, high, value(control["test"], of_control),
        len(items["train"].label), len(test.label),
    )  # fmt: skip


def control_labels(items: dict[str, ProbedItems], seed: int) -> dict[str, Shaped[np.ndarray, " item"]]:
    """Return the labels of the control task: one per residue type, drawn from those of training; the same in all parts.

    Where items are proteins there are no types: the labels of each part are shuffled.
    """
    draw = np.random.default_rng([seed, 1])
    if (items["train"].letter < 0).all():
        return {part: draw.permutation(one.label) for part, one in items.items()}
    of_letter = draw.choice(items["train"].label, len(STANDARD_LETTERS) + 1)
    if len(np.unique(of_letter)) == 1:  # a rare label may be drawn for no letter; a task of one label is none
        of_letter[draw.integers(len(STANDARD_LETTERS))] = next(
            one for one in np.unique(items["train"].label) if one != of_letter[0]
        )
    return {part: of_letter[one.letter] for part, one in items.items()}


def _score(
    item: Property, states: dict[str, np.ndarray], labels: dict[str, np.ndarray]
) -> Float[np.ndarray, "item *answer"]:
    held, train = standard_columns(states["validation"], states["train"])
    asked, _ = standard_columns(states["test"], states["train"])
    return fit_linear(item.kind, train, labels["train"], held, labels["validation"], len(item.classes))(asked)
