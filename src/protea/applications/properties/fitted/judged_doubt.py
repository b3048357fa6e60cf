"""Intervals and sets of a predictor held against what was measured: how often they hold it, and how often they should.

The band is that of chance: proteins of calibration and test dealt out again, 99 % of all deals (decision 018). It is a
promise for tests that are drawn as the calibration was; a test of other kinds of proteins may leave it, and is told.
Axes: item, protein.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from pydantic import Field

from protea.applications.properties.fitted.doubt import Doubt
from protea.applications.properties.fitted.fitted_doubt import HeldOut, Parts, held_out
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.applications.properties.labels.joint_data import JointData
from protea.benchmark.calibration.class_sets import ClassSets, class_scores
from protea.benchmark.calibration.coverage_band import CoverageBand
from protea.benchmark.calibration.resplit_band import resplit_band, unit_coverage
from protea.benchmark.calibration.split_conformal import SplitConformal
from protea.config import Config

__all__ = ["JudgedDoubt", "doubt_report", "item_scores", "judge_doubt", "true_scores"]

_LEAST, _CONFIDENCE = 1e-12, 0.99


class JudgedDoubt(Config):
    """One property on one test."""

    name: str = Field(description="Name of the property.")
    test: str = Field(description="Name of the test.")
    level: float = Field(description="Nominal coverage.")
    num_calibration: int = Field(description="Proteins that were calibrated on.")
    num_test: int = Field(description="Proteins of the test.")
    coverage: float = Field(description="Mean over test proteins of the share of their items that is held.")
    low: float = Field(description="Lower end of the 99 % band of chance.")
    high: float = Field(description="Upper end.")
    width: float = Field(description="Mean width of an interval, in the unit, or mean number of classes in a set.")

    @property
    def is_in_band(self) -> bool:
        """Whether chance explains the coverage."""
        # The ends are coverages too, added up in another order: rounding is no leaving.
        return CoverageBand(self.level, self.low, self.high, _CONFIDENCE).holds(self.coverage)


def judge_doubt(predictor: PropertyPredictor, doubt: Doubt, data: JointData, calibration: Parts) -> list[JudgedDoubt]:
    """Return the coverage of every property that has intervals or sets, on each of its tests."""
    found = []
    for name, own in doubt.properties.items():
        calibrator = own.calibrator
        if not isinstance(calibrator, SplitConformal | ClassSets):
            continue
        known = held_out(predictor, data, name, calibration[name])
        for test, rows in data.tests[name].items():
            asked = held_out(predictor, data, name, rows)
            score, known_score = true_scores(calibrator, asked), true_scores(calibrator, known)
            band = resplit_band(known_score, known.unit, score, asked.unit, calibrator.level, _CONFIDENCE)
            found.append(
                JudgedDoubt(
                    name=name, test=test, level=calibrator.level, num_calibration=len(calibration[name]),
                    num_test=len(rows), coverage=unit_coverage(score <= calibrator.bound, asked.unit), low=band.low,
                    high=band.high, width=_width(calibrator, asked),
                )
            )  # fmt: skip
    return found


def true_scores(calibrator: SplitConformal | ClassSets, held: HeldOut) -> Float[np.ndarray, " item"]:
    """Return how badly each item fits its answer, as the calibrator counts it."""
    if isinstance(calibrator, SplitConformal):
        return np.abs(held.target - held.answer)
    scores = item_scores(calibrator, held)
    return scores[np.arange(len(scores)), held.target.astype(np.int64)]


def item_scores(calibrator: ClassSets, held: HeldOut) -> Float[np.ndarray, "item class"]:
    """Return how badly each class fits each item, as the calibrator counts it."""
    return class_scores(calibrator.method, np.log(held.answer.clip(min=_LEAST)))


def _width(calibrator: SplitConformal | ClassSets, held: HeldOut) -> float:
    if isinstance(calibrator, SplitConformal):
        return 2 * calibrator.bound
    return float(calibrator.sets(np.log(held.answer.clip(min=_LEAST))).sum(axis=1).mean())


def doubt_report(found: Sequence[JudgedDoubt]) -> str:
    """Return the table as Markdown."""
    lines = [
        "# Intervals and sets on tests", "",
        "Coverage is the mean over test proteins of the share of their items that is held; the band is that of chance,",
        "99 % of all ways to deal the same proteins into calibration and test. Tests of other kinds of proteins than",
        "those of the calibration may leave it. Width: of an interval in the unit, or classes in a set.", "",
        "| property | test | level | calibration | test size | coverage | band | | width |",
        "|---|---|--:|--:|--:|--:|--:|---|--:|",
        *(
            f"| {one.name} | {one.test} | {one.level:g} | {one.num_calibration:,} | {one.num_test:,} "
            f"| {one.coverage:.3f} | {one.low:.3f} to {one.high:.3f} | {'' if one.is_in_band else 'outside'} "
            f"| {one.width:.2f} |"
            for one in found
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
