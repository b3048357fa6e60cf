"""The protein-centric area worked by hand, and how it differs from average precision."""

import numpy as np
import pytest

from protea.metrics.auprc import auprc
from protea.metrics.auprc_protein import auprc_protein
from protea.metrics.undefined import UndefinedMetric


def test_hand_worked() -> None:
    # the case of `test_fmax`: points (recall, precision) (1/4, 1), (3/4, 1), (3/4, 3/4) and (1, ...) at 0.1
    # at 0.2: precisions 1/2, 1/2, recalls 1/2, 1; at 0.1: precisions 2/3, 1/3, recalls 1, 1
    target = np.array([[1, 0, 1], [0, 1, 0]])
    score = np.array([[0.9, 0.3, 0.1], [0.2, 0.6, 0.1]])
    expected = 0.25 * 1.0 + 0.5 * 1.0 + 0.25 * (0.5 + 0.5) / 2
    assert auprc_protein(target, score) == pytest.approx(expected, abs=1e-15)


def test_a_perfect_score_has_area_one_and_a_constant_one_the_mean_share() -> None:
    rng = np.random.default_rng(0)
    target = rng.random((30, 8)) < 0.4
    target[:, 0] = True
    assert auprc_protein(target, target.astype(float)) == pytest.approx(1.0, abs=1e-12)
    constant = auprc_protein(target, np.zeros(target.shape))
    assert constant == pytest.approx(
        target.mean(), abs=1e-12
    )  # every protein predicts all: one point, held to the left


def test_proteins_weigh_alike_whatever_the_number_of_their_labels() -> None:
    # the second has one label of five, found last; the first has four, found first
    target = np.array([[1, 1, 1, 1, 0], [0, 0, 0, 0, 1]])
    score = np.array([[9.0, 8.0, 7.0, 6.0, 1.0], [5.0, 4.0, 3.0, 2.0, 1.5]])
    assert auprc(target, score) > 0.85  # cells: four of five are found at once
    assert auprc_protein(target, score) < 0.8


def test_lines_promise_more_than_steps_between_tied_scores() -> None:
    # one protein, label found first, then nine wrong ones tied with the second label: precision 1, then 2/11
    target = np.array([[1] * 2 + [0] * 9])
    score = np.array([[1.0] + [0.0] * 10])
    assert auprc(target, score) == pytest.approx(0.5 + 0.5 * 2 / 11, abs=1e-15)
    assert auprc_protein(target, score) == pytest.approx(0.5 + 0.5 * (1 + 2 / 11) / 2, abs=1e-15)


def test_no_label_is_undefined() -> None:
    with pytest.raises(UndefinedMetric, match="none of 2 proteins"):
        auprc_protein(np.zeros((2, 3)), np.zeros((2, 3)))


def test_no_prediction_at_all_has_no_area() -> None:
    target = np.array([[1, 0], [0, 1]])
    assert auprc_protein(target, np.full((2, 2), -np.inf)) == 0.0
    # recall ends where predictions do: no line is drawn to what nobody predicted
    assert auprc_protein(target, np.array([[0.9, -np.inf], [-np.inf, -np.inf]])) == pytest.approx(0.5, abs=1e-15)
