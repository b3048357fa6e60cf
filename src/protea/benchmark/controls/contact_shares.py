"""Contacts without an encoder: how often training residues touch at a separation, or of two types.

- `chain_separation`: the share of contacts at each separation along the chain, for maps within one
- `type_pair`: the share of contacts of each two residue types (interface propensity, between two proteins)
"""

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float, Int

from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData, Items
from protea.benchmark.suites.interface import Suite, Task
from protea.objectives.residue_contacts import ResidueContactsConfig
from protea.protein.alphabets import NUM_RESIDUE_TYPES

__all__ = ["CHAIN_SEPARATION", "TYPE_PAIR"]

_LARGEST_SEPARATION = 256
"""Larger separations share one entry: there are too few pairs of each."""
_PRIOR_CELLS = 100.0
"""Cells of the overall share that are added to each entry."""


def _separation(items: Items) -> Int[np.ndarray, " cell"]:
    assert items.maps is not None
    return np.minimum(items.maps.separation, _LARGEST_SEPARATION)


def _types(items: Items) -> Int[np.ndarray, " cell"]:
    """Return a number per unordered pair of residue types."""
    assert items.cell_types is not None
    low, high = items.cell_types.min(axis=1).astype(np.int64), items.cell_types.max(axis=1).astype(np.int64)
    return low * NUM_RESIDUE_TYPES + high


def _is_within(suite: Suite, task: Task) -> bool:
    return isinstance(task.objective, ResidueContactsConfig) and task.objective.where == "within"


def _is_of_contacts(suite: Suite, task: Task) -> bool:
    return isinstance(task.objective, ResidueContactsConfig)


def _shares(entry: Int[np.ndarray, " cell"], is_contact: np.ndarray, num_entries: int) -> Float[np.ndarray, " entry"]:
    hits = np.bincount(entry, weights=is_contact, minlength=num_entries)
    prior = is_contact.mean()
    return (hits + _PRIOR_CELLS * prior) / (np.bincount(entry, minlength=num_entries) + _PRIOR_CELLS)


def _runner(
    entry_of: Callable[[Items], Int[np.ndarray, " cell"]], num_entries: int
) -> Callable[[ControlData, Mapping[str, Task], int, int], ControlResult]:
    def run(data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int) -> ControlResult:
        split = data.data.folds[fold]
        predictions: dict[str, dict] = {variant: {} for variant in data.variants}
        losses = {}
        for name in tasks:
            train = data.items(name, split.train)
            keep = train.is_supervised
            entry, is_contact = entry_of(train)[keep], train.target[keep].astype(np.float64)
            share = _shares(entry, is_contact, num_entries)
            chance = np.where(is_contact > 0, share[entry], 1 - share[entry])
            losses[name] = float(-np.log(np.maximum(chance, np.finfo(np.float64).tiny)).mean())
            for variant in data.variants:
                test = data.items(name, split.test, variant)
                predictions[variant][name] = test.predictions(share[entry_of(test)])
        return ControlResult(predictions, losses)

    return run


CHAIN_SEPARATION = Control("chain_separation", _is_within, _runner(_separation, _LARGEST_SEPARATION + 1))
TYPE_PAIR = Control("type_pair", _is_of_contacts, _runner(_types, NUM_RESIDUE_TYPES**2))
