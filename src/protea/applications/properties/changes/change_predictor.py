"""A fitted predictor of the change that mutations make, antisymmetric by construction, on disk and in use.

A folder holds `change_predictor.json` (the property, the function, its interval, digests of the wild types that were
learned from and of the file beside it) and `weights.safetensors`. Answers are in the unit and sign of the property, B
against A.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field
from safetensors.numpy import save_file

from protea.applications.properties.changes.antisymmetry import judged_both_ways
from protea.applications.properties.changes.change_function import AnyChangeFunction, FittedChangeFunction
from protea.applications.properties.changes.reversal import reversed_example
from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.partition import Leakage, partition
from protea.applications.properties.labels.property import Property
from protea.benchmark.calibration.split_conformal import SplitConformal, fit_split_conformal
from protea.cluster.usual_rights import usual_rights
from protea.config import Config, parse_config
from protea.datasets.sequence_digest import sequence_digest
from protea.encoders.weights.kept_files import check_sha256, read_kept_arrays, sha256_of
from protea.errors import FileFormatError, InputError, describe

__all__ = ["ChangePredictor", "ChangePredictorFile", "fit_change_predictor", "holds_change_predictor"]

_FILE, _WEIGHTS = "change_predictor.json", "weights.safetensors"


class ChangePredictorFile(Config):
    """What a folder of a predictor says of itself."""

    format: Literal["protea-change-1"] = Field("protea-change-1", description="Format of the folder.")
    property: Property = Field(description="What is predicted.")
    function: AnyChangeFunction = Field(description="What g is.")
    facts: dict[str, float] = Field(description="What was chosen on folds of families.")
    trivial: float = Field(description="Mean of the labels that were learned from.")
    interval: SplitConformal | None = Field(
        description="Interval that whole held-out families calibrated; none with too few."
    )
    held_out: dict[str, float | None] = Field(description="Metrics on these families, as `antisymmetry` defines them.")
    num_held_out: int = Field(description="Examples of these families.")
    leakage: Leakage | None = Field(description="What the split gives away.")
    trained_on: tuple[str, ...] = Field(description="Digests of the wild types that were learned from.")
    sha256: dict[str, str] = Field(
        {}, description="SHA-256 of the file of weights beside this one, by name; none in folders written before."
    )


@dataclass(frozen=True, eq=False)
class ChangePredictor:
    """A predictor in memory."""

    file: ChangePredictorFile
    function: FittedChangeFunction

    def predict(self, examples: Sequence[Example]) -> Float[np.ndarray, " example"]:
        """Return the change of each variant against the sequence that it is given with, inside the property's range.

        Raises:
            InputError: a mutation that does not fit the sequence, or that is no substitution.
        """
        found = self.function.predict(examples)
        upper = self.file.property.upper
        # The range is the same on both sides of 0, so that this keeps the sign's meaning.
        return found if upper is None else found.clip(-upper, upper)

    def save(self, folder: Path) -> None:
        """Write the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {name: np.ascontiguousarray(one) for name, one in self.function.arrays.items()}
        with usual_rights(folder / _WEIGHTS):
            save_file(arrays, folder / _WEIGHTS)
        file = self.file.model_copy(update={"sha256": sha256_of(folder, (_WEIGHTS,))})
        (folder / _FILE).write_text(file.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "ChangePredictor":
        """Return the predictor of a folder; raise InputError or FileFormatError where it is none, or was changed."""
        path = folder / _FILE
        if not path.is_file():
            raise InputError(describe("no predictor of changes", where=str(folder), expected=f"a file {_FILE}"))
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise FileFormatError(describe("not a predictor", where=str(path), found=str(error))) from error
        stated = parse_config(ChangePredictorFile, tree, where=str(path))
        check_sha256(folder, stated.sha256)
        file = stated.model_copy(update={"sha256": {}})  # of files: what is in memory may be kept elsewhere
        return cls(file, FittedChangeFunction(file.function, read_kept_arrays(folder / _WEIGHTS), file.facts))


def holds_change_predictor(folder: Path) -> bool:
    """Return whether a folder holds a predictor of changes (and not one of proteins and residues)."""
    return (folder / _FILE).is_file()


def fit_change_predictor(
    item: Property, function: AnyChangeFunction, folder: Path, cache: Path, seed: int = 0, level: float = 0.9
) -> ChangePredictor:
    """Return the predictor fitted to all families but those of the test, which calibrate its interval and judge it.

    Args:
        item: a property of variants whose label is a change.
        function: what g is.
        folder: below which the tables lie.
        cache: where families are kept.
        seed: of the split and of what is drawn.
        level: nominal coverage of the interval, over variants of new families.

    Raises:
        InputError: a property of another level or kind, or whose range is not the same on both sides of 0.
    """
    sides = item.lower, item.upper
    is_even = sides == (None, None) or (None not in sides and sides[0] == -float(item.upper or 0))
    if item.level != "variant" or item.kind != "value" or not is_even:
        raise InputError(
            describe("not a change of variants", where=item.name, found=f"{item.kind} of {item.level}, {sides}",
                     expected="a number of variants whose range is the same on both sides of 0")
        )  # fmt: skip
    examples = item.examples(folder)
    parts = partition(examples, item.split, seed, cache)
    train = examples.chosen((*parts.split.train, *parts.split.validation))
    test = examples.chosen(parts.split.test)
    group, unit = ([parts.family_of[one.id] for one in part] for part in (train, test))
    fitted = function.fit(train, group, seed)
    target = np.array([float(one.value) for one in test])
    direct, reverse = (fitted.predict(part) for part in (test, [reversed_example(one) for one in test]))
    interval = fit_split_conformal(target, direct, level, unit=np.array(unit))
    file = ChangePredictorFile(
        property=item, function=function, facts=dict(fitted.facts),
        trivial=float(np.mean([float(one.value) for one in train])),
        interval=interval if np.isfinite(interval.bound) else None,
        held_out=judged_both_ways(target, direct, reverse), num_held_out=len(test), leakage=parts.leakage,
        trained_on=tuple(sorted({sequence_digest(one.sequence) for one in train})),
    )  # fmt: skip
    return ChangePredictor(file, fitted)
