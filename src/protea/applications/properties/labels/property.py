"""What a property is: one configuration with its label, unit, range, transform, metric, tables, split and limits.

A built-in property is a YAML file in `built_in/`; a user's own is the same block in a file of their own.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from protea.applications.properties.labels.examples import Example, Examples, merged
from protea.applications.properties.labels.numbered_residues import NumberedResidueTable
from protea.applications.properties.labels.partition import SplitConfig
from protea.applications.properties.labels.tables import ComplexTable, MutantTable, ScanTable, SequenceTable
from protea.applications.properties.labels.transforms import AnyStep, FittedTransform, fit_transform
from protea.config import Config
from protea.errors import InputError, describe
from protea.metrics.catalogue import metric_named

__all__ = ["AnyTable", "Property", "PropertyLevel", "PublishedFigure", "ValueKind", "known_letters", "require_in_range"]

PropertyLevel = Literal["protein", "residue", "variant", "pair"]
ValueKind = Literal["value", "binary", "classes", "multilabel"]

AnyTable = Annotated[
    SequenceTable | MutantTable | ScanTable | ComplexTable | NumberedResidueTable, Field(discriminator="kind")
]


class PublishedFigure(Config):
    """A figure that somebody else reached."""

    method: str = Field(description="What reached it.")
    metric: str = Field(description="Metric, as its authors name it.")
    value: float = Field(description="The figure.")
    test: str = Field(description="On what it was reached.")
    source: str = Field(description="Where it is stated.")
    is_same_test: bool = Field(False, description="Whether the test and the training part are those used here.")


class Property(Config):
    """One property: what is measured, in which unit and direction, from which tables, judged how."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name in commands and tables.")
    title: str = Field(description="What a reader calls it.")
    level: PropertyLevel = Field(description="What has it: a protein, a residue, a variant of a protein, a pair.")
    kind: ValueKind = Field(description="A number, yes or no, one of several classes, any of several labels.")
    unit: str = Field("", description="Unit of a number.")
    direction: str = Field(description="What more of it, or a 1, means.")
    lower: float | None = Field(None, description="Least number that can be.")
    upper: float | None = Field(None, description="Largest number that can be.")
    classes: tuple[str, ...] = Field((), description="Names of the classes or labels, in order.")
    transform: tuple[AnyStep, ...] = Field((), description="Steps from the label to what a model learns.")
    metric: str = Field(description="What it is judged by.")
    also: tuple[str, ...] = Field((), description="Metrics that are told beside.")
    tables: tuple[AnyTable, ...] = Field(min_length=1, description="Where its labels come from.")
    split: SplitConfig = Field(SplitConfig(), description="How its examples are parted.")
    published: tuple[PublishedFigure, ...] = Field((), description="Figures of others.")
    limits: tuple[str, ...] = Field((), description="What a user of its predictions must know.")

    @model_validator(mode="after")
    def _check(self) -> "Property":
        names = (self.metric, *self.also)
        needs = {metric_named(name).needs for name in names}
        if self.kind in {"classes", "multilabel"} and len(self.classes) < 2:
            raise ValueError(f"{self.name}: kind {self.kind} needs two or more classes")
        if (self.kind == "value" and self.classes) or (self.kind == "binary" and len(self.classes) not in {0, 2}):
            raise ValueError(f"{self.name}: a number has no classes, and yes or no has two or none")
        if self.kind != "value" and (self.transform or self.unit or self.lower is not None or self.upper is not None):
            raise ValueError(f"{self.name}: only a number has a transform, a unit and a range")
        if self.kind != "value" and "value" in needs:
            raise ValueError(f"{self.name}: {', '.join(names)} judge numbers, the kind is {self.kind}")
        return self

    def examples(self, folder: Path) -> Examples:
        """Return the examples that the tables hold below a folder; each sequence or variant once.

        Raises InputError where nothing is left, or a number is outside the property's range.
        """
        left_out: Counter[str] = Counter()
        read: list[Example] = []
        classes = self.classes or ("0", "1")
        for table in self.tables:
            read += table.examples(folder, classes, left_out)
        found = merged(read, is_value=self.kind == "value", left_out=left_out)
        if not found:
            raise InputError(
                describe(f"no example of {self.name}", where=str(folder), found=f"left out: {dict(left_out)}")
            )
        if self.kind == "value":
            require_in_range(self, found)
        return Examples(found, dict(left_out))

    def fitted_transform(self, examples: Sequence[Example]) -> FittedTransform:
        """Return the transform fitted to the known labels of these examples: give the training part alone."""
        value = np.concatenate([np.atleast_1d(item.value)[np.atleast_1d(item.is_known)] for item in examples])
        letter = "".join(known_letters(item) for item in examples) if self.level == "residue" else None
        return fit_transform(self.transform, value.astype(np.float64), letter, lower=self.lower, upper=self.upper)


def require_in_range(item: Property, examples: Sequence[Example]) -> None:
    """Raise InputError where a known number of an example cannot be: another unit, mostly."""
    for one in examples:
        for value in np.atleast_1d(one.value)[np.atleast_1d(one.is_known)]:
            too_low = item.lower is not None and value < item.lower
            if too_low or (item.upper is not None and value > item.upper):
                raise InputError(
                    describe(f"{item.name} cannot be {value:g} {item.unit}", where=one.id,
                             expected=f"{item.lower} to {item.upper}", do="Check the unit and the sign.")
                )  # fmt: skip


def known_letters(example: Example) -> str:
    """Return the letters of the residues whose label is known."""
    return "".join(letter for letter, known in zip(example.sequence, example.is_known, strict=True) if known)
