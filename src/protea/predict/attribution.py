"""What each residue adds to each answer: integrated gradients as tracks, complete within five percent or refused.

The baseline is the same protein with every letter unknown (X). Explained is the raw answer of a head: log-odds of yes,
the log-probability of the predicted class, or a number in the scale of training; where residues have the property, its
mean over them. Computed in float64. Axes: copy, residue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from protea.applications.explanations.read_inputs import Asked, ReadInputs
from protea.applications.explanations.redrawn_weights import same_model
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.applications.properties.labels.property import Property
from protea.encoders.interface import Encoding
from protea.errors import ContractError, describe
from protea.features.interface import FeaturisedBatch
from protea.objectives.interface import Objective
from protea.objectives.stated_columns import value_column
from protea.predict.answer import ProteinAnswers, Track
from protea.predict.report.cards import rounded

__all__ = ["MAX_STEPS", "MOST_EXPLAINED", "TOLERANCE", "Attribution", "Explainer", "asked_of", "with_maps"]

TOLERANCE, MAX_STEPS = 0.05, 1024
"""Largest error of the sum as part of the change, and most gradients: beyond them a map is refused."""

MOST_EXPLAINED = 20
"""Proteins that are explained at most: each takes hundreds of passes per property."""


@dataclass(frozen=True, eq=False)
class Attribution:
    """A map of one answer: it adds up to `value - baseline` but for at most `error`."""

    name: str
    asked: str
    residue: Float[np.ndarray, " residue"]
    value: float
    baseline: float
    error: float
    num_steps: int


class Explainer:
    """Maps of the answers of a predictor."""

    def __init__(
        self, predictor: PropertyPredictor, *, tolerance: float = TOLERANCE, max_steps: int = MAX_STEPS
    ) -> None:
        self.predictor, self.tolerance, self.max_steps = predictor, tolerance, max_steps
        self.model = same_model(predictor.model, predictor.file.model).double().eval().requires_grad_(False)

    def map(self, inputs: ReadInputs, name: str) -> Attribution:
        """Return the map of a property; raise ContractError where it does not become complete."""
        words, asked = self.asked(inputs, name)
        found = inputs.integrate(asked, tolerance=self.tolerance, max_steps=self.max_steps)
        residue = found.attribution.sum(1).numpy()
        return Attribution(name, words, residue, found.end, found.start, found.error, found.num_steps)

    def asked(self, inputs: ReadInputs, name: str) -> tuple[str, Asked]:
        """Return what is explained of a property, in words and as a number; ContractError where no head has it."""
        item = self.predictor.property(name)
        if name in self.predictor.linear:
            raise ContractError(
                describe("the model does not answer this", found="a linear map of cheap columns answers it",
                         do="A scan (--scan) shows what each residue does to it.")
            )  # fmt: skip
        return asked_of(item, self.model.objective(name), inputs, self._has(item, inputs.sequence))

    def _has(self, item: Property, sequence: str) -> Tensor:
        """Return which residues have the property."""
        if item.level != "residue":
            return torch.ones(len(sequence), dtype=torch.bool)
        shape = (len(sequence),) if item.kind in ("value", "binary") else (len(sequence), len(item.classes))
        own = self.predictor.in_unit(item.name, np.zeros(shape), sequence)
        return torch.as_tensor(np.isfinite(own.reshape(len(sequence), -1)).all(1))

    def with_maps(self, answers: ProteinAnswers) -> ProteinAnswers:
        """Return answers with a track per map, and a remark for each map that was refused.

        Raises:
            ConfigError: if the predictor reads stored embeddings.
        """
        inputs = ReadInputs(self.model, answers.sequence)
        tracks, refused = list(answers.tracks), list(answers.remarks)
        for name, item in self.predictor.file.properties.items():
            try:
                tracks.append(self._track(self.map(inputs, name)))
            except ContractError as error:
                refused.append(f"No attribution of {item.title}: {error}")
        return replace(answers, tracks=tuple(tracks), remarks=tuple(refused))

    def _track(self, found: Attribution) -> Track:
        largest = float(np.abs(found.residue).max()) or 1.0
        item = self.predictor.property(found.name)
        limits = (
            f"Integrated gradients of the {found.asked}: {rounded(found.value)}, from {rounded(found.baseline)} for "
            f"the same protein with every letter unknown (X). The bars add up to the difference within "
            f"{found.error:.1e}; an error above {self.tolerance:g} of it is refused. What this model uses, "
            "not what nature does."
        )
        title = f"What adds to: {item.title}"
        return Track(
            f"attribution_{found.name}", title, "", found.residue, -largest, largest, is_attribution=True, limits=limits
        )


def with_maps(
    predictor: PropertyPredictor, proteins: Sequence[ProteinAnswers], say: Callable[[str], None]
) -> list[ProteinAnswers]:
    """Return answers with a map per property, of the first `MOST_EXPLAINED` proteins; others are named."""
    if len(proteins) > MOST_EXPLAINED:
        say(f"explained: the first {MOST_EXPLAINED} of {len(proteins)} proteins")
    explainer, found = Explainer(predictor), []
    for one in proteins[:MOST_EXPLAINED]:
        found.append(explainer.with_maps(one))
        say(f"explained: {one.id}")
    return [*found, *proteins[MOST_EXPLAINED:]]


class _Own(NamedTuple):
    """What is explained, chosen on the protein itself: which column of each item, and how it is called."""

    words: str
    column: Tensor
    raw: Callable[[Encoding, FeaturisedBatch], Tensor]


def asked_of(item: Property, objective: Objective, inputs: ReadInputs, has: Tensor) -> tuple[str, Asked]:
    """Return in words what is explained of a property, and the number itself; `has` says which residues count."""
    chosen = _chosen(item, objective, inputs)
    length = len(inputs.sequence)

    def asked(encoding: Encoding, batch: FeaturisedBatch) -> Tensor:
        number = len(batch.residue_ptr) - 1
        raw = chosen.raw(encoding, batch)
        raw = raw.reshape(len(raw), -1)
        column = chosen.column.repeat(number)
        own = raw.gather(1, column[:, None])[:, 0]
        if item.level != "residue":
            return own
        return own.reshape(number, length)[:, has].mean(1)

    words = chosen.words if item.level != "residue" else f"mean over residues of the {chosen.words}"
    return words, asked


@torch.no_grad()
def _chosen(item: Property, objective: Objective, inputs: ReadInputs) -> _Own:
    def raw(encoding: Encoding, batch: FeaturisedBatch) -> Tensor:
        found = objective.predict(encoding, batch)
        return objective.score(found) if item.kind == "classes" else found

    own = raw(*inputs.read(inputs.own[None]))
    own = own.reshape(len(own), -1)
    if item.kind == "value":
        columns = objective.columns
        place = columns.index(value_column(columns)) if columns else 0
        return _Own("value in the scale of training", torch.full((len(own),), place), raw)
    if item.kind == "binary":
        yes = item.direction.removeprefix("1 = ")
        return _Own(f"log-odds of {yes}", torch.zeros(len(own), dtype=torch.int64), raw)
    largest = own.argmax(1)
    name = item.classes[int(largest[0])] if item.level != "residue" else "the class predicted there"
    return _Own(f"{'log-odds' if item.kind == 'multilabel' else 'log-probability'} of {name}", largest, raw)
