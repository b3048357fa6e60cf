"""Predicted changes that are antisymmetric by construction: f(A -> B) = G(B) - G(A), G being a function of a sequence.

G is a sum over residues of g(letter, surroundings) (see `site_states`). So f(B -> A) is exactly -f(A -> B), f(A -> A)
is 0, and f(A -> B) + f(B -> C) is f(A -> C) up to rounding, for any number of mutations. Sums run in a fixed order, so
that the same sequence has the same G whatever stands beside it in a call. Axes: example, state, column.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field
from sklearn.model_selection import GroupKFold

from protea.applications.properties.changes.site_states import (
    NUM_CONTEXT,
    NUM_LETTERS,
    SiteStates,
    site_states,
    sums_of_states,
)
from protea.applications.properties.labels.examples import Example
from protea.benchmark.controls.residue_scales import RESIDUE_SCALES
from protea.benchmark.learners.row_split import RowSplit
from protea.config import Config
from protea.errors import InputError

__all__ = [
    "AnyChangeFunction",
    "Burial",
    "ChangeFunction",
    "FittedChangeFunction",
    "LinearChange",
    "SmoothChange",
    "SubstitutionChange",
    "group_folds",
]

Burial = Sequence[Float[np.ndarray, "..."] | None] | None
_PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0)
_SCALES = RESIDUE_SCALES.double().numpy()


@dataclass(frozen=True, eq=False)
class FittedChangeFunction:
    """A fitted g that is linear in columns of a state: its weights, and what the columns are made with."""

    config: "ChangeFunction"
    arrays: Mapping[str, Float[np.ndarray, "..."]]
    facts: Mapping[str, float] = field(default_factory=dict)

    def predict(self, examples: Sequence[Example], burial: Burial = None) -> Float[np.ndarray, " example"]:
        """Return the change of each example, in the unit of the labels; exactly negated for a reversed example.

        Raises:
            InputError: as `site_states`.
        """
        states = site_states(examples, burial)
        value = _in_order(self.config.columns(states, self.arrays), self.arrays["weight"])
        return sums_of_states(states, value, True) - sums_of_states(states, value, False)


class ChangeFunction(Config, ABC):
    """Base of what g may be."""

    @abstractmethod
    def columns(self, states: SiteStates, arrays: Mapping[str, np.ndarray]) -> Float[np.ndarray, "state column"]:
        """Return the columns of each state."""

    def candidates(self, seed: int) -> list[Mapping[str, np.ndarray]]:
        """Return what the columns may be made with; folds of the training examples choose."""
        del seed
        return [{}]

    def fit(
        self, examples: Sequence[Example], group: Sequence[str], seed: int = 0, burial: Burial = None
    ) -> FittedChangeFunction:
        """Return the function fitted to the examples, its penalty chosen on folds of whole groups of them.

        There is no intercept: a constant has no sign to turn. The reverse of an example would add nothing.

        Args:
            examples: the changes.
            group: of each example, such as its family; no group is on both sides of a fold.
            seed: of what is drawn.
            burial: see `site_states`.

        Raises:
            InputError: an example without mutations whose label is not 0, so that labels are no changes; or one group.
        """
        _require_changes(examples)
        folds = group_folds(group)
        states, y = site_states(examples, burial), np.array([float(item.value) for item in examples])
        found: list[tuple[float, float, Mapping[str, np.ndarray]]] = []
        for arrays in self.candidates(seed):
            x = _differences(states, self.columns(states, arrays))
            error = np.zeros(len(_PENALTIES))
            for fold in folds:
                seen, asked = x[fold.train], x[fold.test]
                weights = _ridges(seen, y[fold.train])
                error += np.square(weights @ asked.T - y[fold.test]).sum(axis=1)
            best = int(np.argmin(error))
            weight = _ridges(x, y)[best]
            found.append((float(np.sqrt(error[best] / y.size)), _PENALTIES[best], {**arrays, "weight": weight}))
        rmse, penalty, arrays = min(found, key=lambda one: one[0])
        return FittedChangeFunction(self, arrays, {"penalty": penalty, "rmse_of_folds": rmse})


class SubstitutionChange(ChangeFunction):
    """The trivial one: a number per letter, s(new) - s(old), summed over the mutations; surroundings are not seen."""

    kind: Literal["substitution"] = "substitution"

    def columns(self, states: SiteStates, arrays: Mapping[str, np.ndarray]) -> Float[np.ndarray, "state column"]:
        """Return the letter, one column each."""
        del arrays
        return _letters(states)


class LinearChange(ChangeFunction):
    """A number per letter, and one per letter and column of its surroundings."""

    kind: Literal["linear"] = "linear"

    def columns(self, states: SiteStates, arrays: Mapping[str, np.ndarray]) -> Float[np.ndarray, "state column"]:
        """Return the letter, and its products with the surroundings."""
        del arrays
        letter = _letters(states)
        around = np.concatenate([np.ones((letter.shape[0], 1)), states.context], axis=1)
        return (letter[:, :, None] * around[:, None, :]).reshape(letter.shape[0], NUM_LETTERS * around.shape[1])


class SmoothChange(ChangeFunction):
    """The linear one and a smooth one: random Fourier features of a squared-exponential kernel (Rahimi, Recht 2007).

    With the penalty as noise this is the posterior mean of a Gaussian process over g, seen through differences.
    """

    kind: Literal["smooth"] = "smooth"
    num_features: int = Field(300, ge=2, description="Random features.")
    lengths: tuple[float, ...] = Field((1.5, 3.0), min_length=1, description="Length scales that are tried.")
    weight: float = Field(3.0, gt=0, description="How much less the smooth part is held back than the linear one.")

    def candidates(self, seed: int) -> list[Mapping[str, np.ndarray]]:
        """Return directions and phases for each length scale."""
        rng = np.random.default_rng(seed)
        direction = rng.normal(size=(_SCALES.shape[1] + NUM_CONTEXT, self.num_features))
        phase = rng.uniform(0, 2 * np.pi, self.num_features)
        return [{"direction": direction / length, "phase": phase} for length in self.lengths]

    def columns(self, states: SiteStates, arrays: Mapping[str, np.ndarray]) -> Float[np.ndarray, "state column"]:
        """Return the linear columns and the random features."""
        inputs = np.concatenate([_SCALES[states.letter], states.context], axis=1)
        wave = np.cos(_in_order(inputs, arrays["direction"]) + arrays["phase"])
        scale = self.weight * (2.0 / self.num_features) ** 0.5
        return np.concatenate([LinearChange().columns(states, {}), scale * wave], axis=1)


AnyChangeFunction = Annotated[SubstitutionChange | LinearChange | SmoothChange, Field(discriminator="kind")]


def _letters(states: SiteStates) -> Float[np.ndarray, "state 20"]:
    """Return the letter as columns; a letter that is none of the twenty has 0 in all."""
    return np.eye(NUM_LETTERS + 1)[states.letter][:, :NUM_LETTERS]


def _differences(states: SiteStates, columns: Float[np.ndarray, "state column"]) -> Float[np.ndarray, "example column"]:
    found = np.zeros((states.num_examples, columns.shape[1]))
    np.add.at(found, states.example_of, columns * states.sign[:, None])
    return found


def _in_order(
    columns: Float[np.ndarray, "state column"], weight: Float[np.ndarray, "column *out"]
) -> Float[np.ndarray, "state *out"]:
    """Return the product, added column by column: a matrix product may round a row by where it stands."""
    found = np.zeros((columns.shape[0], *weight.shape[1:]))
    for column, own in zip(columns.T, weight, strict=True):
        found += np.multiply.outer(column, own)
    return found


def _ridges(
    x: Float[np.ndarray, "example column"], y: Float[np.ndarray, " example"]
) -> Float[np.ndarray, "penalty column"]:
    """Return the weights for each penalty, without intercept, from one decomposition."""
    value, vector = np.linalg.eigh(x.T @ x)
    turned = vector.T @ (x.T @ y)
    return np.stack([vector @ (turned / (value.clip(min=0.0) + penalty)) for penalty in _PENALTIES])


def group_folds(group: Sequence[str]) -> tuple[RowSplit, ...]:
    """Return up to five folds of rows in which each group is predicted once, as a whole.

    Raises:
        InputError: one group alone.
    """
    num_groups = len(set(group))
    if num_groups < 2:
        raise InputError(
            f"{num_groups} group of examples; expected two or more, since settings are chosen across them."
        )
    folds = GroupKFold(min(5, num_groups)).split(np.zeros(len(group)), groups=np.array(group))
    return tuple(RowSplit(train, test) for train, test in folds)


def _require_changes(examples: Sequence[Example]) -> None:
    for item in examples:
        if not item.mutations and float(item.value) != 0.0:
            raise InputError(
                f"{item.id}: the wild type has the label {float(item.value):g}; expected 0. "
                "Only changes against the wild type turn their sign with the direction."
            )
