"""How labels become numbers that a model learns, and how its numbers become labels again.

A transform is a row of steps, each fitted to training labels alone, each rising, so that an interval maps by its ends.
What was fitted is a configuration: it is stored with a predictor as JSON and gives the same numbers when read back.
Axes: item. Steps that depend on the residue are given its letter.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from protea.config import Config
from protea.datasets.column_scale import column_scale
from protea.errors import InputError, describe

__all__ = [
    "AnyFittedStep",
    "AnyStep",
    "FittedLog",
    "FittedLogit",
    "FittedReference",
    "FittedStep",
    "FittedTransform",
    "FittedZScore",
    "Letters",
    "Log",
    "Logit",
    "Numbers",
    "Reference",
    "Step",
    "ZScore",
    "fit_transform",
]

Numbers = Float[np.ndarray, " item"]
Letters = Sequence[str] | None


class FittedStep(Config, ABC):
    """A step after fitting: a rising function of the label, and its exact inverse."""

    @abstractmethod
    def apply(self, value: Numbers, letter: Letters) -> Numbers:
        """Return labels as the model sees them."""

    @abstractmethod
    def invert(self, value: Numbers, letter: Letters) -> Numbers:
        """Return labels in the unit that went in."""


class Step(Config, ABC):
    """A step before fitting."""

    @abstractmethod
    def fit(self, value: Numbers, letter: Letters) -> FittedStep:
        """Return the step fitted to training labels."""


class FittedZScore(FittedStep):
    """(label - mean) / scale."""

    kind: Literal["z_score"] = "z_score"
    mean: float = Field(description="Mean of the training labels.")
    scale: float = Field(gt=0, description="Standard deviation of the training labels.")

    def apply(self, value: Numbers, letter: Letters) -> Numbers:
        """Return standardised labels."""
        return (value - self.mean) / self.scale

    def invert(self, value: Numbers, letter: Letters) -> Numbers:
        """Return labels in their unit."""
        return value * self.scale + self.mean


class ZScore(Step):
    """Zero mean and unit variance over the training labels."""

    kind: Literal["z_score"] = "z_score"

    def fit(self, value: Numbers, letter: Letters) -> FittedZScore:
        """Return mean and deviation of the labels; a constant label has the deviation 1."""
        return FittedZScore(mean=float(value.mean()), scale=float(column_scale(value)))


class FittedLog(FittedStep):
    """The logarithm of a positive label."""

    kind: Literal["log"] = "log"
    base: Literal["e", "10"] = Field(description="Base of the logarithm.")
    offset: float = Field(ge=0, description="Added before the logarithm is taken.")

    def apply(self, value: Numbers, letter: Letters) -> Numbers:
        """Return logarithms; raise InputError for a label that has none."""
        shifted = value + self.offset
        if (shifted <= 0).any():
            raise InputError(
                describe("a label has no logarithm", expected=f"labels above {0 - self.offset:g}",
                         found=f"{float(value.min()):g}", do="Leave the row out, or set an offset.")
            )  # fmt: skip
        return np.log(shifted) / self._unit()

    def invert(self, value: Numbers, letter: Letters) -> Numbers:
        """Return labels: for a mean of logarithms this is the median of the label, not its mean."""
        return np.exp(value * self._unit()) - self.offset

    def _unit(self) -> float:
        return 1.0 if self.base == "e" else float(np.log(10.0))


class Log(Step):
    """The logarithm, for labels that span orders of magnitude."""

    kind: Literal["log"] = "log"
    base: Literal["e", "10"] = Field("e", description="Base of the logarithm.")
    offset: float = Field(0.0, ge=0, description="Added before the logarithm is taken; 1 for counts.")

    def fit(self, value: Numbers, letter: Letters) -> FittedLog:
        """Return the step; nothing is learned from the labels."""
        return FittedLog(base=self.base, offset=self.offset)


class FittedLogit(FittedStep):
    """The log-odds of a fraction, drawn in from 0 and 1 by a margin."""

    kind: Literal["logit"] = "logit"
    margin: float = Field(gt=0, lt=0.5, description="Distance that 0 and 1 keep from the ends.")

    def apply(self, value: Numbers, letter: Letters) -> Numbers:
        """Return log-odds; raise InputError for a label that is no fraction."""
        if ((value < 0) | (value > 1)).any():
            found = f"{float(value.min()):g} to {float(value.max()):g}"
            raise InputError(describe("a label is not a fraction", expected="0 to 1", found=found))
        inside = self.margin + (1 - 2 * self.margin) * value
        return np.log(inside) - np.log1p(-inside)

    def invert(self, value: Numbers, letter: Letters) -> Numbers:
        """Return fractions; log-odds beyond those of the margin give less than 0 or more than 1."""
        return (0.5 * (1 + np.tanh(value / 2)) - self.margin) / (1 - 2 * self.margin)


class Logit(Step):
    """Log-odds, for fractions."""

    kind: Literal["logit"] = "logit"

    def fit(self, value: Numbers, letter: Letters) -> FittedLogit:
        """Return the step with the margin 0.5 / number of labels."""
        return FittedLogit(margin=0.5 / max(len(value), 2))


class FittedReference(FittedStep):
    """The difference from a value that is known of the residue's letter."""

    kind: Literal["reference"] = "reference"
    of: Mapping[str, float] = Field(description="Reference value of each letter, in the label's unit.")

    def apply(self, value: Numbers, letter: Letters) -> Numbers:
        """Return shifts from the references."""
        return value - self._references(value, letter)

    def invert(self, value: Numbers, letter: Letters) -> Numbers:
        """Return labels in their unit."""
        return value + self._references(value, letter)

    def _references(self, value: Numbers, letter: Letters) -> Numbers:
        if letter is None or len(letter) != len(value):
            raise InputError(
                describe("a shift from a reference needs the letter of each item", expected=f"{len(value)} letters")
            )
        unknown = sorted(set(letter) - set(self.of))
        if unknown:
            raise InputError(
                describe("no reference value", expected=f"one of {', '.join(self.of)}", found=", ".join(unknown))
            )
        return np.array([self.of[one] for one in letter], dtype=np.float64)


