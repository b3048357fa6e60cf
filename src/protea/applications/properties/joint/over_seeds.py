"""The same joint training under several seeds: what properties reach alone and together, over proteins and trainings.

A metric is the mean over trainings. Its interval resamples families of test proteins (other proteins), its deviation is
over trainings (other seeds); neither speaks for the other, so both are told. Axes: item, answer, family.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import Field

from protea.applications.properties.joint.multi_task import RESULTS, MultiTaskConfig
from protea.applications.properties.joint.task_results import NUM_RESAMPLES, TaskAnswers, TaskResult, TestedProperty
from protea.applications.properties.labels.catalogue import property_named
from protea.applications.properties.labels.judging import interval, paired
from protea.applications.properties.labels.property import Property
from protea.config import load_config, parse_config
from protea.errors import ConfigError, InputError, describe
from protea.metrics.bootstrap import Interval
from protea.metrics.paired import PairedDifference

__all__ = ["Bounded", "SeedsResult", "over_seeds"]

Bounded = tuple[float, float, float]
"""A figure, and the ends of its 95 % interval over families of test proteins."""


class SeedsResult(TestedProperty):
    """One property on one test under several seeds. Differences are in the direction of better."""

    seeds: tuple[int, ...] = Field(description="Seeds of the trainings.")
    trivial: float | None = Field(description="The answer that looks at nothing; none where it has no value.")
    single: tuple[float | None, ...] = Field(description="The encoder of its own, per training.")
    multi: tuple[float | None, ...] = Field(description="The shared encoder, per training.")
    mean: Bounded | None = Field(description="The shared encoder, mean over trainings.")
    over_trivial: Bounded | None = Field(
        description="Shared minus trivial; where that has no value (a rank of a constant), the shared metric itself."
    )
    gain: Bounded | None = Field(description="Shared minus own, mean over trainings.")
    gains: tuple[float | None, ...] = Field(description="Shared minus own, per training.")

    @property
    def is_negative_transfer(self) -> bool:
        """Whether company harms beyond what other proteins would explain, in every training."""
        return self.gain is not None and self.gain[2] < 0 and all(one is not None and one < 0 for one in self.gains)

    @property
    def beats_trivial(self) -> bool:
        """Whether the shared encoder is better than the trivial answer beyond what other proteins would explain."""
        return self.over_trivial is not None and self.over_trivial[1] > 0


def over_seeds(folders: Sequence[Path]) -> list[SeedsResult]:
    """Return a result per property and test of finished fits that differ in their seed alone.

    Raises:
        InputError: a folder without a finished fit, or fits that do not test the same items.
        ConfigError: fits of other settings, or a seed twice.
    """
    configs = [_config(folder) for folder in folders]
    _require_seeds_alone(folders, configs)
    results = [_results(folder) for folder in folders]
    tests = [[(one.name, one.test) for one in found] for found in results]
    for folder, found in zip(folders, tests, strict=True):
        if found != tests[0]:
            raise InputError(describe("another set of tests", where=str(folder), expected=str(tests[0]),
                                      found=str(found)))  # fmt: skip
    properties = {item.name: item for item in map(property_named, configs[0].properties)}
    seeds = tuple(config.training.seed for config in configs)
    return [
        _over_seeds(properties[same[0].name], folders, same, seeds) for same in zip(*results, strict=True)
    ]  # fmt: skip


def _over_seeds(
    item: Property, folders: Sequence[Path], results: Sequence[TaskResult], seeds: tuple[int, ...]
) -> SeedsResult:
    first = results[0]
    answers = [TaskAnswers.load(folder, first.name, first.test) for folder in folders]
    for folder, one in zip(folders, answers, strict=True):
        if not (np.array_equal(one.target, answers[0].target) and np.array_equal(one.family, answers[0].family)):
            raise InputError(
                describe("fits do not test the same items", where=str(folder), expected=f"those of {folders[0]}",
                         found=f"other labels of {first.name}, test {first.test}")
            )  # fmt: skip
    target, family = answers[0].target, answers[0].family
    multi, single = [one.multi for one in answers], [one.single for one in answers]
    mean = _bounded(interval(item, target, multi, family, NUM_RESAMPLES))
    if first.trivial[item.metric] is None:
        over_trivial = mean
    else:
        over_trivial = _bounded(paired(item, target, multi, answers[0].constant, family, NUM_RESAMPLES))
    return SeedsResult(
        **{field: getattr(first, field) for field in TestedProperty.model_fields},
        seeds=seeds,
        trivial=first.trivial[item.metric],
        single=tuple(one.single[item.metric] for one in results),
        multi=tuple(one.multi[item.metric] for one in results),
        mean=mean,
        over_trivial=over_trivial,
        gain=_bounded(paired(item, target, multi, single, family, NUM_RESAMPLES)),
        gains=tuple(one.gain for one in results),
    )


def _bounded(found: Interval | PairedDifference | None) -> Bounded | None:
    if found is None:
        return None
    return (found.estimate if isinstance(found, Interval) else found.difference, found.low, found.high)


def _config(folder: Path) -> MultiTaskConfig:
    path = folder / "run.yaml"
    if not path.is_file():
        raise InputError(describe("no run.yaml", where=str(folder), expected="a folder of `protea properties fit`"))
    return load_config(MultiTaskConfig, path)


def _require_seeds_alone(folders: Sequence[Path], configs: Sequence[MultiTaskConfig]) -> None:
    """Raise ConfigError unless settings are the same but for the seed of the training."""
    plain = [one.model_copy(update={"training": one.training.model_copy(update={"seed": 0})}) for one in configs]
    for folder, one in zip(folders, plain, strict=True):
        if one != plain[0]:
            unlike = [key for key, value in one.model_dump().items() if value != plain[0].model_dump()[key]]
            raise ConfigError(describe("fits of other settings", where=str(folder), expected=f"those of {folders[0]}",
                                       found=f"other {', '.join(unlike)}"))  # fmt: skip
    seeds = [one.training.seed for one in configs]
    if len(set(seeds)) < len(seeds):
        raise ConfigError(describe("a seed comes twice", expected="a training per seed", found=str(seeds)))


def _results(folder: Path) -> list[TaskResult]:
    path = folder / RESULTS
    if not path.is_file():
        raise InputError(describe("the fit is not finished", where=str(folder), expected=RESULTS,
                                  do="Run `protea properties fit` again: it goes on where it was."))  # fmt: skip
    return [parse_config(TaskResult, tree, where=str(path)) for tree in json.loads(path.read_text(encoding="utf-8"))]
