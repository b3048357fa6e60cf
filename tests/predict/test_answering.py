"""Numbers become answers: intervals by the calibrator, inside the physical range; classes by their names."""

import numpy as np
import pytest

from protea.applications.properties.fitted.doubt import PropertyDoubt
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.benchmark.calibration.class_sets import ClassSets
from protea.benchmark.calibration.split_conformal import SplitConformal
from protea.predict.answer import Familiarity
from protea.predict.answering import answers_of, class_letters, track_of
from tests.predict.made_predictor import properties

ASKED = properties()
NEAR = Familiarity(10.0, True)


def conformal(bound: float) -> PropertyDoubt:
    calibrator = SplitConformal(level=0.9, is_normalised=False, bound=bound, num_items=50, num_units=50)
    return PropertyDoubt(calibrator=calibrator, known=tuple(np.linspace(0.0, 10.0, 11).tolist()))


def test_a_number_has_its_interval_inside_what_can_be() -> None:
    first, last = answers_of(ASKED["lysines"], np.array([3.0, 9.5]), conformal(1.0), [NEAR, None])
    assert first.interval is not None
    assert (first.interval.low, first.value, first.interval.high, first.interval.level) == (2.0, 3.0, 4.0, 0.9)
    assert last.interval is not None
    assert (last.interval.low, last.interval.high) == (8.5, 10.0)
    assert (first.percentile, last.percentile) == (pytest.approx(30.0), pytest.approx(95.0))
    assert (first.familiarity, last.familiarity) == (NEAR, None)
    assert (first.unit, first.limits) == ("tenths", "Made.")


def test_yes_is_what_a_one_means() -> None:
    (answer,) = answers_of(ASKED["soluble"], np.array([0.4]), PropertyDoubt(calibrator=None), [None])
    assert (answer.value, answer.yes, answer.interval) == (0.4, ASKED["soluble"].direction, None)


def test_too_few_to_calibrate_leaves_it_unbounded_within_the_range() -> None:
    (answer,) = answers_of(ASKED["lysines"], np.array([3.0]), conformal(np.inf), [None])
    assert answer.interval is not None
    assert (answer.interval.low, answer.interval.high) == (0.0, 10.0)


def test_a_set_holds_the_classes_that_are_not_ruled_out() -> None:
    sets = ClassSets(method="lac", level=0.9, bound=0.75, num_items=50, num_units=50)
    found = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    first, second = answers_of(ASKED["place"], found, PropertyDoubt(calibrator=sets), [None, None])
    assert (first.predicted, first.value, first.possible) == ("in", 0.5, ("in", "out"))
    assert (second.predicted, second.possible) == ("between", ("between",))
    assert dict(second.probability) == {"in": 0.1, "out": 0.1, "between": 0.8}


def test_labels_that_are_likelier_than_not_are_told_together() -> None:
    found = np.array([[0.6, 0.7], [0.2, 0.4]])
    both, neither = answers_of(ASKED["binds"], found, PropertyDoubt(calibrator=None), [None, None])
    assert (both.predicted, both.value) == ("metal + sugar", 0.7)
    assert (neither.predicted, neither.value) == ("none", 0.4)


def test_tracks_of_classes_and_of_probabilities() -> None:
    states = track_of(ASKED["states"], np.array([[0.9, 0.1], [0.3, 0.7]]), PropertyDoubt(calibrator=None))
    assert (states.letters, states.value.tolist()) == ("CO", [0.9, 0.7])
    assert states.meaning == {"C": "charged", "O": "other"}
    flexible = track_of(ASKED["flexible"], np.array([0.25, 0.5]), PropertyDoubt(calibrator=None))
    assert (flexible.letters, flexible.value.tolist(), flexible.high) == (None, [0.25, 0.5], 1.0)


def test_every_class_has_a_letter_of_its_own() -> None:
    assert class_letters(("helix", "strand", "other")) == {"helix": "H", "strand": "S", "other": "O"}
    assert class_letters(("coil", "co", "c")) == {"coil": "C", "co": "O", "c": "0"}


def test_classes_have_the_letters_of_their_labels() -> None:
    assert class_letters(("helix", "strand", "other"), ("H", "E", "C")) == {"helix": "H", "strand": "E", "other": "C"}
    # A class of several letters has none of its own.
    assert class_letters(("signal", "other"), ("S", "12")) == {"signal": "S", "other": "O"}
    item = BUILT_IN["secondary_structure_3"]
    track = track_of(item, np.eye(3), PropertyDoubt(calibrator=None))
    # What `protea properties evaluate` takes.
    assert (track.letters, track.meaning) == ("HEC", {"H": "helix", "E": "strand", "C": "other"})


def test_a_percentile_counts_ties_by_their_middle() -> None:
    doubt = PropertyDoubt(calibrator=None, known=(0.0, 1.0, 1.0, 1.0, 2.0))
    assert [doubt.percentile(value) for value in (-1.0, 0.5, 1.0, 3.0)] == [0.0, 12.5, 50.0, 100.0]
    assert doubt.percentile(np.nan) is None
