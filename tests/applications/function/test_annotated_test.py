"""Predictions against annotations: who is asked, what is closed, what is left out and counted."""

import numpy as np
import pytest

from protea.applications.function.annotated_test import judge_annotated
from protea.applications.function.prediction_files import PredictedTerms
from protea.datasets.ontology.annotations import Annotations
from protea.datasets.ontology.hierarchy import hierarchy_of_parents
from protea.errors import InputError
from protea.metrics.fmax import fmax

HIERARCHY = hierarchy_of_parents({"r": [], "a": ["r"], "b": ["r"], "a1": ["a"]})
TRUTH = Annotations({"p": ("a1",), "q": ("b",), "s": ("a",), "elsewhere": ("x",)})
PREDICTED = PredictedTerms(
    ("q", "p", "other"), ("a1", "b", "y"), np.array([[0.1, 0.8, 1.0], [0.9, 0.2, 1.0], [1, 1, 1]])
)


def test_hand_worked() -> None:
    found = judge_annotated(PREDICTED, TRUTH, HIERARCHY, num_resamples=5)
    assert (found.num_proteins, found.num_classes, found.num_violations) == (3, 3, 4)
    assert dict(found.left_out) == {
        "annotation: term outside the hierarchy": 1,
        "predicted terms outside the hierarchy": 1,
        "predicted proteins without annotation": 1,
        "annotated proteins without prediction, judged with 0": 1,
    }
    # columns a, b, a1 (without the root), closed: a as a1
    label = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 0]])
    score = np.array([[0.9, 0.2, 0.9], [0.1, 0.8, 0.1], [0, 0, 0]])
    assert {one.metric: one.estimate for one in found.judged}["fmax"] == pytest.approx(fmax(label, score), abs=1e-12)
    assert {one.metric for one in found.judged} == {"fmax", "auprc_protein", "auroc_macro"}


def test_training_annotations_give_bits_and_identities_give_bands() -> None:
    training = Annotations({"t": ("a1",), "u": ("b",), "v": ("a",), "w": ("a",)})
    identity_of = {"p": 0.2, "q": 0.25, "s": 0.9}
    found = judge_annotated(
        PREDICTED, TRUTH, HIERARCHY, training=training, identity_of=identity_of, is_root_counted=True, num_resamples=5
    )
    assert {one.metric for one in found.judged} >= {"smin", "fmax_weighted"}
    assert {(one.band, one.num_proteins) for one in found.judged} == {
        ("all", 3), ("< 30 %", 2), ("< 40 %", 2), ("< 50 %", 2), ("< 70 %", 2), ("< 95 %", 3),
    }  # fmt: skip
    assert found.num_classes == 4
    with pytest.raises(InputError, match="1 test proteins without identity"):
        judge_annotated(PREDICTED, TRUTH, HIERARCHY, identity_of={"p": 0.1, "q": 0.1})


def test_one_protein_is_too_few() -> None:
    with pytest.raises(InputError, match="too few annotated proteins"):
        judge_annotated(PREDICTED, Annotations({"p": ("a",)}), HIERARCHY)


def test_who_predicts_nothing_has_nothing() -> None:
    for predicted in (
        PredictedTerms(("elsewhere",), ("a1",), np.ones((1, 1))),
        PredictedTerms(("p", "q", "s"), ("a1",), np.zeros((3, 1))),
    ):
        found = judge_annotated(predicted, TRUTH, HIERARCHY, num_resamples=5)
        figures = {one.metric: one.estimate for one in found.judged}
        assert (figures["fmax"], figures["auprc_protein"], figures["auroc_macro"]) == (0.0, 0.0, 0.5)


def test_annotations_that_were_left_out_before_are_told() -> None:
    truth = Annotations(TRUTH.of, left_out={"evidence IEA": 7})
    found = judge_annotated(PREDICTED, truth, HIERARCHY, num_resamples=5)
    assert found.left_out["annotation: evidence IEA"] == 7
