"""Figures per band equal the metrics on the proteins of the band; roots are left out when told."""

import numpy as np
import pytest

from protea.applications.function.evaluation import (
    ALL,
    bands_of_identity,
    function_metrics,
    judge,
    missing_bands,
    where_predicted,
)
from protea.metrics.fmax import fmax
from protea.metrics.smin import smin

RNG = np.random.default_rng(0)
LABEL = RNG.random((30, 5)) < 0.4
LABEL[:, 0] = True
SCORE = np.clip(0.4 * LABEL + RNG.random((30, 5)) * 0.6, 0, 1)
BITS = np.array([0.0, 1.0, 2.0, 0.5, 3.0])


def test_bands_and_intervals() -> None:
    bands = bands_of_identity(np.linspace(0, 1, 30))
    assert list(bands) == ["< 30 %", "< 40 %", "< 50 %", "< 70 %", "< 95 %"]
    found = judge(LABEL, SCORE, function_metrics(BITS), bands=bands, num_resamples=10, with_interval=("fmax",))
    of = {(one.band, one.metric): one for one in found}
    assert len(of) == 6 * 5
    near = bands["< 30 %"]
    assert of["< 30 %", "fmax"].estimate == pytest.approx(fmax(LABEL[near], SCORE[near]), abs=1e-12)
    assert of["< 30 %", "smin"].estimate == pytest.approx(smin(LABEL[near], SCORE[near], BITS), abs=1e-12)
    assert of["< 30 %", "smin"].interval is None
    interval = of[ALL, "fmax"].interval
    assert interval is not None
    assert interval.low <= of[ALL, "fmax"].estimate <= interval.high
    assert of["< 30 %", "fmax"].num_proteins == near.sum()


def test_a_root_that_everybody_has_is_left_out() -> None:
    counted = np.array([False, True, True, True, True])
    (one,) = judge(LABEL, SCORE, {"fmax": function_metrics(None)["fmax"]}, is_class_counted=counted, num_resamples=5)
    assert one.estimate == pytest.approx(fmax(LABEL[:, 1:], SCORE[:, 1:]), abs=1e-12)
    assert one.estimate < fmax(LABEL, SCORE)


def test_bands_that_are_too_small_are_named() -> None:
    bands = {"one": np.arange(30) == 3, "none": np.zeros(30, dtype=bool), "half": np.arange(30) < 15}
    found = judge(LABEL, SCORE, {"fmax": function_metrics(None)["fmax"]}, bands=bands, num_resamples=5)
    assert [one.band for one in found] == [ALL, "half"]
    assert missing_bands(found, bands) == ["one", "none"]


def test_a_score_of_0_is_no_prediction() -> None:
    score = np.array([[0.0, 0.4], [1.0, 0.0]])
    assert where_predicted(score).tolist() == [[-np.inf, 0.4], [1.0, -np.inf]]
    label = np.ones((2, 2), bool)
    metrics = {name: function_metrics(None)[name] for name in ("fmax", "auprc_protein")}
    nothing = judge(label, where_predicted(np.zeros((2, 2))), metrics, num_resamples=2)
    assert [one.estimate for one in nothing] == [0.0, 0.0]
    # Half of the terms are found, all of them rightly: the area ends at that recall.
    half = judge(label, where_predicted(score), metrics, num_resamples=2)
    assert half[1].estimate <= 0.5
