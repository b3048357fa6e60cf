"""What a pretrained language model reaches at hidden residues, beside letter statistics at the same places."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from protea.benchmark.controls.letter_statistics import CONTEXTS, LetterStatistics
from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import load_batch
from protea.benchmark.train_run import PretrainRun
from protea.benchmark.trained import TrainedRun
from protea.datasets.splits import Split
from protea.datasets.store import Store
from protea.objectives.interface import Corruption
from protea.objectives.masked_language import MaskedLanguage
from protea.objectives.original_types import original_types
from protea.protein.batch import ProteinBatch
from protea.training.data import Rows, evaluation_batches
from protea.training.evaluation import EVALUATION_EPOCH, predict

__all__ = ["LetterPerplexities", "letter_perplexities"]

_PRIOR_WEIGHTS = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)


@dataclass(frozen=True)
class LetterPerplexities:
    """Perplexity at the hidden places of the test part: of the model, and of what letters alone say."""

    model: float
    frequencies: float
    composition: float
    neighbours: float
    num_places: int
    num_proteins: int
    prior_weight: float
    """Of the neighbours, chosen on the validation part."""
    letters_of_prior: float
    """Letters that the frequencies are worth beside those of the protein, chosen on the validation part."""


def letter_perplexities(run: TrainedRun, cache: Path) -> LetterPerplexities:
    """Return what the model of a run and two models of letter statistics reach at the same hidden places."""
    config = PretrainRun.model_validate(json.loads((run.folder / "train.json").read_text(encoding="utf-8")))
    store, _ = prepared_store(config.source, cache)
    split = Split.load(run.folder / "split.json")
    seed = run.record.training.seed
    objective = next(item for item in run.model.objectives.values() if isinstance(item, MaskedLanguage))
    statistics = LetterStatistics.of(_letters(store, split.train))
    validation = [_Hidden.of(batch, objective, seed) for _, batch in _batches(run, store, split.validation)]
    prior_weight = _best(lambda weight: _mean_loss(validation, partial(_of_neighbours, statistics, weight)))
    letters_of_prior = _best(lambda weight: _mean_loss(validation, partial(_of_composition, statistics, weight)))
    test = [_Hidden.of(batch, objective, seed) for _, batch in _batches(run, store, split.test)]
    found = predict(run.model, _batches(run, store, split.test), run.model.main, seed, torch.device("cpu"))
    return LetterPerplexities(
        model=float(np.exp(found.loss)),
        frequencies=float(np.exp(_mean_loss(test, partial(_of_neighbours, statistics, prior_weight, num_levels=1)))),
        composition=float(np.exp(_mean_loss(test, partial(_of_composition, statistics, letters_of_prior)))),
        neighbours=float(np.exp(_mean_loss(test, partial(_of_neighbours, statistics, prior_weight)))),
        num_places=int(found.is_supervised.sum()),
        num_proteins=len(found.ids),
        prior_weight=prior_weight,
        letters_of_prior=letters_of_prior,
    )


def _best(loss_of: Callable[[float], float]) -> float:
    """Return the weight of the lowest loss, the first of equals."""
    return min(_PRIOR_WEIGHTS, key=loss_of)


@dataclass(frozen=True, eq=False)
class _Hidden:
    """Corrupted proteins, the places that are asked for, and the answers there."""

    residue_type: np.ndarray
    residue_ptr: np.ndarray
    places: np.ndarray
    answers: np.ndarray

    @classmethod
    def of(cls, batch: ProteinBatch, objective: MaskedLanguage, seed: int) -> "_Hidden":
        """Return the hidden places of a batch, drawn as in every evaluation."""
        changed = objective.corrupt(batch, Corruption(seed, EVALUATION_EPOCH))
        places = objective.targets(changed).is_supervised.numpy()
        types, ptr = changed.residue_type.numpy(), changed.residue_ptr.numpy()
        return cls(types, ptr, places, original_types(changed).numpy()[places].astype(np.int64))


def _of_neighbours(
    statistics: LetterStatistics, weight: float, types: np.ndarray, ptr: np.ndarray, num_levels: int = len(CONTEXTS)
) -> np.ndarray:
    return statistics.log_probabilities(types, ptr, weight, num_levels)


def _of_composition(statistics: LetterStatistics, weight: float, types: np.ndarray, ptr: np.ndarray) -> np.ndarray:
    return statistics.log_probabilities_of_composition(types, ptr, weight)


def _mean_loss(hidden: list[_Hidden], answer: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> float:
    total, count = 0.0, 0
    for one in hidden:
        found = answer(one.residue_type, one.residue_ptr)[one.places]
        total -= float(found[np.arange(len(found)), one.answers].sum())
        count += len(found)
    return total / count


def _batches(run: TrainedRun, store: Store, ids: tuple[str, ...]) -> Iterator[tuple[list[int], ProteinBatch]]:
    rows = np.array(store.rows_of(ids))
    data = Rows(rows, np.asarray(store.lengths)[rows], lambda chosen: load_batch(store, (), chosen))
    return evaluation_batches(data, run.record.training.batch)


def _letters(store: Store, ids: tuple[str, ...]) -> Iterator[np.ndarray]:
    rows = store.rows_of(ids)
    for start in range(0, len(rows), 512):
        batch = store.batch(rows[start : start + 512], ())
        ends = batch.residue_ptr.tolist()[1:-1]
        yield from (part.astype(np.int64) for part in np.split(batch.residue_type.numpy(), ends))
