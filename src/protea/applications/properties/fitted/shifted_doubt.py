"""What intervals and sets would hold on a test of other proteins if the bound knew how far those are.

A bound of all calibration proteins promises its level to proteins like them. Two repairs need the inputs of the test
and none of its labels: calibration proteins count by how likely they are among those of the test (weighted; Tibshirani
et al., 2019), or proteins near to and far from the training set have a bound each (by distance; Mondrian). Both read
two distances to the training set and the length, nothing else; a shift that these do not show is not repaired.
Axes: item, protein, feature, class.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from protea.applications.properties.fitted.doubt import Doubt
from protea.applications.properties.fitted.fitted_doubt import HeldOut, Parts, held_out
from protea.applications.properties.fitted.judged_doubt import item_scores, true_scores
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.applications.properties.labels.joint_data import JointData
from protea.benchmark.calibration.class_sets import ClassSets
from protea.benchmark.calibration.domain import Domain
from protea.benchmark.calibration.likelihood_ratio import fit_likelihood_ratio
from protea.benchmark.calibration.order_statistic import conformal_quantile, weighted_conformal_quantile
from protea.benchmark.calibration.resplit_band import unit_coverage
from protea.benchmark.calibration.split_conformal import SplitConformal
from protea.config import Config

__all__ = ["ShiftedDoubt", "shifted_doubt", "shifted_report"]

_Way = Literal["weighted", "by distance"]


class ShiftedDoubt(Config):
    """One property on one test, under one repair."""

    name: str = Field(description="Name of the property.")
    test: str = Field(description="Name of the test.")
    way: _Way = Field(description="How the bound knows of the shift.")
    num_effective: float = Field(
        description="Calibration proteins behind a bound: (sum of weights)^2 / sum of squares, or the smaller group."
    )
    plain: float = Field(description="Coverage with one bound for all.")
    coverage: float = Field(description="Coverage with the repair: mean over test proteins of the share that is held.")
    width: float | None = Field(description="Mean width of finite intervals, or mean number of classes in a set.")
    share_unbounded: float = Field(description="Share of items without a finite bound, which hold everything.")


class _Part(NamedTuple):
    held: HeldOut
    score: Float[np.ndarray, " item"]
    feature: Float[np.ndarray, "protein feature"]


def shifted_doubt(
    predictor: PropertyPredictor, doubt: Doubt, data: JointData, calibration: Parts
) -> list[ShiftedDoubt]:  # fmt: skip
    """Return both repairs for every property that has intervals or sets, on each test; nothing without a domain."""
    if doubt.domain is None:
        return []
    found = []
    for name, own in doubt.properties.items():
        if not isinstance(own.calibrator, SplitConformal | ClassSets):
            continue
        known = _part(predictor, doubt.domain, own.calibrator, data, name, calibration[name])
        for test, rows in data.tests[name].items():
            asked = _part(predictor, doubt.domain, own.calibrator, data, name, rows)
            plain = unit_coverage(asked.score <= own.calibrator.bound, asked.held.unit)
            for way, (bound, effective) in (
                ("weighted", _weighted(known, asked, own.calibrator.level)),
                ("by distance", _by_distance(known, asked, own.calibrator.level)),
            ):
                found.append(
                    ShiftedDoubt(
                        name=name, test=test, way=way, num_effective=effective, plain=plain,
                        coverage=unit_coverage(asked.score <= bound, asked.held.unit),
                        width=_width(own.calibrator, asked.held, bound), share_unbounded=float(np.isinf(bound).mean()),
                    )
                )  # fmt: skip
    return found


def _part(
    predictor: PropertyPredictor, domain: Domain, calibrator: SplitConformal | ClassSets, data: JointData, name: str,
    rows: Int[np.ndarray, " row"],
) -> _Part:  # fmt: skip
    held = held_out(predictor, data, name, rows)
    sequences = [data.proteins[row].sequence for row in rows.tolist()]
    reading = domain.read(predictor.read(sequences, ()).embedding.astype(np.float64))
    length = np.log([len(sequence) for sequence in sequences])
    feature = np.stack([reading.neighbour_distance, reading.mahalanobis, length], axis=1)
    return _Part(held, true_scores(calibrator, held), feature)


def _weighted(known: _Part, asked: _Part, level: float) -> tuple[Float[np.ndarray, " item"], float]:
    """Return the bound of each item, and the effective number of calibration proteins."""
    ratio = fit_likelihood_ratio(known.feature, asked.feature)
    own, new = ratio.weight(known.feature), ratio.weight(asked.feature)
    own = own * np.isin(np.arange(len(own)), known.held.unit)  # a protein without a labelled item bounds nothing
    num_items = np.bincount(known.held.unit, minlength=len(own))
    weight = own[known.held.unit] / num_items[known.held.unit]
    bound = weighted_conformal_quantile(known.score, weight, new[asked.held.unit], level)
    return bound, float(own.sum() ** 2 / (own**2).sum())


def _by_distance(known: _Part, asked: _Part, level: float) -> tuple[Float[np.ndarray, " item"], float]:
    """Return the bound of each item: that of calibration proteins on its side of their median distance."""
    limit = np.median(known.feature[:, 0])
    bound, sizes = np.full(len(asked.score), np.inf), []
    for is_far in (False, True):
        of_known, of_asked = (
            ((part.feature[:, 0] > limit) == is_far)[part.held.unit] for part in (known, asked)
        )  # fmt: skip
        sizes.append(len(np.unique(known.held.unit[of_known])))
        if sizes[-1]:
            bound[of_asked] = conformal_quantile(known.score[of_known], level, known.held.unit[of_known])
    return bound, float(min(sizes))


def _width(calibrator: SplitConformal | ClassSets, held: HeldOut, bound: Float[np.ndarray, " item"]) -> float | None:
    if isinstance(calibrator, ClassSets):
        return float((item_scores(calibrator, held) <= bound[:, None]).sum(axis=1).mean())
    finite = bound[np.isfinite(bound)]
    return float(2 * finite.mean()) if len(finite) else None


def shifted_report(found: Sequence[ShiftedDoubt]) -> str:
    """Return the section as Markdown; nothing of nothing."""
    if not found:
        return ""
    lines = [
        "", "## If the bound knew how far a protein is", "",
        "Neither way sees a label of the test. Weighted: calibration proteins count by how likely they are among those",
        "of the test, told by two distances to the training set and the length. By distance: proteins nearer to and",
        "farther from the training set than the median calibration protein have a bound each. Effective: calibration",
        "proteins behind a bound; with few of them the bound itself is uncertain. Unbounded: share of items that no",
        "finite bound is known for.", "",
        "| property | test | way | effective | plain | coverage | width | unbounded |",
        "|---|---|---|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    for one in found:
        width = "-" if one.width is None else f"{one.width:.2f}"
        lines.append(
            f"| {one.name} | {one.test} | {one.way} | {one.num_effective:.0f} | {one.plain:.3f} | {one.coverage:.3f} "
            f"| {width} | {one.share_unbounded:.3f} |"
        )
    return "\n".join(lines) + "\n"
