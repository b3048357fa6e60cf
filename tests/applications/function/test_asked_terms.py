"""Old ids, and EC numbers however they are spelt, mean the classes of today: in predictions as in annotations."""

import numpy as np
import pytest

from protea.applications.function.annotated_test import judge_annotated
from protea.applications.function.asked_terms import (
    ENZYMES,
    asked_enzyme_numbers,
    asked_of_ontology,
    renamed_predictions,
)
from protea.applications.function.prediction_files import PredictedTerms
from protea.datasets.ontology.annotations import Annotations
from protea.datasets.ontology.obo import parse_obo
from protea.errors import InputError

OBO = """format-version: 1.2

[Term]
id: T:1
namespace: f

[Term]
id: T:2
namespace: f
is_a: T:1
alt_id: T:22

[Term]
id: T:3
namespace: f
is_a: T:1

[Term]
id: T:9
namespace: f
is_obsolete: true
replaced_by: T:3

[Term]
id: P:1
namespace: p
"""
TRUTH = Annotations({"a": ("T:22",), "b": ("T:9",), "c": ("T:3", "T:0")})


def predictions(*terms: str) -> PredictedTerms:
    """Everybody has the first term at 0.9 but the first protein, which has the second."""
    score = np.array([[0.1, 0.8], [0.9, 0.2], [0.9, 0.3]])
    return PredictedTerms(("a", "b", "c"), terms, score)


def test_old_ids_are_judged_as_those_of_today() -> None:
    ontology = parse_obo(OBO)
    figures = []
    for terms in (("T:9", "T:22"), ("T:3", "T:2")):
        asked = asked_of_ontology(predictions(*terms), TRUTH, TRUTH, ontology)
        assert asked.predicted.terms == ("T:3", "T:2")
        assert list(asked.hierarchies) == ["f"]
        found = judge_annotated(asked.predicted, asked.truth, asked.hierarchies["f"], num_resamples=5)
        assert found.left_out["annotation: obsolete or unknown term"] == 1
        figures.append({one.metric: one.estimate for one in found.judged})
    assert figures[0] == figures[1]
    assert figures[0]["fmax"] == 1.0


def test_of_terms_that_became_one_the_higher_score_counts() -> None:
    found = renamed_predictions(predictions("x", "y"), {"x": "z", "y": "z"}.get)
    assert found.terms == ("z",)
    assert found.score[:, 0].tolist() == [0.8, 0.9, 0.9]
    kept = renamed_predictions(predictions("x", "y"), {"x": "y"}.get)  # y has no new name
    assert (kept.terms, kept.score[:, 0].tolist()) == (("y",), [0.8, 0.9, 0.9])


def test_enzyme_numbers_in_any_form() -> None:
    truth = Annotations({"a": ("EC 1.1.1.1",), "b": ("2.7.1", "2.7.1.-"), "c": ("EC:2.7.1.1",)})
    asked = asked_enzyme_numbers(predictions("2.7.1", "EC:1.1.1.1"), truth, None)
    assert asked.predicted.terms == ("2.7.1.-", "1.1.1.1")
    assert asked.truth.of["b"] == ("2.7.1.-",)
    found = judge_annotated(asked.predicted, asked.truth, asked.hierarchies[ENZYMES], num_resamples=5)
    assert (found.num_proteins, dict(found.left_out)) == (3, {})


def test_annotations_of_nothing_known_are_refused() -> None:
    with pytest.raises(
        InputError, match=r"no annotated term is in the ontology; expected ids such as 'T:1'; found X:1"
    ):
        asked_of_ontology(predictions("T:2", "T:3"), Annotations({"a": ("X:1",)}), None, parse_obo(OBO))