class Reference(Step):
    """The shift from a reference per residue type, such as a pKa from that of the free residue."""

    kind: Literal["reference"] = "reference"
    of: dict[str, float] = Field(min_length=1, description="Reference value of each letter, in the label's unit.")

    def fit(self, value: Numbers, letter: Letters) -> FittedReference:
        """Return the step; nothing is learned from the labels."""
        return FittedReference(of=self.of)


AnyStep = Annotated[ZScore | Log | Logit | Reference, Field(discriminator="kind")]
AnyFittedStep = Annotated[FittedZScore | FittedLog | FittedLogit | FittedReference, Field(discriminator="kind")]


class FittedTransform(Config):
    """The fitted steps in order, and the physical range of the label."""

    steps: tuple[AnyFittedStep, ...] = Field((), description="Fitted steps in order.")
    lower: float | None = Field(None, description="Least value that the label can have, in its unit.")
    upper: float | None = Field(None, description="Largest value that the label can have, in its unit.")

    def apply(self, value: Numbers, letter: Letters = None) -> Numbers:
        """Return labels as the model sees them; raise InputError for one outside the physical range."""
        low, high = self._bounds()
        if ((value < low) | (value > high)).any():
            found = f"{float(value.min()):g} to {float(value.max()):g}"
            raise InputError(describe("a label is outside its range", expected=f"{low:g} to {high:g}", found=found))
        for step in self.steps:
            value = step.apply(value, letter)
        return value

    def invert(self, value: Numbers, letter: Letters = None) -> Numbers:
        """Return labels in their unit, cut to the physical range."""
        for step in reversed(self.steps):
            value = step.invert(value, letter)
        return value.clip(*self._bounds())

    def invert_interval(self, lower: Numbers, upper: Numbers, letter: Letters = None) -> tuple[Numbers, Numbers]:
        """Return the ends of intervals in the label's unit. Every step rises, so an end stays an end."""
        return self.invert(lower, letter), self.invert(upper, letter)

    def _bounds(self) -> tuple[float, float]:
        return -np.inf if self.lower is None else self.lower, np.inf if self.upper is None else self.upper


def fit_transform(
    steps: Sequence[AnyStep], value: Numbers, letter: Letters = None, *, lower: float | None = None,
    upper: float | None = None,
) -> FittedTransform:  # fmt: skip
    """Return the transform fitted to training labels: each step to what the ones before it give."""
    if not len(value):
        raise InputError(describe("no training label to fit a transform to", expected="at least one"))
    fitted: list[AnyFittedStep] = []
    for step in steps:
        found = step.fit(value, letter)
        fitted.append(found)
        value = found.apply(value, letter)
    return FittedTransform(steps=tuple(fitted), lower=lower, upper=upper)
