"""What each residue adds to a prediction of a trained run: integrated gradients of the scalar features.

The function is the raw prediction of an objective (a logit, or a standardised value) at one residue, as the mean over
the residues with a CA, or for the protein; positions and graph stay as they are. The baseline has no features (zeros)
or those of the protein's mean residue. All is computed in float64 and in evaluation mode. Axes: residue, feature.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from protea.applications.explanations.path_integral import integrate_path
from protea.benchmark.trained import TrainedRun
from protea.errors import ConfigError, InputError, describe
from protea.features.interface import FeaturisedBatch
from protea.features.schemes import SchemeConfig
from protea.objectives.interface import Objective
from protea.objectives.stated_columns import value_column
from protea.protein.batch import pack
from protea.protein.readers.read import read_protein
from protea.protein.record import Protein
from protea.training.model import ProteinModel
from protea.training.stored_inputs import joining

__all__ = ["Baseline", "Explanation", "Question", "explain", "residue_named"]

Baseline = Literal["zeros", "mean"]

_RESIDUES_PER_PASS = 2000


@dataclass(frozen=True)
class Question:
    """Which prediction is explained.

    `residue` is `[CHAIN:]NUMBER[CODE]` in the author's numbering, or None for the protein (the mean over residues where
    the objective answers per residue); `output` is the class or column, or None for the largest one.
    """

    objective: str | None = None
    residue: str | None = None
    output: int | None = None
    baseline: Baseline = "zeros"


@dataclass(frozen=True, eq=False)
class Explanation:
    """Attributions whose sum is `value - baseline_value` but for at most `error`, in the unit of the prediction."""

    file: Path
    protein: Protein
    has_ca: np.ndarray
    objective: str
    asked: str
    """The prediction in words."""
    features: tuple[str, ...]
    by_feature: Float[np.ndarray, "residue feature"]
    value: float
    baseline_value: float
    baseline: Baseline
    error: float
    num_steps: int

    @property
    def residue(self) -> Float[np.ndarray, " residue"]:
        """The attribution of each residue: the sum over its features."""
        return self.by_feature.sum(1)


def explain(
    run: TrainedRun, file: Path, question: Question, device: torch.device, *, tolerance: float = 1e-3,
    max_steps: int = 4096,
) -> Explanation:  # fmt: skip
    """Return what each residue of a structure file (its first model) adds to a prediction.

    Raises:
        InputError: if the file cannot be read, or the residue is not there or has no CA.
        ConfigError: if the run has no such objective or output, or it does not answer for residues, or its encoder
            reads letters instead of features.
        ContractError: if the attributions do not become complete within `max_steps` gradients.
    """
    if run.record.model.encoder.reads_letters_only:
        raise ConfigError(
            describe("the encoder reads letters, and no feature that could be asked for its share",
                     where=f"encoder {run.record.model.encoder.kind}", do="Explain a run of a structure encoder.")
        )  # fmt: skip
    name = run.model.main if question.objective is None else question.objective
    objective = run.model.objective(name)
    protein = read_protein(file)
    has_ca = pack([protein]).ca()[1].numpy()
    if not has_ca.any():
        raise InputError(describe("no residue with a CA atom", where=str(file), expected="a protein structure"))
    chosen = None if question.residue is None else residue_named(protein, question.residue)
    if chosen is not None and objective.level != "residue":
        raise ConfigError(
            describe("the objective answers for the whole protein", where=name, do="Leave --residue out.")
        )
    if chosen is not None and not has_ca[chosen]:
        raise InputError(describe("the residue has no CA atom", where=f"{file}: {question.residue}"))
    model = copy.deepcopy(run.model).double().to(device).eval().requires_grad_(False)
    path = _Path(
        model, run.record.model.scheme, model.objective(name), protein, chosen,
        torch.as_tensor(has_ca, device=device),
    )  # fmt: skip
    output = path.largest_output() if question.output is None else question.output
    path.require_output(output)
    start = _baseline(path.scalar, question.baseline)
    found = integrate_path(path.function(start, output), path.scalar - start, tolerance=tolerance, max_steps=max_steps)
    place = f"residue {question.residue}" if chosen is not None else "the protein"
    if chosen is None and objective.level == "residue":
        place = "the mean over residues"
    asked = f"{name} of {place}" + (f", output {output}" if path.num_outputs > 1 else "")
    widths = [feature.dim for feature in model.scheme.features]
    parts = found.attribution.cpu().split(widths, dim=1)
    return Explanation(
        file, protein, has_ca, name, asked, tuple(feature.name for feature in model.scheme.features),
        torch.stack([part.sum(1) for part in parts], dim=1).numpy(), found.end, found.start, question.baseline,
        found.error, found.num_steps,
    )  # fmt: skip


def residue_named(protein: Protein, name: str) -> int:
    """Return the index of the residue `[CHAIN:]NUMBER[CODE]`; raise InputError where it is none or more than one."""
    chain, _, place = name.rpartition(":")
    found = [
        index
        for index in range(len(protein))
        if f"{protein.author_number[index]}{protein.insertion_code[index]}" == place
        and (":" not in name or protein.chain_ids[protein.chain_of[index]] == chain)
    ]
    if len(found) != 1:
        chains = [protein.chain_ids[protein.chain_of[index]] for index in found]
        raise InputError(
            describe("no such residue" if not found else "more than one such residue", where=f"--residue {name}",
                     expected="CHAIN:NUMBER in the author's numbering, such as A:45",
                     found=f"chains {list(protein.chain_ids)}" if not found else f"in chains {chains}")
        )  # fmt: skip
    return found[0]


def _baseline(scalar: Float[Tensor, "residue feature"], baseline: Baseline) -> Float[Tensor, "residue feature"]:
    if baseline == "zeros":
        return torch.zeros_like(scalar)
    return scalar.mean(0, keepdim=True).expand_as(scalar)


class _Path:
    """The prediction as a function of the scalar features of one protein, many copies at a time."""

    def __init__(
        self, model: ProteinModel, scheme: SchemeConfig, objective: Objective, protein: Protein, chosen: int | None,
        has_ca: Tensor,
    ) -> None:  # fmt: skip
        self.model, self.objective, self.protein, self.chosen = model, objective, protein, chosen
        self.join, self.has_ca = joining(scheme), has_ca
        self.copies = cache(self._copies)  # a pass of k copies needs the same graph each time
        self.scalar = self.copies(1).scalar
        self.num_outputs = self._outputs(self.scalar[None]).shape[1]

    def _copies(self, number: int) -> FeaturisedBatch:
        batch = self.join(pack([self.protein] * number)).to(self.has_ca.device).to(torch.float64)
        return self.model.featurise(batch)

    def _outputs(self, scalar: Float[Tensor, "step residue feature"]) -> Float[Tensor, "step output"]:
        """Return the prediction for each copy of the features."""
        number = len(scalar)
        inputs = self.copies(number).replace(scalar=scalar.flatten(0, 1))
        prediction = self.objective.predict(self.model.encoder(inputs), inputs)
        if self.objective.level == "protein":
            return prediction.reshape(number, -1)
        by_residue = prediction.reshape(number, len(self.protein), -1)
        if self.chosen is not None:
            return by_residue[:, self.chosen]
        return by_residue[:, self.has_ca].mean(1)

    def largest_output(self) -> int:
        """Return the output with the largest prediction, or the value of a predicted distribution, not its sigma."""
        columns = self.objective.columns
        if columns:
            return columns.index(value_column(columns))
        with torch.no_grad():
            return int(self._outputs(self.scalar[None])[0].argmax())

    def require_output(self, output: int) -> None:
        """Raise ConfigError where there is no such output."""
        if not 0 <= output < self.num_outputs:
            expected = f"0 ... {self.num_outputs - 1}"
            raise ConfigError(describe("no such output", where="--output", expected=expected, found=str(output)))

    def function(
        self, start: Float[Tensor, "residue feature"], output: int
    ) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
        """Return value and gradient at places of the path from the baseline to the protein's own features."""
        per_pass = max(1, _RESIDUES_PER_PASS // len(self.protein))

        def at(places: Tensor) -> tuple[Tensor, Tensor]:
            values, gradients = [], []
            for some in places.split(per_pass):
                scalar = torch.lerp(start[None], self.scalar[None], some[:, None, None]).requires_grad_(True)
                found = self._outputs(scalar)[:, output]
                # A copy's prediction depends on its own features only, by the law of packing.
                gradients.append(torch.autograd.grad(found.sum(), scalar)[0])
                values.append(found.detach())
            return torch.cat(values), torch.cat(gradients)

        return at
